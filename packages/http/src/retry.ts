import { DateTime } from "luxon";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30_000;

/** Answers after which a repeatable call is tried again. 429 is tried again whatever the call does. */
export const transientStatuses: ReadonlySet<number> = new Set([408, 500, 502, 503, 504]);

/**
 * How long to wait before the next try, where the vendor does not say: exponential with full jitter, so that callers
 * who failed together do not come back together.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param failures - how many tries have failed, from 1.
 * @returns milliseconds; at most 1 s after the first failure, 30 s in the end.
 */
export const backOff = (failures: number, random: () => number): number =>
  random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date. https://www.rfc-editor.org/rfc/rfc9110#name-retry-after
 *
 * @param now - milliseconds since the Unix epoch.
 * @returns milliseconds, never negative; undefined if there is no header, or nothing to understand in it.
 */
export const parseRetryAfter = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d{1,9}(?:\.\d{1,9})?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = DateTime.fromHTTP(text);
  return date.isValid ? Math.max(0, date.toMillis() - now) : undefined;
};
