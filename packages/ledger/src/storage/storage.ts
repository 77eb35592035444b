import type { Clock } from "@enrollkit/core";
import type { Kysely } from "kysely";
import type { Connected } from "./connected.js";
import { explainFailure, isConnectionLost } from "./failures.js";
import { migrate } from "./migrate.js";
import type { Tables } from "./tables.js";

/** Where a ledger is kept. */
export type Place =
  /** In a folder, by a database inside the process: for one process at a time. */
  | { readonly folder: string }
  /** On a PostgreSQL server, by its URL: for any number of processes. */
  | { readonly url: string };

export interface StorageOptions {
  readonly place: Place;
  /** The database schema that the tables are in. */
  readonly schema: string;
  readonly clock: Clock;
  /** Milliseconds for which a lost connection is tried again. */
  readonly patience: number;
  /** The version of the tables; default: the newest. */
  readonly version?: string | undefined;
}

/** The ledger's database, the same for both back ends. */
export interface Storage extends Pick<Connected, "runSql"> {
  /** Whether other processes can have it open too. */
  readonly isShared: boolean;
  readonly schema: string;
  readonly clock: Clock;
  /**
   * Does something with the database, once.
   *
   * @throws EnrollmentError that says in words what is wrong with the database.
   */
  once<Result>(work: (db: Kysely<Tables>) => Promise<Result>): Promise<Result>;
  /**
   * The same, again and again while the connection is lost. Only for what may be done twice: a statement may have been
   * carried out although its answer was lost.
   */
  repeatable<Result>(work: (db: Kysely<Tables>) => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  close(): Promise<void>;
}

const longestPause = 1000;

/** Milliseconds: whoever has given a wrong address shall not wait long for the error. */
const openingPatience = 1000;

const connect = async (place: Place, schema: string): Promise<Connected> =>
  "folder" in place
    ? (await import("./embedded.js")).openEmbedded(place.folder, schema)
    : (await import("./postgresql.js")).connectPostgresql(place.url, schema);

const explained = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  try {
    return await work();
  } catch (error) {
    throw explainFailure(error);
  }
};

/** What there is to say about a storage beside where it is. */
export type ConnectedOptions = Omit<StorageOptions, "place"> & Pick<Storage, "isShared">;

/** {@link openStorage} on a back end that is connected already; whether or not it succeeds, it takes that over. */
export const startStorage = async (connected: Connected, options: ConnectedOptions): Promise<Storage> => {
  const { db, runSql, close } = connected;
  const { isShared, schema, clock, patience, version } = options;
  const repeat = async <Result>(
    work: (db: Kysely<Tables>) => Promise<Result>,
    milliseconds: number,
    signal?: AbortSignal,
  ): Promise<Result> => {
    const until = clock.now() + milliseconds;
    for (let pause = 50; ; pause = Math.min(2 * pause, longestPause)) {
      try {
        return await explained(() => work(db));
      } catch (error) {
        if (!isConnectionLost(error) || clock.now() >= until) throw error;
        await clock.sleep(pause, signal);
      }
    }
  };
  const storage: Storage = {
    isShared,
    schema,
    clock,
    runSql,
    once: (work) => explained(() => work(db)),
    repeatable: (work, signal) => repeat(work, patience, signal),
    close: () => explained(close),
  };
  try {
    await repeat(() => migrate(db, schema, version), Math.min(patience, openingPatience));
  } catch (error) {
    // Why it could not be opened says more than what else goes wrong as it is closed.
    await close().catch(() => undefined);
    throw error;
  }
  return storage;
};

/**
 * Opens a ledger's database, and brings its tables to the newest version.
 *
 * @throws EnrollmentError `unavailable`, `unauthenticated`, `forbidden`, or `failed-precondition`: the folder is
 *   read-only, in use, or holds other things; the disk is full; the tables are newer than this program.
 */
export const openStorage = async ({ place, ...options }: StorageOptions): Promise<Storage> =>
  startStorage(await explained(() => connect(place, options.schema)), {
    ...options,
    isShared: "url" in place,
  });
