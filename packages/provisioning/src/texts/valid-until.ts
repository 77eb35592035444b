import { EnrollmentError, instantMilliseconds, isExpired, remaining, type Enrollment } from "@enrollkit/core";
import { fill } from "./fill.js";
import { textsFor } from "./texts-for.js";
import type { Texts } from "./texts.js";

/** Who reads, and where. */
export interface Reader {
  /** The language: see {@link textsFor}. Default: `en`. */
  readonly language?: string | Texts | undefined;
  /** The time zone in which the reader's clock runs: `Europe/Berlin`. */
  readonly timeZone: string;
}

/** By language and zone. Making one takes half a millisecond, a quarter of what a whole card took without this. */
const formats = new Map<string, Intl.DateTimeFormat>();

const makeFormat = (language: string, timeZone: string): Intl.DateTimeFormat => {
  try {
    return new Intl.DateTimeFormat(language, {
      timeZone,
      weekday: "long",
      year: "numeric",
      month: "long",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      timeZoneName: "short",
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The RangeError repeats what was given: it is no cause to hand on.
    throw new EnrollmentError("timeZone must be the name of a time zone, such as Europe/Berlin", {
      code: "invalid-request",
      path: "timeZone",
    });
  }
};

const dateTimeFormat = (language: string, timeZone: string): Intl.DateTimeFormat => {
  const key = `${language} ${timeZone}`;
  const format = formats.get(key) ?? makeFormat(language, timeZone);
  formats.set(key, format);
  return format;
};

/** @throws EnrollmentError `invalid-request`, path `timeZone`. */
export const assertTimeZone = (timeZone: string): void => {
  dateTimeFormat("en", timeZone);
};

/**
 * Until when an enrollment works, as a person reads it: `Valid until Friday, September 25, 2026 at 2:30 PM GMT+2`.
 * Seconds are cut off, so that it never promises more than there is. Where it does not expire, or nobody knows, words
 * say so.
 *
 * @param now - milliseconds since the Unix epoch: whether it has expired.
 * @throws EnrollmentError `invalid-request`, path `timeZone`, for a zone that does not exist; `unsupported`, path
 *   `language`.
 */
export const validUntil = (
  enrollment: Pick<Enrollment, "expiresAt">,
  { language = "en", timeZone }: Reader,
  now: number,
): string => {
  const texts = textsFor(language);
  const format = dateTimeFormat(texts.language, timeZone);
  const left = remaining(enrollment, now);
  if (left === "never" || left === "unknown") return texts.expiry[left];
  const time = format.format(instantMilliseconds(enrollment.expiresAt));
  return fill(texts.expiry[isExpired(enrollment, now) === true ? "expired" : "validUntil"], { time });
};
