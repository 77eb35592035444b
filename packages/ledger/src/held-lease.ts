import { hostname } from "node:os";
import type { Storage } from "./storage/storage.js";
import { takeLease, type Lease } from "./work/lease.js";

/** The lease of this process, taken when it is first needed, and anew when it was lost. */
export interface HeldLease {
  /**
   * Does something under a lease that holds at the beginning.
   *
   * @throws EnrollmentError of the database.
   */
  use<Result>(work: (lease: Lease) => Promise<Result>): Promise<Result>;
  /** For who works under one lease after the other. Each is in use until the next is taken, or all are left. */
  takeInTurn(): { readonly take: () => Promise<Lease>; readonly leave: () => void };
  /**
   * Nothing is sent while anything is still at work under a lease that is lost: the guard cannot tell whose call it is.
   *
   * @throws EnrollmentError `unavailable` if a lease that is in use is lost.
   */
  assertHeld(): void;
  /** Gives it up, if there is one. */
  end(): Promise<void>;
}

/** @param length - milliseconds. */
export const holdLease = (
  storage: Storage,
  { worker, length }: { readonly worker: string | undefined; readonly length: number },
): HeldLease => {
  let taking: Promise<Lease> | undefined;
  const users = new Map<symbol, Lease>();

  const start = async (): Promise<Lease> => {
    try {
      return await takeLease(storage, { name: worker ?? `${hostname()}/${process.pid}`, length });
    } catch (error) {
      taking = undefined;
      throw error;
    }
  };
  const take = async (): Promise<Lease> => {
    const current = (taking ??= start());
    const lease = await current;
    if (!lease.signal.aborted) return lease;
    if (taking === current) taking = undefined;
    return take();
  };

  return {
    use: async (work) => {
      const lease = await take();
      const user = Symbol();
      users.set(user, lease);
      try {
        return await work(lease);
      } finally {
        users.delete(user);
      }
    },
    takeInTurn: () => {
      const user = Symbol();
      return {
        take: async () => {
          users.delete(user);
          const lease = await take();
          users.set(user, lease);
          return lease;
        },
        leave: () => {
          users.delete(user);
        },
      };
    },
    assertHeld: () => {
      for (const lease of users.values()) lease.assertHeld();
    },
    end: async () => {
      const lease = await taking;
      if (lease?.signal.aborted === false) await lease.end();
    },
  };
};
