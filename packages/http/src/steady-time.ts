import type { Clock } from "@enrollkit/core";

/**
 * How much time has passed since now, by a clock that people may set. A clock that is set back stands still for a
 * moment, rather than making every wait longer by what it lost.
 *
 * @returns milliseconds; never less than before.
 */
export const steadyTime = (clock: Clock): (() => number) => {
  let last = clock.now();
  let passed = 0;
  return () => {
    const now = clock.now();
    passed += Math.max(0, now - last);
    last = now;
    return passed;
  };
};
