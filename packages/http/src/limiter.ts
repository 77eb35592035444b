import { createHash } from "node:crypto";
import { durationLength, systemClock, type Clock, type ProviderRuntime } from "@enrollkit/core";
import { onAbort } from "./abort.js";
import type { HttpQuota } from "./contract.js";

/** Spaces calls evenly. First come, first served. */
export interface RateLimiter {
  /** Waits for a free slot and takes it. Rejects with the signal's reason if that comes first. */
  acquire(signal?: AbortSignal): Promise<void>;
  /** When a call that asks now gets its slot, in milliseconds since the Unix epoch. */
  nextFree(): number;
  /** Lets nobody through for a while: the vendor has had enough. */
  pause(milliseconds: number): void;
}

interface Waiter {
  waiting: boolean;
  readonly admit: () => void;
  readonly refuse: (reason: Error) => void;
}

/** A queue whose dropped entries are skipped when their turn comes: adding, dropping and taking are all cheap. */
const createQueue = () => {
  let waiters: Waiter[] = [];
  let head = 0;
  let size = 0;
  return {
    size: () => size,
    add: (waiter: Waiter) => {
      waiters.push(waiter);
      size += 1;
    },
    drop: (waiter: Waiter) => {
      waiter.waiting = false;
      size -= 1;
    },
    take: (): Waiter | undefined => {
      while (head < waiters.length) {
        const waiter = waiters[head];
        head += 1;
        if (head > 1024 && head * 2 > waiters.length) {
          waiters = waiters.slice(head);
          head = 0;
        }
        if (waiter?.waiting !== true) continue;
        waiter.waiting = false;
        size -= 1;
        return waiter;
      }
      return undefined;
    },
  };
};

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

  const queue = createQueue();
  /** When the bucket will be full again. */
  let fullAt = -Infinity;
  let pausedUntil = -Infinity;
  /** A clock that is set back, or a timer that fires early, must not make us wait twice. */
  let latest = -Infinity;
  let pumping: AbortController | undefined;

  const now = () => (latest = Math.max(latest, clock.now()));
  const nextSlot = () => Math.max(fullAt - (burst - 1) * interval, pausedUntil);
  const take = (time: number) => {
    fullAt = Math.max(fullAt, time) + interval;
  };

  /** One timer for the whole queue. */
  const pump = async (idle: AbortSignal) => {
    while (queue.size() > 0) {
      const wait = nextSlot() - now();
      if (wait > 0) {
        const target = latest + wait;
        await clock.sleep(Math.ceil(wait), idle);
        latest = Math.max(latest, target);
      } else {
        take(latest);
        queue.take()?.admit();
      }
    }
  };

  const start = () => {
    const controller = new AbortController();
    pumping = controller;
    pump(controller.signal).then(
      () => {
        if (pumping === controller) pumping = undefined;
      },
      (reason: unknown) => {
        if (controller.signal.aborted) return;
        pumping = undefined;
        for (let waiter = queue.take(); waiter !== undefined; waiter = queue.take())
          waiter.refuse(reason as Error);
      },
    );
  };

  /** The last one who waited has left: no timer may keep the process alive for nobody. */
  const stop = () => {
    pumping?.abort();
    pumping = undefined;
  };

  return {
    acquire: async (signal) => {
      signal?.throwIfAborted();
      if (queue.size() === 0 && nextSlot() <= now()) {
        take(latest);
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const waiter: Waiter = {
          waiting: true,
          admit: () => {
            release();
            resolve();
          },
          refuse: (reason) => {
            release();
            reject(reason);
          },
        };
        const release = onAbort(signal, () => {
          queue.drop(waiter);
          waiter.refuse(signal?.reason as Error);
          if (queue.size() === 0) stop();
        });
        queue.add(waiter);
        if (pumping === undefined) start();
      });
    },
    nextFree: () => Math.max(nextSlot(), now()) + queue.size() * interval,
    pause: (milliseconds) => {
      pausedUntil = Math.max(pausedUntil, now() + milliseconds);
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
