import type { PGlite, Results } from "@electric-sql/pglite";
import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
} from "kysely";
import { openEngine } from "./engine.js";
import { lockFolder } from "./folder-lock.js";
import { databaseFolder, ensureDatabase, prepareFolder } from "./ledger-folder.js";
import type { Connected } from "./connected.js";
import { sessionSettings } from "./values.js";
import type { Tables } from "./tables.js";

type Command = PostgresQueryResult<unknown>["command"];

/** PGlite has one session: statements and transactions take turns at it, as they would at a pool of one connection. */
const createTurns = () => {
  let free = Promise.resolve();
  return async (): Promise<() => void> => {
    const turn = free;
    let release = () => {};
    free = new Promise((resolve) => {
      release = resolve;
    });
    await turn;
    return release;
  };
};

const poolOfOne = (database: PGlite, takeTurn: () => Promise<() => void>): PostgresPool => {
  const query = async (statement: string, parameters: readonly unknown[]) => {
    const { rows, affectedRows, command }: Results<unknown> = await database.query(statement, [
      ...parameters,
    ]);
    return { rows, rowCount: affectedRows ?? 0, command: command as Command };
  };
  return {
    connect: async () => ({ query: query as PostgresPoolClient["query"], release: await takeTurn() }),
    // Whoever opened the database closes it.
    end: () => Promise.resolve(),
  };
};

/** Several statements may have begun a transaction that nobody would end. */
const runStatements = async (database: PGlite, text: string): Promise<{ rows: unknown[] }> => {
  try {
    return (await database.exec(text)).at(-1) ?? { rows: [] };
  } catch (error) {
    await database.exec("ROLLBACK");
    throw error;
  }
};

/** How often a database is connected to does not matter: its one session does one thing after the other. */
export const connectionsTo = (database: PGlite) => {
  const takeTurn = createTurns();
  const inTurn = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    const release = await takeTurn();
    try {
      return await work();
    } finally {
      release();
    }
  };
  /** @param close - is called once everything that has begun is over. */
  return async (schema: string, close: () => Promise<void>): Promise<Connected> => {
    await inTurn(async () => {
      for (const setting of sessionSettings(schema)) await database.exec(setting);
    });
    return {
      db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: poolOfOne(database, takeTurn) }) }),
      runSql: (text, values) =>
        inTurn(() =>
          values === undefined ? runStatements(database, text) : database.query(text, [...values]),
        ),
      close: () => inTurn(close),
    };
  };
};

/** Opens, or makes, a database in a folder. No second process can have it open. */
export const openEmbedded = async (folder: string, schema: string): Promise<Connected> => {
  await prepareFolder(folder);
  const lock = await lockFolder(folder);
  try {
    await ensureDatabase(folder, async (empty) => {
      await (await openEngine(empty)).close();
    });
    const database = await openEngine(databaseFolder(folder));
    const close = async () => {
      try {
        if (!database.closed) await database.close();
      } finally {
        await lock.release();
      }
    };
    return await connectionsTo(database)(schema, close);
  } catch (error) {
    await lock.release();
    throw error;
  }
};
