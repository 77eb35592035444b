import type { IsoDuration } from "@enrollkit/core";

/** A quota of a vendor that several processes share. */
export interface SharedQuota {
  /** What the vendor counts by, not in clear text: processes that say the same, and the same numbers, share the quota. */
  readonly account: string;
  /** How many calls the vendor allows … */
  readonly calls: number;
  /** … in how long a time. */
  readonly per: IsoDuration;
  /**
   * How many calls may start at once after a pause. Default: 1. Each costs a part of the rate, 1 ÷ `calls`; no more of
   * them are used than leave 95 % of it.
   */
  readonly burst?: number;
  /** How unevenly calls may arrive that left evenly, as a share of `per`. Default: 0. */
  readonly headroom?: number;
}

/** Leave for one call, to be used at once. */
export interface SharedSlot {
  /** The vendor has answered: by the time that took, it is told whether the call arrived late. */
  answered(): void;
}

/** Spaces the calls of all processes that share a quota. In one process, first come is first served. */
export interface SharedLimiter {
  /**
   * Waits for a free slot and takes it. Rejects with the signal's reason if that comes first.
   *
   * @param patience - milliseconds. Default: no limit.
   * @returns undefined, as soon as it is known that the slot comes later than `patience` allows.
   * @throws EnrollmentError of the ledger's database; `unavailable` too if no call leaves in time, again and again.
   */
  acquire(signal?: AbortSignal, patience?: number): Promise<SharedSlot | undefined>;
  /**
   * How long a call that asks now is likely to wait for its slot, in milliseconds: as far as this process knows, and as
   * if other processes went on as they did.
   */
  wait(): number;
  /**
   * The vendor has had enough: lets nobody through for a while, and then goes on more slowly until the trouble is over.
   * This process stops at once, others within a second. It is written in the background; should that fail, the next
   * `acquire` writes it, or rejects.
   */
  pause(milliseconds: number): void;
}
