import { EnrollmentError, parseInput, type Secret } from "@enrollkit/core";
import encodeQR, { type ErrorCorrection } from "qr";
import * as z from "zod";
import { openSecret } from "../android/open-secret.js";
import { assertFits, errorCorrectionFor, errorCorrections, type QrMedium } from "./error-correction.js";
import { readPlainGif, type Pixels } from "./plain-gif.js";

/** The free space that a scanner needs around a code, in modules. */
export const QUIET_ZONE = 4;

/** Options of a QR code. */
export interface QrOptions {
  /** Where the code is shown. Default: screen. */
  readonly medium?: QrMedium;
  /**
   * How much damage a code survives: low 7 %, medium 15 %, quartile 25 %, high 30 %. More makes the modules smaller.
   * Default: low on a screen; in print medium up to 251 bytes, which holds any link, and low for what is longer.
   */
  readonly errorCorrection?: ErrorCorrection;
}

const optionsSchema = z.strictObject({
  medium: z.enum(["screen", "print"]).default("screen"),
  errorCorrection: z.enum(errorCorrections).optional(),
});

const loneSurrogate = /\p{Surrogate}/u;

const refuse = (problem: string) => {
  throw new EnrollmentError(`payload ${problem}`, { code: "invalid-request", path: "payload" });
};

/** The modules of a QR code with its quiet zone, a pixel each. Errors are those of `qrSymbol`. */
export const drawModules = (payload: Secret, options: QrOptions): Pixels => {
  const { medium, errorCorrection } = parseInput(optionsSchema, options, "invalid-request");
  const text = openSecret(payload, "payload");
  if (text === "") refuse("is empty");
  if (loneSurrogate.test(text)) refuse("is no valid text: it holds half a character (a lone surrogate)");
  const bytes = Buffer.byteLength(text);
  const level = errorCorrection ?? errorCorrectionFor(bytes, medium);
  assertFits(text, bytes, level);
  // Always bytes: the modes for digits and capitals would save a bare code a few modules, and have limits of their own.
  // The encoder's lists of booleans take a fifth of its time; a plain GIF is the same at the price of a copy.
  return readPlainGif(encodeQR(text, "gif", { ecc: level, border: QUIET_ZONE, encoding: "byte" }));
};
