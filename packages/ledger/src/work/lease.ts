import { EnrollmentError, systemClock, toIsoInstant, type Clock } from "@enrollkit/core";
import { sql } from "kysely";
import type { Storage } from "../storage/storage.js";
import { createTimePassed } from "./time-passed.js";

/**
 * A worker's right to send. While it holds, nobody else touches what the worker has begun; once it has run out, others
 * ask the vendor what became of that.
 */
export interface Lease {
  readonly workerId: number;
  readonly name: string;
  /** Aborts when the lease is lost; its reason is the error of {@link Lease.assertHeld}. */
  readonly signal: AbortSignal;
  /**
   * To be called right before something is sent.
   *
   * @throws EnrollmentError `unavailable` if the lease is no longer certain.
   */
  assertHeld(): void;
  /** Gives it up. Only when nothing is under way any more. */
  end(): Promise<void>;
}

export interface LeaseOptions {
  /** As people see it: in `changed_by`, and in the list of workers. */
  readonly name: string;
  /** Milliseconds. */
  readonly length: number;
  /** What it waits by between two renewals. Default: the machine's clock. */
  readonly clock?: Clock | undefined;
  /** Milliseconds that have passed, at least. Default: by the clocks of the machine, see {@link createTimePassed}. */
  readonly steady?: (() => number) | undefined;
}

const lost = () =>
  new EnrollmentError("this worker has lost its lease, and sends nothing any more", {
    code: "unavailable",
    advice: "its rows have passed to others; it was suspended, or the database was out of reach for too long",
  });

/** Milliseconds: a hundred years. */
const unlimited = 3_155_760_000_000;

/** The database's own clock decides: workers' clocks differ. */
const leaseEnd = (length: number) => sql<string>`clock_timestamp() + ${length} * interval '1 millisecond'`;

/**
 * Registers a worker, and keeps its lease up until it ends or is lost.
 *
 * The worker reckons from before it asked, the database from when it was asked, and the worker stops a fifth early: it
 * has stopped before anybody may take over.
 */
export const takeLease = async (storage: Storage, options: LeaseOptions): Promise<Lease> => {
  const { name, length, clock = systemClock, steady = createTimePassed() } = options;
  const trusted = length * 0.8;
  // Nobody can take over what is done in a folder that this process has locked.
  const canExpire = storage.isShared;
  let until = canExpire ? steady() + trusted : Infinity;
  const { id: workerId } = await storage.once((db) =>
    db.transaction().execute(async (transaction) => {
      // Nobody else can have the folder open: whoever held a lease is gone.
      if (!storage.isShared) {
        await transaction
          .updateTable("workers")
          .set({ lease_until: sql`LEAST(lease_until, clock_timestamp())` })
          .execute();
      }
      return transaction
        .insertInto("workers")
        .values({
          name,
          started_at: toIsoInstant(storage.clock.now()),
          lease_until: leaseEnd(canExpire ? length : unlimited) as never,
        })
        .returning("id")
        .executeTakeFirstOrThrow();
    }),
  );

  const controller = new AbortController();
  const ended = new AbortController();
  const lose = () => {
    if (!controller.signal.aborted) controller.abort(lost());
  };
  const isOver = () => ended.signal.aborted || controller.signal.aborted;
  const isUncertain = () => steady() >= until;

  const renew = async (): Promise<void> => {
    const asked = steady();
    const renewed = await storage.repeatable(
      (db) =>
        db
          .updateTable("workers")
          .set({ lease_until: leaseEnd(canExpire ? length : unlimited) as never })
          .where("id", "=", workerId)
          .where("lease_until", ">", sql<never>`clock_timestamp()`)
          .returning("id")
          .executeTakeFirst(),
      AbortSignal.any([ended.signal, controller.signal]),
    );
    if (renewed === undefined) lose();
    else until = asked + trusted;
  };
  const keepUp = async () => {
    for (;;) {
      await clock.sleep(length / 4, ended.signal);
      try {
        await renew();
      } catch (error) {
        if (isOver()) return;
        if (!EnrollmentError.is(error)) throw error;
        // The database is out of reach: that matters only once the lease is over.
      }
      if (isUncertain()) lose();
      if (isOver()) return;
    }
  };
  const keeping = (canExpire ? keepUp() : Promise.resolve()).catch((error: unknown) => {
    if (!ended.signal.aborted) controller.abort(error);
  });

  return {
    workerId,
    name,
    signal: controller.signal,
    assertHeld: () => {
      if (isUncertain()) lose();
      controller.signal.throwIfAborted();
    },
    end: async () => {
      ended.abort();
      await keeping;
      await storage.repeatable((db) =>
        db
          .updateTable("workers")
          .set({ lease_until: sql`LEAST(lease_until, clock_timestamp())` })
          .where("id", "=", workerId)
          .execute(),
      );
    },
  };
};
