import type { Clock } from "@enrollkit/core";

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock on which every wait is over at once, in the right order; it notes how long each one would have been. */
export const createVirtualClock = (start = Date.UTC(2026, 0, 15)) => {
  const waits: number[] = [];
  const sleepers = new Set<Sleeper>();
  let time = start;

  let scheduled = false;

  const schedule = () => {
    if (scheduled || sleepers.size === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      wakeNext();
      schedule();
    });
  };

  const wakeNext = () => {
    const [first] = [...sleepers].sort((one, other) => one.at - other.at);
    if (first === undefined) return;
    sleepers.delete(first);
    time = Math.max(time, first.at);
    first.wake();
  };

  const clock: Clock = {
    now: () => time,
    sleep: (milliseconds, signal) =>
      new Promise<void>((resolve, reject) => {
        signal?.throwIfAborted();
        waits.push(milliseconds);
        const stop = () => {
          sleepers.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const wake = () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        };
        const sleeper: Sleeper = { at: time + Math.max(0, milliseconds), wake };
        signal?.addEventListener("abort", stop, { once: true });
        sleepers.add(sleeper);
        schedule();
      }),
  };

  return {
    ...clock,
    waits,
    /** How many are asleep. */
    sleeping: () => sleepers.size,
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
  };
};
