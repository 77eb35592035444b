import { EnrollmentError } from "@enrollkit/core";
import type { ErrorCorrection } from "qr";
import { largestExtras } from "./largest-extras.js";

/** Where a code is shown: on a screen, which is clean, or on paper and labels, which get scratched and stained. */
export type QrMedium = "screen" | "print";

/** The most bytes that fit into the largest code there is (version 40), from the weakest error correction on. */
const limits = { low: 2953, medium: 2331, quartile: 1663, high: 1273 } as const satisfies Record<
  ErrorCorrection,
  number
>;

/** Every level of error correction, from the weakest on. */
export const errorCorrections = ["low", "medium", "quartile", "high"] as const satisfies ErrorCorrection[];

/**
 * Up to so many bytes, a code with medium correction has at most 61 modules a side (version 11). Longer payloads, and
 * so each of Android's, need their room for larger modules: weak cameras fail on dense codes sooner than on stains.
 */
const longestCorrectedOnPaper = 251;

/** The error correction for a payload of so many bytes that nobody has chosen one for. */
export const errorCorrectionFor = (bytes: number, medium: QrMedium): ErrorCorrection =>
  medium === "print" && bytes <= longestCorrectedOnPaper ? "medium" : "low";

const shown = (count: number) => count.toLocaleString("en-US");

/** @throws EnrollmentError `invalid-request` if a text is too long for a code with this error correction. */
export const assertFits = (text: string, bytes: number, errorCorrection: ErrorCorrection): void => {
  if (bytes <= limits[errorCorrection]) return;
  const fitting = errorCorrections.filter((level) => bytes <= limits[level]);
  if (fitting.length > 0) {
    throw new EnrollmentError(
      `payload has ${shown(bytes)} bytes; with error correction "${errorCorrection}" a QR code holds at most ` +
        shown(limits[errorCorrection]),
      {
        code: "invalid-request",
        path: "errorCorrection",
        advice: `choose ${fitting.map((level) => `"${level}"`).join(" or ")}, or leave it to the default`,
      },
    );
  }
  const extras = largestExtras(text).map(({ name, bytes }) => `${name} (${shown(bytes)} bytes)`);
  throw new EnrollmentError(
    `payload has ${shown(bytes)} bytes; a QR code holds at most ${shown(limits.low)}, with the lowest error correction`,
    {
      code: "invalid-request",
      path: "payload",
      advice:
        extras.length > 0
          ? `drop or shorten its largest extras: ${extras.join(", ")}; what a policy can set later need not be in the code`
          : "shorten it",
    },
  );
};
