/** Where time comes from. Everything that reads the time or waits takes one, so that tests need no sleeping. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Waits.
   *
   * @param milliseconds - how long; zero or less returns at the next turn of the event loop.
   * @param signal - ends the wait at once; the promise then rejects with the signal's reason.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The longest that one timer can wait, some 24.8 days; for more it fires at once. */
const longestTimer = 2 ** 31 - 1;

const sleepOnce = (milliseconds: number, signal: AbortSignal | undefined) =>
  new Promise<void>((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    let rest = milliseconds;
    for (; rest > longestTimer; rest -= longestTimer) await sleepOnce(longestTimer, signal);
    await sleepOnce(rest, signal);
  },
};
