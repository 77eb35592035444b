import { durationLength } from "@enrollkit/core";
import type { SharedQuota } from "./contract.js";

/** How late a call may leave after its slot, as a share of `per`, and at most so many milliseconds. */
const lateShare = 0.015;
const longestLate = 1000;

/** Milliseconds, for the clocks of workers that run up to 0.03 % too fast or slow while they wait for a slot. */
const drift = 1;

/** The share of the quota that a burst may not cost. */
const leastUse = 0.955;

/** A double holds whole parts of this size, in milliseconds since 1970, without rounding, until 2039. */
const grain = 1 / 1024;

/** A quota in numbers; all times are milliseconds. */
export interface Spacing {
  readonly calls: number;
  readonly per: number;
  /** The time that each slot takes up. */
  readonly interval: number;
  /** How many slots may be free at once. */
  readonly burst: number;
  /** By how much a call may leave after its slot. */
  readonly tolerance: number;
  /** By how much calls may arrive later than the quickest. */
  readonly jitter: number;
  /** A slot that is further ahead is not taken yet: a pause would come too late for it, and what makes it later, too. */
  readonly horizon: number;
}

/**
 * How far apart slots must be.
 *
 * Slots are given as a token bucket gives them: each moves `next` on by `interval` at least, and none is earlier than
 * `next - (burst - 1) * interval`. So slot i + calls is at least (calls - burst + 1) * interval after slot i, and that
 * is per + jitter + tolerance + drift. Call i leaves by `tolerance` after its slot, and arrives by `jitter` later than
 * call i + calls might: even then they are `per` apart, and no window of `per` holds both. A call that is later by more
 * moves `next` on by as much, before slot i + calls is taken.
 *
 * @throws RangeError if the quota makes no sense.
 */
export const spacingOf = ({ calls, per: length, burst = 1, headroom = 0 }: SharedQuota): Spacing => {
  const per = durationLength(length);
  if (!(calls >= 1) || !(per > 0)) throw new RangeError("a quota allows at least one call in some time");
  if (!(burst >= 1 && burst <= calls)) throw new RangeError("a burst is at least 1 and within the quota");
  if (!(headroom >= 0)) throw new RangeError("headroom is a share of the time, and not negative");
  const tolerance = Math.min(lateShare * per, longestLate);
  const jitter = per * headroom;
  const apart = per + jitter + tolerance + drift;
  const affordable = Math.floor(calls + 1 - (leastUse * calls * apart) / per);
  const used = Math.max(1, Math.min(burst, affordable));
  return {
    calls,
    per,
    interval: Math.ceil(apart / (calls - used + 1) / grain) * grain,
    burst: used,
    tolerance,
    jitter,
    horizon: Math.min(1000, per / 4),
  };
};
