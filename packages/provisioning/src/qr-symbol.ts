import type { Secret } from "@enrollkit/core";
import encodeQR, { type ErrorCorrection } from "qr";

/** A QR code as its modules: `symbol[row][column]` is true where it is dark. */
export type QrSymbol = readonly (readonly boolean[])[];

/** The free space that a scanner needs around a code, in modules. */
export const QUIET_ZONE = 4;

/** Options of a QR code. */
export interface QrOptions {
  /**
   * How much damage a code survives: low 7 %, medium 15 %, quartile 25 %, high 30 %. More makes the modules smaller.
   * Default: low, because screens are clean and Android's payloads are long.
   */
  readonly errorCorrection?: ErrorCorrection;
}

/** Draws a secret as a QR code, with its quiet zone. */
export const qrSymbol = (payload: Secret, { errorCorrection = "low" }: QrOptions = {}): QrSymbol =>
  encodeQR(payload.reveal(), "raw", { ecc: errorCorrection, border: QUIET_ZONE });
