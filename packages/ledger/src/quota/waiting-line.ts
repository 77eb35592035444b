import type { SharedSlot } from "./contract.js";

/** Somebody who waits for a slot. */
interface Waiter {
  /** When they give up, on the limiter's clock. */
  readonly until: number;
  readonly signal: AbortSignal | undefined;
  readonly settle: (slot: SharedSlot | undefined) => void;
  readonly refuse: (reason: unknown) => void;
}

/** The callers of one process. First come, first served. */
export interface WaitingLine {
  readonly size: () => number;
  join(until: number, signal: AbortSignal | undefined): Promise<SharedSlot | undefined>;
  /** Gives a slot to the first. */
  serve(slot: SharedSlot): void;
  /**
   * Sends those away whose slot comes too late.
   *
   * @param slotAfter - when somebody is served, at the earliest, who has so many others before them.
   */
  sendAway(slotAfter: (others: number) => number): void;
  refuseAll(reason: unknown): void;
}

/** @param whenEmpty - told when the last one has given up. */
export const createWaitingLine = (whenEmpty: () => void): WaitingLine => {
  /** A set keeps the order of arrival, and lets go of those who give up. */
  const waiters = new Set<Waiter>();
  /** A bulk run hands one signal to thousands of calls; it has one listener all the same, or Node takes it for a leak. */
  const listened = new Map<AbortSignal, { waiting: number; readonly stop: () => void }>();

  const listen = (signal: AbortSignal) => {
    const listener = () => {
      for (const waiter of waiters) {
        if (waiter.signal !== signal) continue;
        leave(waiter);
        waiter.refuse(signal.reason);
      }
      if (waiters.size === 0) whenEmpty();
    };
    signal.addEventListener("abort", listener, { once: true });
    return {
      waiting: 0,
      stop: () => {
        signal.removeEventListener("abort", listener);
        listened.delete(signal);
      },
    };
  };

  const enter = (waiter: Waiter) => {
    waiters.add(waiter);
    if (waiter.signal === undefined) return;
    const audience = listened.get(waiter.signal) ?? listen(waiter.signal);
    listened.set(waiter.signal, audience);
    audience.waiting += 1;
  };
  const leave = (waiter: Waiter) => {
    waiters.delete(waiter);
    const audience = waiter.signal && listened.get(waiter.signal);
    if (audience === undefined) return;
    audience.waiting -= 1;
    if (audience.waiting === 0) audience.stop();
  };

  return {
    size: () => waiters.size,
    join: (until, signal) =>
      new Promise((settle, refuse) => {
        enter({ until, signal, settle, refuse });
      }),
    serve: (slot) => {
      const [first] = waiters;
      if (first === undefined) return;
      leave(first);
      first.settle(slot);
    },
    sendAway: (slotAfter) => {
      let served = 0;
      for (const waiter of waiters) {
        if (slotAfter(served) < waiter.until) {
          served += 1;
          continue;
        }
        leave(waiter);
        waiter.settle(undefined);
      }
      if (waiters.size === 0) whenEmpty();
    },
    refuseAll: (reason) => {
      for (const waiter of waiters) {
        leave(waiter);
        waiter.refuse(reason);
      }
    },
  };
};
