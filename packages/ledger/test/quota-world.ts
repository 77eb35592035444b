import type { Clock } from "@enrollkit/core";
import { sql, type Kysely } from "kysely";
import { createSharedLimiter, type TimeSources } from "../src/quota/limiter.js";
import type { SharedLimiter, SharedQuota } from "../src/quota/contract.js";
import type { Storage } from "../src/storage/storage.js";
import type { Tables } from "../src/storage/tables.js";

/** What may go wrong with one process. Times are milliseconds, taken in turn from lists that never end. */
export interface Troubles {
  /** How far its clocks are off, and how fast they run. */
  readonly offset?: number;
  readonly rate?: number;
  /** How late its timers fire. */
  readonly timers?: readonly number[];
  /** How long a statement travels, there and back. */
  readonly statements?: readonly (readonly [number, number])[];
  /** When it is stopped. A machine that is suspended stops its steady clock too. */
  readonly stops?: readonly { readonly at: number; readonly for: number; readonly isMachine?: boolean }[];
}

/** A process that shares a quota with others. */
export interface Worker {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly sources: Required<TimeSources>;
}

const inTurn = <Value>(values: readonly Value[], otherwise: Value) => {
  let turn = 0;
  return (): Value => values[turn++ % values.length] ?? otherwise;
};

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/**
 * Several processes on one true time, which stands still while a statement is carried out: statements are real, everything
 * else is made up. Not even the database's clock need be right.
 */
export const createWorld = () => {
  const start = Date.UTC(2026, 0, 15);
  const sleepers = new Set<Sleeper>();
  let time = 0;
  let statementsUnderWay = 0;
  let statements = 0;
  let databaseAhead = 0;

  const sleepUntil = (at: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      signal?.throwIfAborted();
      const stop = () => {
        sleepers.delete(sleeper);
        reject(signal?.reason as Error);
      };
      const wake = () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      };
      const sleeper: Sleeper = { at, wake };
      signal?.addEventListener("abort", stop, { once: true });
      sleepers.add(sleeper);
    });

  const wakeNext = () => {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) if (sleeper.at < (first?.at ?? Infinity)) first = sleeper;
    if (first === undefined) return;
    sleepers.delete(first);
    time = Math.max(time, first.at);
    first.wake();
  };

  /** Lets time go on until something is done. */
  const run = async <Result>(work: Promise<Result>): Promise<Result> => {
    const done = work.then(() => true);
    const turn = () => new Promise<boolean>((resolve) => setImmediate(resolve, false));
    while (!(await Promise.race([done, turn()]))) if (statementsUnderWay === 0) wakeNext();
    return work;
  };

  const worker = (storage: Storage, troubles: Troubles = {}): Worker => {
    const { offset = 0, rate = 1, stops = [] } = troubles;
    const timer = inTurn(troubles.timers ?? [], 0);
    const nextJourney = inTurn<readonly [number, number]>(troubles.statements ?? [], [0, 0]);
    let journey: readonly [number, number] = [0, 0];

    /** Whatever falls into a stop happens at its end. */
    const awakeAt = (at: number): number => {
      const stop = stops.find((stop) => at >= stop.at && at < stop.at + stop.for);
      return stop === undefined ? at : awakeAt(stop.at + stop.for);
    };
    const suspended = () =>
      stops
        .filter(({ isMachine }) => isMachine === true)
        .reduce((sum, stop) => sum + Math.min(Math.max(0, time - stop.at), stop.for), 0);

    /** The database, seen from afar: each statement is carried out as it is, and its answer comes when it has travelled. */
    const far = (db: Kysely<Tables>): Kysely<Tables> => {
      const executor = db.getExecutor();
      const executeQuery: typeof executor.executeQuery = async (query) => {
        const [there, back] = journey;
        statements += 1;
        statementsUnderWay += 1;
        try {
          return await executor.executeQuery(query);
        } finally {
          statementsUnderWay -= 1;
          if (there + back > 0) await sleepUntil(awakeAt(time + there + back));
        }
      };
      const distant = {
        getExecutor: () => ({
          transformQuery: executor.transformQuery.bind(executor),
          compileQuery: executor.compileQuery.bind(executor),
          executeQuery,
        }),
        connection: () => ({ execute: (work: (db: unknown) => unknown) => work(distant) }),
      };
      return distant as unknown as Kysely<Tables>;
    };

    return {
      storage: {
        ...storage,
        once: (work) => storage.once((db) => work(far(db))),
        repeatable: (work, signal) => storage.repeatable((db) => work(far(db)), signal),
      },
      clock: {
        now: () => start + offset + time * rate,
        sleep: (milliseconds, signal) =>
          sleepUntil(awakeAt(time + Math.max(0, milliseconds) / rate + timer()), signal),
      },
      sources: {
        steady: () => offset + (time - suspended()) * rate,
        databaseTime: () => {
          journey = nextJourney();
          return sql<number>`${start + databaseAhead + time + journey[0]}::float8`;
        },
      },
    };
  };

  return {
    worker,
    limiter: (storage: Storage, quota: SharedQuota, troubles?: Troubles) => {
      const { storage: own, clock, sources } = worker(storage, troubles);
      return createSharedLimiter(own, quota, clock, sources);
    },
    run,
    /** The true time. */
    now: () => time,
    sleep: (milliseconds: number) => sleepUntil(time + milliseconds),
    /** How many wait for a time to come. */
    sleeping: () => sleepers.size,
    /** How many statements were sent. */
    statements: () => statements,
    setDatabaseClock: (ahead: number) => {
      databaseAhead = ahead;
    },
  };
};

/** The shortest time in which one call more was seen than a quota allows, times in any order. */
export const shortestExcess = (times: readonly number[], calls: number): number => {
  const sorted = [...times].sort((one, other) => one - other);
  return Math.min(...sorted.slice(calls).map((time, place) => time - (sorted[place] ?? 0)));
};

export type World = ReturnType<typeof createWorld>;

/** When calls go out that follow each other without a break. */
export const greedy = async (
  world: World,
  limiter: SharedLimiter,
  calls: number,
  after?: (place: number) => void,
) => {
  const times: number[] = [];
  for (let place = 0; place < calls; place += 1) {
    await limiter.acquire();
    times.push(world.now());
    after?.(place);
  }
  return times;
};

let accounts = 0;

/** 10 calls in a second, of an account that nobody else uses. */
export const quotaOf = (quota: Partial<SharedQuota> = {}): SharedQuota => {
  accounts += 1;
  return { account: `account ${accounts}`, calls: 10, per: "PT1S", ...quota };
};
