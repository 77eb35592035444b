import { performance } from "node:perf_hooks";
import { setImmediate as nextTurn, setTimeout as sleepFor } from "node:timers/promises";

/** Node's timers are up to so many milliseconds late; scaled up, that would drown what is measured. */
const timerSlack = 2;

/**
 * A clock that runs faster than the machine's, for the core and for the simulators.
 *
 * @param {number} scale - so many of its seconds pass in one.
 * @param {number} epoch - when it shows the real time, in milliseconds since the Unix epoch; processes share it.
 */
export const scaledClock = (scale, epoch) => {
  const now = () => epoch + (performance.timeOrigin + performance.now() - epoch) * scale;
  return {
    now,
    sleep: async (milliseconds, signal) => {
      const until = now() + milliseconds;
      try {
        await sleepFor(Math.max(0, milliseconds / scale - timerSlack), undefined, { signal });
        while (now() < until && !signal?.aborted) await nextTurn();
      } finally {
        signal?.throwIfAborted();
      }
    },
    advance: () => {
      throw new Error("a scaled clock runs by itself");
    },
  };
};
