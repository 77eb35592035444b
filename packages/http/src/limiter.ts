import { createHash } from "node:crypto";
import { durationLength, systemClock, type Clock } from "@enrollkit/core";
import { onAbort } from "./abort.js";
import { createArrivalGauge } from "./arrivals.js";
import type { HttpQuota, HttpRuntime, RateLimiter, Slot } from "./contract.js";
import { createQuotaShare } from "./limiter-share.js";
import { steadyTime } from "./steady-time.js";
import { createWindowLog } from "./window-log.js";

interface Waiter {
  /** When it gives up. */
  readonly until: number;
  readonly settle: (slot: Slot | undefined) => void;
  readonly refuse: (reason: Error) => void;
}

/** Node's timers count whole milliseconds: a slot that is nearer than that is free. */
const GRAIN = 1;

/**
 * A token bucket, with a log of the calls that were let through: a full bucket and its refill together never exceed
 * `calls` in any window of `per`.
 *
 * After each pause it uses half of what it used before, one call at a time, and takes half a minute to come back from
 * the half to the whole quota, which it never exceeds. Whatever comes in while it is paused was sent before: it lowers
 * the rate no further.
 *
 * @throws RangeError if the quota makes no sense.
 */
export const createRateLimiter = (
  { calls, per, burst = 1, headroom = 0 }: Omit<HttpQuota, "credential">,
  clock: Clock,
): RateLimiter => {
  const length = durationLength(per) * (1 + headroom);
  if (!(calls >= 1) || !(length > 0)) throw new RangeError("a quota allows at least one call in some time");
  if (!(burst >= 1 && burst <= calls)) throw new RangeError("a burst is at least 1 and within the quota");
  if (!(headroom >= 0)) throw new RangeError("headroom is a share of the time, and not negative");
  const interval = length / calls;
  const log = createWindowLog(calls, length);
  const latenessOf = createArrivalGauge({ least: length - durationLength(per), most: interval });

  /** A set keeps the order of arrival, and lets go of those who give up. */
  const waiters = new Set<Waiter>();
  const passed = steadyTime(clock);
  /** A timer that fires early must not make us wait twice. */
  let latest = 0;
  /** When the bucket will be full again. */
  let fullAt = -Infinity;
  let pausedUntil = -Infinity;
  const share = createQuotaShare();
  /** Until when one call stands for more than its time because the share is small. */
  let slowUntil = -Infinity;
  /** Until when a 429 says what another has said already. */
  let knownUntil = -Infinity;
  let pumping: AbortController | undefined;

  const now = () => (latest = Math.max(latest, passed()));
  const nextSlot = () => Math.max(fullAt - (burst - 1) * interval, pausedUntil, slowUntil, log.freeAt());
  const take = (): Slot => {
    const time = now();
    fullAt = Math.max(fullAt, time) + interval;
    const call = log.add(time);
    const part = share.at(time);
    if (part < 1) slowUntil = time + interval / part;
    return {
      answered: () => {
        call.at = time + latenessOf(now() - time);
      },
    };
  };

  const nextIsFree = async (idle: AbortSignal) => {
    for (let wait = nextSlot() - now(); wait >= GRAIN; wait = nextSlot() - now()) {
      const target = latest + wait;
      await clock.sleep(Math.ceil(wait), idle);
      latest = Math.max(latest, target);
    }
  };

  /** One timer for everybody. */
  const pump = async (controller: AbortController) => {
    try {
      for (const waiter of waiters) {
        await nextIsFree(controller.signal);
        // It may have given up meanwhile.
        if (!waiters.has(waiter)) continue;
        waiter.settle(take());
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

  /** When the one is served before whom so many others are. */
  const slotAfter = (others: number) => {
    const first = Math.max(nextSlot(), now());
    return Math.max(first + share.timeFor(others * interval, first), log.freeAt(others));
  };
  const wait = () => slotAfter(waiters.size) - now();

  return {
    wait,
    acquire: async (signal, patience = Infinity) => {
      signal?.throwIfAborted();
      if (patience !== Infinity && wait() >= patience) return undefined;
      if (waiters.size === 0 && nextSlot() - now() < GRAIN) return take();
      return new Promise<Slot | undefined>((resolve, reject) => {
        const leave = () => {
          waiters.delete(waiter);
          release();
        };
        const waiter: Waiter = {
          until: now() + patience,
          settle: (slot) => {
            leave();
            resolve(slot);
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
      const time = now();
      pausedUntil = Math.max(pausedUntil, time + milliseconds);
      if (time >= knownUntil) {
        share.lower(time, pausedUntil);
        // A pause of no length, too, slows down the next call.
        slowUntil = Math.max(slowUntil, time + interval / share.at(time));
        knownUntil = slowUntil;
      }
      knownUntil = Math.max(knownUntil, pausedUntil);
      let served = 0;
      for (const waiter of waiters) {
        if (slotAfter(served) >= waiter.until) waiter.settle(undefined);
        else served += 1;
      }
      stopIfIdle();
    },
  };
};

const limiters = new WeakMap<HttpRuntime, Map<string, RateLimiter>>();
/** Stands for "no runtime was given": such clients share their limiters too, which is never wrong. */
const noRuntime: HttpRuntime = {};

/**
 * The limiter for a quota: the same one for everybody who has the same `runtime` object, the same credential and the
 * same numbers. The credential is kept only as a hash.
 */
export const limiterFor = (runtime: HttpRuntime = noRuntime, quota: HttpQuota): RateLimiter => {
  const { clock = systemClock, createLimiter = createRateLimiter } = runtime;
  const { credential, ...limits } = quota;
  const { calls, per, burst, headroom } = limits;
  const shared = limiters.get(runtime) ?? new Map<string, RateLimiter>();
  limiters.set(runtime, shared);
  const account = createHash("sha256").update(credential, "utf8").digest("base64");
  const key = JSON.stringify([account, calls, per, burst ?? 1, headroom ?? 0]);
  const limiter = shared.get(key) ?? createLimiter({ ...limits, account }, clock);
  shared.set(key, limiter);
  return limiter;
};
