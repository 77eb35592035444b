import { Duration } from "luxon";
import { describeDuration } from "./duration.js";
import type { Enrollment, EnrollmentWarning } from "./enrollment.js";
import { LAST_INSTANT, instantMilliseconds, type IsoInstant } from "./instant.js";

type Expiring = Pick<Enrollment, "expiresAt">;

const lastMilliseconds = Date.parse(LAST_INSTANT);

/**
 * How long an enrollment still works.
 *
 * @param now - milliseconds since the Unix epoch.
 * @returns zero once it has expired; `"never"` if it does not expire, which includes the far-future instant that
 *   vendors clamp to; `"unknown"` if the vendor does not say.
 */
export const remaining = ({ expiresAt }: Expiring, now: number): Duration | "never" | "unknown" => {
  if (expiresAt === "never" || expiresAt === "unknown") return expiresAt;
  const expiry = instantMilliseconds(expiresAt);
  if (expiry >= lastMilliseconds) return "never";
  return Duration.fromMillis(Math.max(0, expiry - now));
};

/**
 * Whether an enrollment has expired: at its very instant it has.
 *
 * @param now - milliseconds since the Unix epoch.
 * @returns false for `"never"`; `"unknown"` if the vendor does not say when.
 */
export const isExpired = (enrollment: Expiring, now: number): boolean | "unknown" => {
  const left = remaining(enrollment, now);
  if (left === "unknown") return "unknown";
  return left !== "never" && left.toMillis() === 0;
};

/** Vendor clocks and ours differ a little, and vendors round. */
const toleranceMilliseconds = 60_000;

/**
 * Holds the expiry that a vendor chose against the lifetime that was wished.
 *
 * @param wished - lifetime in milliseconds.
 * @param sentAt - when the request was sent, milliseconds since the Unix epoch.
 * @returns a warning if they differ by more than a minute beyond what the call itself took.
 */
export const expiryWarning = (
  wished: number,
  sentAt: number,
  receivedAt: number,
  expiresAt: IsoInstant,
): EnrollmentWarning | undefined => {
  const actual = instantMilliseconds(expiresAt);
  if (actual >= lastMilliseconds && sentAt + wished >= lastMilliseconds) return undefined;
  const early = sentAt + wished - toleranceMilliseconds;
  const late = receivedAt + wished + toleranceMilliseconds;
  if (actual >= early && actual <= late) return undefined;
  const lives = describeDuration(Math.max(0, Math.round((actual - receivedAt) / 1000) * 1000));
  return {
    code: "expiry-differs",
    field: "validFor",
    message: `${describeDuration(wished)} was wished, the vendor issued ${lives}`,
  };
};
