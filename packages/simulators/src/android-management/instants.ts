/** Nanoseconds since the Unix epoch: the vendor's timestamps are finer than a `Date`. */
export type Instant = bigint;

export const nanosecondsPerSecond = 1_000_000_000n;
const nanosecondsPerMillisecond = 1_000_000n;

/** The last instant a protobuf timestamp can name, `Timestamps.MAX_VALUE`. */
const latestInstant: Instant =
  BigInt(Date.UTC(9999, 11, 31, 23, 59, 59)) * nanosecondsPerMillisecond + 999_999_999n;

/** The longest protobuf duration, `Durations.MAX_VALUE`, in seconds. */
const longestDurationSeconds = 315_576_000_000n;

export const instantAt = (milliseconds: number): Instant =>
  BigInt(Math.floor(milliseconds)) * nanosecondsPerMillisecond;

/** Later by a duration; what lies beyond year 9999 becomes its last nanosecond. */
export const later = (instant: Instant, duration: bigint): Instant => {
  const sum = instant + duration;
  return sum > latestInstant ? latestInstant : sum;
};

const fractionOf = (nanoseconds: bigint): string => {
  if (nanoseconds === 0n) return "";
  const digits = nanoseconds.toString().padStart(9, "0");
  if (digits.endsWith("000000")) return `.${digits.slice(0, 3)}`;
  return `.${digits.endsWith("000") ? digits.slice(0, 6) : digits}`;
};

/** RFC 3339 in UTC with 0, 3, 6 or 9 digits, as the protobuf JSON mapping prints timestamps. */
export const formatInstant = (instant: Instant): string => {
  const seconds = new Date(Number(instant / nanosecondsPerSecond) * 1000).toISOString().slice(0, 19);
  return `${seconds}${fractionOf(instant % nanosecondsPerSecond)}Z`;
};

/** A duration in the protobuf JSON mapping as nanoseconds, or the protobuf parser's complaint. */
export const parseDuration = (text: string): bigint | { readonly complaint: string } => {
  if (!text.endsWith("s")) return { complaint: "Illegal duration format; duration must end with 's'" };
  const [, sign, seconds, fraction = ""] = /^(-?)(\d+)(?:\.(.*))?s$/.exec(text) ?? [];
  if (seconds === undefined) return { complaint: "Invalid duration format, failed to parse seconds" };
  if (!/^\d{0,9}$/.test(fraction)) {
    return { complaint: "Invalid duration format, failed to parse nano seconds" };
  }
  const nanoseconds = BigInt(seconds) * nanosecondsPerSecond + BigInt(fraction.padEnd(9, "0"));
  if (nanoseconds > longestDurationSeconds * nanosecondsPerSecond) {
    return { complaint: "Duration value exceeds limits" };
  }
  return sign === "-" ? -nanoseconds : nanoseconds;
};

/** An RFC 3339 timestamp, or undefined when it is none. */
export const parseInstant = (text: string): Instant | undefined => {
  const [, base, fraction = "", zone] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const milliseconds = base === undefined ? Number.NaN : Date.parse(`${base}${zone ?? ""}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return instantAt(milliseconds) + BigInt(fraction.padEnd(9, "0"));
};
