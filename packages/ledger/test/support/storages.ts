import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@enrollkit/core";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, it } from "vitest";
import { connectionsTo } from "../../src/storage/embedded.js";
import { openEngine } from "../../src/storage/engine.js";
import { databaseFolder } from "../../src/storage/ledger-folder.js";
import { connectPostgresql } from "../../src/storage/postgresql.js";
import type { Connected } from "../../src/storage/connected.js";
import { startStorage, type ConnectedOptions, type Storage } from "../../src/storage/storage.js";
import { fillLedgerFolder } from "./empty-ledger.js";

/**
 * Opens the ledger of the running test: each test has one of its own, with no rows in it. A second time it is the same
 * ledger, on PostgreSQL by other connections, as another process would see it. All are closed afterwards.
 *
 * The clock is the machine's unless another is given; a lost connection is tried again for a second.
 */
export type OpenStorage = (
  options?: Partial<Pick<ConnectedOptions, "clock" | "patience" | "version">>,
) => Promise<Storage>;

interface BackEnd {
  readonly isShared: boolean;
  connect(schema: string): Promise<Connected> | Connected;
  execute(statement: string): Promise<unknown>;
  close(): Promise<void>;
}

/** A database in a folder is for one process; so is its one session, which stays open through all tests of a suite. */
const startEmbedded = async (): Promise<BackEnd> => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-ledger-"));
  await fillLedgerFolder(folder);
  const database = await openEngine(databaseFolder(folder));
  const connect = connectionsTo(database);
  return {
    isShared: false,
    connect: (schema) => connect(schema, () => Promise.resolve()),
    execute: (statement) => database.exec(statement),
    close: async () => {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
};

const startPostgresql = (url: string) => async (): Promise<BackEnd> => {
  const client = new pg.Client(url);
  await client.connect();
  return {
    isShared: true,
    connect: (schema) => connectPostgresql(url, schema),
    execute: (statement) => client.query(statement),
    close: () => client.end(),
  };
};

export interface SuiteOptions {
  /** What has a ledger of its own. Default: each test. */
  readonly per?: "test" | "suite";
}

const useBackEnd = (start: () => Promise<BackEnd>, { per = "test" }: SuiteOptions): OpenStorage => {
  const [before, after] = per === "test" ? [beforeEach, afterEach] : [beforeAll, afterAll];
  let backEnd: BackEnd;
  let schema: string;
  let opened: Storage[] = [];
  beforeAll(async () => {
    backEnd = await start();
  });
  afterAll(() => backEnd.close());
  before(() => {
    schema = `test_${randomUUID().replaceAll("-", "")}`;
    opened = [];
  });
  after(async () => {
    for (const storage of opened) await storage.close();
    // The queue of jobs has its own.
    for (const name of [schema, `${schema}_jobs`]) {
      await backEnd.execute(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
    }
  });
  return async ({ clock = systemClock, patience = 1000, version } = {}) => {
    const { isShared } = backEnd;
    const options = { isShared, schema, clock, patience, version };
    const storage = await startStorage(await backEnd.connect(schema), options);
    opened.push(storage);
    return storage;
  };
};

/**
 * Tests that need a PostgreSQL server. Without `DATABASE_URL` they are skipped by name, and in CI they fail: there, nobody
 * would notice that they never ran.
 */
export const describeWithPostgresql = (title: string, suite: (url: string) => void): void => {
  const url = process.env["DATABASE_URL"] ?? "";
  if (url !== "") {
    describe(title, () => {
      suite(url);
    });
    return;
  }
  const missing = `${title}: needs DATABASE_URL, such as postgres://postgres@127.0.0.1:5432/test`;
  const isRequired = (process.env["CI"] ?? "") !== "";
  it.skipIf(!isRequired)(missing, () => {
    throw new Error(missing);
  });
};

/** The same tests on the embedded back end and on PostgreSQL. */
export const describeOnBothBackEnds = (
  title: string,
  suite: (openStorage: OpenStorage) => void,
  options: SuiteOptions = {},
): void => {
  describe(`${title}, embedded`, () => {
    suite(useBackEnd(startEmbedded, options));
  });
  describeWithPostgresql(`${title}, on PostgreSQL`, (url) => {
    suite(useBackEnd(startPostgresql(url), options));
  });
};
