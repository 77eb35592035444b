import type { Secret } from "@enrollkit/core";
import type { QrOptions } from "./modules.js";
import { qrSymbol } from "./qr-symbol.js";

/** Black on white, whatever the terminal's theme: some scanners refuse a light code on a dark ground. */
const paint = (line: string) => `\u001b[30;107m${line}\u001b[0m`;

/** Two modules, one above the other, in one character. */
const halfBlock = (upper: boolean, lower: boolean) => (upper ? (lower ? "█" : "▀") : lower ? "▄" : " ");

/**
 * A QR code as text for a terminal, two modules a character. A terminal of 80 columns has room for payloads of up to 425
 * bytes; Android's provisioning payload of 530 bytes takes 89 columns.
 *
 * @throws EnrollmentError as `qrSymbol` does.
 */
export const terminalQr = (payload: Secret, options?: QrOptions): string => {
  const symbol = qrSymbol(payload, options);
  const lines: string[] = [];
  for (let row = 0; row < symbol.length; row += 2) {
    const upper = symbol[row] ?? [];
    const lower = symbol[row + 1];
    lines.push(paint(upper.map((dark, column) => halfBlock(dark, lower?.[column] ?? false)).join("")));
  }
  return lines.join("\n");
};
