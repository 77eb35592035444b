import { parseInput, type Secret } from "@enrollkit/core";
import * as z from "zod";
import { bilevelPng } from "./bilevel-png.js";
import { moduleSizes } from "./module-size.js";
import { drawModules, type QrOptions } from "./modules.js";

/** Options of a QR code as a PNG image. */
export interface QrPngOptions extends QrOptions {
  /**
   * The side of a module in pixels: a whole number from 1 to 24. More pixels make the image sharper; the size in millimetres
   * that it states for print stays the same. Default: 4 on a screen, 10 in print.
   */
  readonly pixelsPerModule?: number;
}

const range = "must be a whole number from 1 to 24";
const pixelsSchema = z.strictObject({
  pixelsPerModule: z.int(range).min(1, range).max(24, range).optional(),
});

/**
 * A QR code as a PNG image: black on white, with its quiet zone. By default a phone reads it at arm's length, where a screen
 * shows it pixel by pixel, and where a printer keeps the size that the file states: 0.85 mm a module with `medium: "print"`.
 *
 * @throws EnrollmentError as `qrSymbol` does, and if `pixelsPerModule` is out of range.
 */
export const qrPng = (payload: Secret, options: QrPngOptions = {}): Buffer => {
  const { pixelsPerModule, ...shared } = options;
  parseInput(pixelsSchema, { pixelsPerModule }, "invalid-request");
  const modules = drawModules(payload, shared);
  const { pixels, millimetres } = moduleSizes[options.medium ?? "screen"];
  const scale = pixelsPerModule ?? pixels;
  return bilevelPng(modules, { scale, pixelsPerMetre: Math.round((scale * 1000) / millimetres) });
};
