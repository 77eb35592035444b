import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { systemClock, type Clock } from "@enrollkit/core";
import { sql } from "kysely";
import pg from "pg";
import { expect, it, onTestFinished, vi } from "vitest";
import { openStorage, type Storage, type StorageOptions } from "../../src/storage/storage.js";
import {
  closedPort,
  passwordQuestions,
  refusal,
  startProxy,
  startServer,
} from "../support/postgresql-servers.js";
import { describeWithPostgresql } from "../support/storages.js";

const password = "correct-horse";

const urlAt = (port: number, more = "") => `postgres://jane:${password}@127.0.0.1:${port}/ledger${more}`;

const open = (url: string, options: Partial<StorageOptions> = {}) =>
  openStorage({ place: { url }, schema: "ledger", clock: systemClock, patience: 0, ...options });

const failureOf = async (attempt: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await attempt.then(
    () => "it did not fail",
    (reason: unknown) => reason,
  );
  const told = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error);
  for (const secret of [password, "jane"]) expect(told).not.toContain(secret);
  return error;
};

const cannotBeReached = { code: "unavailable", message: "the ledger's database cannot be reached" };
const refused = {
  code: "unauthenticated",
  message: "the ledger's database refused the user or the password",
};
const untrusted = {
  code: "failed-precondition",
  message: "the connection to the ledger's database could not be encrypted, or its server not be trusted",
};

/** Time passes only as somebody sleeps. */
const createClock = () => {
  let time = Date.UTC(2026, 10, 22);
  const sleeps: number[] = [];
  const clock: Clock = {
    now: () => time,
    sleep: (milliseconds, signal) => {
      signal?.throwIfAborted();
      sleeps.push(milliseconds);
      time += milliseconds;
      return Promise.resolve();
    },
  };
  return { clock, sleeps };
};

it("a server that is not there", async () => {
  expect(await failureOf(open(urlAt(await closedPort())))).toMatchObject(cannotBeReached);
});

it("a name that no server has", async () => {
  expect(await failureOf(open(`postgres://jane:${password}@server.invalid/ledger`))).toMatchObject(
    cannotBeReached,
  );
});

it.each([
  ["28P01", 'password authentication failed for user "jane"', refused],
  ["28000", 'no pg_hba.conf entry for host "::1", user "jane"', refused],
  ["3D000", 'database "jane" does not exist', { code: "failed-precondition" }],
  ["53300", "sorry, too many clients already: jane", cannotBeReached],
  ["57P03", "the database system is starting up: jane", cannotBeReached],
])("a server that refuses with %s", async (sqlState, text, expected) => {
  const port = await startServer(refusal(sqlState, text));
  expect(await failureOf(open(urlAt(port)))).toMatchObject(expected);
});

it("a server that asks for a password, where the URL has none", async () => {
  const port = await startServer(...passwordQuestions);
  expect(await failureOf(open(`postgres://jane@127.0.0.1:${port}/ledger`))).toMatchObject(refused);
});

it("a server without TLS, where the URL asks for it", async () => {
  const port = await startServer();
  expect(await failureOf(open(urlAt(port, "?sslmode=verify-full")))).toMatchObject(untrusted);
});

it.each([
  ["a file that is not there", "postgres://jane@127.0.0.1/ledger?sslrootcert=/nowhere/jane.pem"],
  ["a character that is none", "postgres://jane:%ff@127.0.0.1/ledger"],
])("a URL with %s", async (_, url) => {
  expect(await failureOf(open(url))).toMatchObject({ code: "invalid-config" });
});

