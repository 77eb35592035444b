import { createHash } from "node:crypto";
import { durationLength, systemClock, type Clock, type ProviderRuntime } from "@enrollkit/core";
import { onAbort } from "./abort.js";
import type { HttpQuota } from "./contract.js";
import { steadyTime } from "./steady-time.js";

/** Spaces calls evenly. First come, first served. */
export interface RateLimiter {
  /**
   * Waits for a free slot and takes it. Rejects with the signal's reason if that comes first.
   *
   * @param patience - milliseconds. Default: no limit.
   * @returns false, and at once, when it is known that the slot comes later than `patience` allows: it is not taken.
   */
  acquire(signal?: AbortSignal, patience?: number): Promise<boolean>;
  /** How long a call that asks now waits for its slot, in milliseconds. */
  wait(): number;
  /** Lets nobody through for a while: the vendor has had enough. */
  pause(milliseconds: number): void;
}

interface Waiter {
  /** When it gives up. */
  readonly until: number;
  readonly settle: (admitted: boolean) => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * A token bucket that is refilled a little more slowly than the quota allows, so that a full bucket and its refill
 * together never exceed `calls` in any window of `per`.
 *
 * @throws RangeError if the quota makes no sense.
 */
export const createRateLimiter = (
  { calls, per, burst = 1 }: Omit<HttpQuota, "credential">,
  clock: Clock,
): RateLimiter => {
  const length = durationLength(per);
  if (!(calls >= 1) || !(length > 0)) throw new RangeError("a quota allows at least one call in some time");
  if (!(burst >= 1 && burst <= calls)) throw new RangeError("a burst is at least 1 and within the quota");
  const interval = length / (calls - burst + 1);

  /** A set keeps the order of arrival, and lets go of those who give up. */
  const waiters = new Set<Waiter>();
  const passed = steadyTime(clock);
  /** A timer that fires early must not make us wait twice. */
  let latest = 0;
  /** When the bucket will be full again. */
  let fullAt = -Infinity;
  let pausedUntil = -Infinity;
  let pumping: AbortController | undefined;

  const now = () => (latest = Math.max(latest, passed()));
  const nextSlot = () => Math.max(fullAt - (burst - 1) * interval, pausedUntil);
  const take = () => {
    fullAt = Math.max(fullAt, now()) + interval;
  };

  const slot = async (idle: AbortSignal) => {
    for (let wait = nextSlot() - now(); wait > 0; wait = nextSlot() - now()) {
      const target = latest + wait;
      await clock.sleep(Math.ceil(wait), idle);
      latest = Math.max(latest, target);
    }
  };

  /** One timer for everybody. */
  const pump = async (controller: AbortController) => {
    try {
      for (const waiter of waiters) {
        await slot(controller.signal);
        // It may have given up meanwhile.
        if (!waiters.has(waiter)) continue;
        take();
        waiter.settle(true);
      }
    } catch (reason) {
      if (controller.signal.aborted) return;
      for (const waiter of waiters) waiter.refuse(reason as Error);
    } finally {
      if (pumping === controller) pumping = undefined;
    }
  };

  const start = () => {
    pumping = new AbortController();
    void pump(pumping);
  };

  /** Nobody waits any more: no timer may keep the process alive. */
  const stopIfIdle = () => {
    if (waiters.size > 0) return;
    pumping?.abort();
    pumping = undefined;
  };

  const wait = () => Math.max(nextSlot() - now(), 0) + waiters.size * interval;

  return {
    wait,
    acquire: async (signal, patience = Infinity) => {
      signal?.throwIfAborted();
      if (wait() >= patience) return false;
      if (waiters.size === 0 && nextSlot() <= now()) {
        take();
        return true;
      }
      return new Promise<boolean>((resolve, reject) => {
        const leave = () => {
          waiters.delete(waiter);
          release();
        };
        const waiter: Waiter = {
          until: now() + patience,
          settle: (admitted) => {
            leave();
            resolve(admitted);
          },
          refuse: (reason) => {
            leave();
            reject(reason);
          },
        };
        const release = onAbort(signal, () => {
          waiter.refuse(signal?.reason as Error);
          stopIfIdle();
        });
        waiters.add(waiter);
        if (pumping === undefined) start();
      });
    },
    pause: (milliseconds) => {
      pausedUntil = Math.max(pausedUntil, now() + milliseconds);
      let turn = nextSlot();
      for (const waiter of waiters) {
        if (turn >= waiter.until) waiter.settle(false);
        else turn += interval;
      }
      stopIfIdle();
    },
  };
};

const limiters = new WeakMap<ProviderRuntime, Map<string, RateLimiter>>();
/** Stands for "no runtime was given": such clients share their limiters too, which is never wrong. */
const noRuntime: ProviderRuntime = {};

/**
 * The limiter for a quota: the same one for everybody who has the same `runtime` object, the same credential and the
 * same numbers. The credential is kept only as a hash.
 */
export const limiterFor = (runtime: ProviderRuntime = noRuntime, quota: HttpQuota): RateLimiter => {
  const { calls, per, burst, credential } = quota;
  const shared = limiters.get(runtime) ?? new Map<string, RateLimiter>();
  limiters.set(runtime, shared);
  const account = createHash("sha256").update(credential, "utf8").digest("base64");
  const key = JSON.stringify([account, calls, per, burst ?? 1]);
  const limiter = shared.get(key) ?? createRateLimiter(quota, runtime.clock ?? systemClock);
  shared.set(key, limiter);
  return limiter;
};
