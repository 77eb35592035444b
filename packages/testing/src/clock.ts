import { setImmediate as nextTurn } from "node:timers/promises";
import { instantMilliseconds, type Clock } from "@enrollkit/core";

/** A clock that a test moves: it stands still until something advances it, and waiting takes no real time. */
export interface TestClock extends Clock {
  /**
   * Moves the clock forward.
   *
   * @throws RangeError for a negative number: no clock here runs backwards.
   */
  advance(milliseconds: number): void;
  /** Every wait that was asked for so far, in milliseconds, oldest first. */
  readonly waits: readonly number[];
}

/**
 * Makes a {@link TestClock}. Its `sleep` moves the time on by the whole wait and comes back at the next turn of the
 * event loop.
 *
 * @param start - an instant or milliseconds since the Unix epoch. Default: `2026-09-20T10:00:00Z`.
 */
export const createTestClock = (start: string | number = "2026-09-20T10:00:00Z"): TestClock => {
  let now = typeof start === "number" ? start : instantMilliseconds(start);
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    advance: (milliseconds) => {
      if (!(milliseconds >= 0)) throw new RangeError(`a clock moves forward only, not by ${milliseconds} ms`);
      now += milliseconds;
    },
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      now += Math.max(0, milliseconds);
      await nextTurn();
      signal?.throwIfAborted();
    },
  };
};