it("a server that never answers", async () => {
  const port = await startServer();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const failure = failureOf(open(urlAt(port)));
    await vi.waitUntil(() => vi.getTimerCount() > 0, { interval: 1 });
    vi.advanceTimersByTime(10_000);
    expect(await failure).toMatchObject(cannotBeReached);
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

describeWithPostgresql("a connection to a server that is", (url) => {
  const connectAdministrator = async () => {
    const client = new pg.Client(url);
    await client.connect();
    onTestFinished(() => client.end());
    return client;
  };

  const start = async (options: Partial<StorageOptions> = {}) => {
    const schema = `test_${randomUUID().replaceAll("-", "")}`;
    const administrator = await connectAdministrator();
    const storage = await open(url, { schema, ...options });
    onTestFinished(async () => {
      await storage.close();
      await administrator.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    });
    const terminate = (id: number) => administrator.query("SELECT pg_terminate_backend($1, 5000)", [id]);
    return { administrator, storage, schema, terminate };
  };

  const idOf = async (storage: Storage): Promise<number> => {
    const { rows } = await storage.runSql("SELECT pg_backend_pid() AS id");
    return (rows[0] as { id: number }).id;
  };

  /** Waits in the server until it is cut, the first time; then it answers. */
  const createWork = (terminate: (id: number) => Promise<unknown>) => {
    const ids: number[] = [];
    const work: Parameters<Storage["once"]>[0] = (db) =>
      db.connection().execute(async (connection) => {
        const { rows } = await sql<{ id: number }>`SELECT pg_backend_pid() AS id`.execute(connection);
        const [{ id } = { id: 0 }] = rows;
        ids.push(id);
        if (ids.length > 1) return id;
        const waiting = sql`SELECT pg_sleep(60)`.execute(connection);
        await Promise.all([waiting, terminate(id)]);
        return "it was not cut";
      });
    return { ids, work };
  };

  it("cut in the middle of a statement: it fails once, and is repeated where it may be", async () => {
    const { storage, terminate } = await start({ patience: 1000 });
    const once = createWork(terminate);
    expect(await failureOf(storage.once(once.work))).toMatchObject(cannotBeReached);
    const repeated = createWork(terminate);
    const id = await storage.repeatable(repeated.work);
    expect(repeated.ids).toHaveLength(2);
    expect(id).toBe(repeated.ids[1]);
    expect(new Set(repeated.ids).size).toBe(2);
  });

  it("cut between two statements of a transaction: nothing of that is there", async () => {
    const { storage, terminate } = await start();
    const row = { name: "a", value: "b", is_sealed: false };
    const work = storage.once((db) =>
      db.transaction().execute(async (transaction) => {
        const { rows } = await sql<{ id: number }>`SELECT pg_backend_pid() AS id`.execute(transaction);
        await transaction.insertInto("facts").values(row).execute();
        await terminate(rows[0]?.id ?? 0);
        await transaction
          .insertInto("facts")
          .values({ ...row, name: "c" })
          .execute();
      }),
    );
    expect(await failureOf(work)).toMatchObject(cannotBeReached);
    expect(await storage.once((db) => db.selectFrom("facts").selectAll().execute())).toEqual([]);
  });

  it("cut while nobody uses it: it is replaced, and the process goes on", async () => {
    const { storage, terminate } = await start();
    const id = await idOf(storage);
    await terminate(id);
    const next = await storage.repeatable(() => idOf(storage));
    expect(next).not.toBe(id);
  });

  it("cut before it is set up, more often than there are connections: it can still be had", async () => {
    const { schema } = await start();
    let isCut = false;
    const port = await startProxy(url, (text) => isCut && /SET TIME ZONE|pg_backend_pid/.test(text));
    const through = new URL(url);
    through.hostname = "127.0.0.1";
    through.port = String(port);
    const storage = await open(through.href, { schema });
    const ask = () => storage.once((db) => sql`SELECT pg_backend_pid()`.execute(db));
    isCut = true;
    for (let time = 0; time < 12; time += 1) expect(await failureOf(ask())).toMatchObject(cannotBeReached);
    isCut = false;
    expect((await ask()).rows).toHaveLength(1);
    await storage.close();
  });

  it("gone for good: it is tried again for as long as there is patience, ever more slowly", async () => {
    const { clock, sleeps } = createClock();
    const { storage } = await start({ clock, patience: 5000 });
    let tries = 0;
    const lost = Object.assign(new Error("lost"), { code: "ECONNRESET" });
    const work = () => {
      tries += 1;
      return Promise.reject(lost);
    };
    expect(await failureOf(storage.repeatable(work))).toMatchObject(cannotBeReached);
    expect(sleeps).toEqual([50, 100, 200, 400, 800, 1000, 1000, 1000, 1000]);
    expect(tries).toBe(sleeps.length + 1);
  });

  it("still there: what failed for another reason is not repeated", async () => {
    const { clock, sleeps } = createClock();
    const { storage } = await start({ clock, patience: 5000 });
    const work = () => Promise.reject(Object.assign(new Error("in use"), { code: "55P03" }));
    await expect(storage.repeatable(work)).rejects.toMatchObject({ code: "unknown", vendorCode: "55P03" });
    expect(sleeps).toEqual([]);
  });

  it("gone: whoever waits for it can be stopped", async () => {
    const { clock } = createClock();
    const { storage } = await start({ clock, patience: 5000 });
    const reason = new Error("stopped");
    const lost = Object.assign(new Error("lost"), { code: "ECONNRESET" });
    const waiting = storage.repeatable(() => Promise.reject(lost), AbortSignal.abort(reason));
    await expect(waiting).rejects.toBe(reason);
  });

  it("refused by the rights of its user", async ({ skip }) => {
    const { administrator, schema } = await start();
    const user = `${schema}_user`;
    await administrator.query(`CREATE ROLE ${user} LOGIN`).catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.code === "42501")
        skip("needs a user that may create roles");
      throw error;
    });
    onTestFinished(async () => {
      await administrator.query(`DROP OWNED BY ${user}; DROP ROLE ${user}`);
    });
    const own = new URL(url);
    own.username = user;
    expect(await failureOf(open(own.href, { schema: `${schema}_new` }))).toMatchObject({
      code: "forbidden",
      message: "the ledger's database user may not do this",
    });
    // To work with tables that are up to date it needs no right to make any.
    await administrator.query(`
      GRANT USAGE ON SCHEMA ${schema} TO ${user};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${user}`);
    const storage = await open(own.href, { schema });
    expect((await storage.runSql("SELECT * FROM records")).rows).toEqual([]);
    await storage.close();
  });

  it("to a database that is not there", async () => {
    const other = new URL(url);
    other.pathname = "/jane";
    expect(await failureOf(open(other.href))).toMatchObject({
      code: "failed-precondition",
      message: "the ledger's database does not exist on that server",
    });
  });
});
