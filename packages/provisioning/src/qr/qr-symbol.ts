import type { Secret } from "@enrollkit/core";
import { drawModules, type QrOptions } from "./modules.js";

/** A QR code as its modules: `symbol[row][column]` is true where it is dark. The quiet zone is part of it. */
export type QrSymbol = readonly (readonly boolean[])[];

/**
 * Draws a secret as a QR code, with its quiet zone. Text goes in as UTF-8 without a character-set marker (ECI): phones
 * recognise UTF-8, and some hand-held scanners hand a marker on as text.
 *
 * @throws EnrollmentError `invalid-request` if the payload is empty, redacted, no valid text, or too long: 2,953 bytes with
 * low error correction, 2,331 with medium, 1,663 with quartile, 1,273 with high. It never repeats the payload.
 */
export const qrSymbol = (payload: Secret, options: QrOptions = {}): QrSymbol => {
  const { side, dark } = drawModules(payload, options);
  return Array.from({ length: side }, (_, row) =>
    Array.from(dark.subarray(row * side, (row + 1) * side), (module) => module === 1),
  );
};
