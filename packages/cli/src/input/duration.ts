import { parseDuration, quote, type IsoDuration } from "@enrollkit/core";
import { UsageError } from "../output/usage-error.js";

const short = /^(\d{1,6})([dhm])$/i;

const toIso = (text: string): string => {
  const [, count, unit = ""] = short.exec(text) ?? [];
  if (count === undefined) return text;
  return unit.toLowerCase() === "d" ? `P${Number(count)}D` : `PT${Number(count)}${unit.toUpperCase()}`;
};

const isPositive = (text: string): text is IsoDuration => {
  if (!text.startsWith("P")) return false;
  try {
    return parseDuration(text as IsoDuration).toMillis() > 0;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
};

/**
 * Reads a duration as people write it on a command line: `7d`, `36h`, `90m`, or ISO 8601 such as `P7D`.
 *
 * @param option - how the error names it.
 * @throws UsageError unless it is one, longer than nothing.
 */
export const readDuration = (text: string, option: string): IsoDuration => {
  const iso = toIso(text.trim());
  if (isPositive(iso)) return iso;
  throw new UsageError(
    `${option} ${quote(text)} is not a duration above zero`,
    "write 7d for seven days, 36h, 90m (minutes), or ISO 8601 such as P7D",
  );
};
