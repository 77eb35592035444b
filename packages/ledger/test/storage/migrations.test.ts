import { EnrollmentError, systemClock } from "@enrollkit/core";
import pg from "pg";
import { describe, expect, it, onTestFinished } from "vitest";
import { versions } from "../../src/storage/migrate.js";
import { openStorage, type Storage } from "../../src/storage/storage.js";
import { contents } from "../support/old-ledgers.js";
import { startProcess } from "../support/process.js";
import { describeOnBothBackEnds, describeWithPostgresql, type OpenStorage } from "../support/storages.js";

const newest = versions.at(-1) ?? "";
const earlier = versions.slice(0, -1);

type Row = Readonly<Record<string, unknown>>;

const rowsOf = async (storage: Storage, statement: string, values?: readonly unknown[]) => {
  const { rows } = await storage.runSql(statement, values);
  return rows as readonly Row[];
};

/** Every row of every table, by the table's name. */
const everything = async (storage: Storage) => {
  const tables = await rowsOf(
    storage,
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1 ORDER BY 1",
    [storage.schema],
  );
  const found: Record<string, readonly Row[]> = {};
  for (const { name } of tables) {
    found[String(name)] = await rowsOf(storage, `SELECT * FROM ${String(name)} ORDER BY 1`);
  }
  return found;
};

/** Columns, indexes, constraints, triggers and functions. */
const structure = async (storage: Storage) => {
  const { schema } = storage;
  const statements = [
    `SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
      WHERE table_schema = $1 ORDER BY 1, 2`,
    `SELECT indexdef FROM pg_indexes WHERE schemaname = $1 ORDER BY 1`,
    `SELECT conrelid::regclass::text, pg_get_constraintdef(oid) AS text FROM pg_constraint
      WHERE connamespace = $1::regnamespace ORDER BY 1, 2`,
    `SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger
      WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = $1::regnamespace) AND NOT tgisinternal ORDER BY 1`,
    `SELECT proname, prosrc FROM pg_proc WHERE pronamespace = $1::regnamespace ORDER BY 1`,
  ];
  const found = [];
  for (const statement of statements) found.push(await rowsOf(storage, statement, [schema]));
  return JSON.stringify(found, null, 1).replaceAll(schema, "schema");
};

const appliedTo = async (storage: Storage) =>
  (await rowsOf(storage, "SELECT name FROM versions ORDER BY name")).map(({ name }) => name);

/** A ledger that was written by the program that knew this version. */
const writeOld = async (openStorage: OpenStorage, version: string): Promise<Storage> => {
  let storage = await openStorage({ version: versions[0] });
  for (const each of versions.slice(0, versions.indexOf(version) + 1)) {
    await storage.close();
    storage = await openStorage({ version: each });
    for (const statement of contents[each] ?? []) await storage.runSql(statement);
  }
  return storage;
};

const withoutVersions = (tables: Readonly<Record<string, readonly Row[]>>) =>
  Object.entries(tables).filter(([name]) => name !== "versions");

describe("the versions", () => {
  it("are in the order of their names, and there are contents for each earlier one", () => {
    expect([...versions].sort()).toEqual(versions);
    expect(Object.keys(contents)).toEqual(earlier);
  });
});

const migrations = (openStorage: OpenStorage) => {
  it.each(earlier)(
    "from %s: every row is still there, and says nothing that nobody knew",
    async (version) => {
      const old = await writeOld(openStorage, version);
      expect(await appliedTo(old)).toEqual(versions.slice(0, versions.indexOf(version) + 1));
      const before = await everything(old);
      expect(before["records"]?.length).toBeGreaterThan(5);
      expect(before["history"]?.length).toBeGreaterThan(5);
      await old.close();

      const storage = await openStorage();
      expect(await appliedTo(storage)).toEqual(versions);
      const after = await everything(storage);
      for (const [table, rows] of withoutVersions(before)) {
        expect(after[table], table).toMatchObject(rows);
      }
      const known = new Set(Object.keys(before["records"]?.[0] ?? {}));
      const additions = (after["records"] ?? []).map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => !known.has(name))),
      );
      const unknown = version === "0001-records" ? { attempt: null, worker_id: null, asks: 0 } : {};
      for (const addition of additions) expect(addition).toEqual(unknown);
    },
  );

  it.each(earlier)("from %s: a migrated ledger can be read and written", async (version) => {
    await (await writeOld(openStorage, version)).close();
    const storage = await openStorage();
    const records = await storage.once((db) =>
      db.selectFrom("records").selectAll().where("run_id", "is not", null).orderBy("position").execute(),
    );
    expect(records.map(({ key }) => key)).toEqual(records.map((_, place) => `row ${place}`));
    expect(records[0]).toMatchObject({
      recipient: { email: "jane@example.com" },
      expires_at: "2026-11-23T10:00:00.123456Z",
    });
    const id = records[0]?.id ?? 0;
    const historyOf = () =>
      storage.once((db) =>
        db
          .selectFrom("history")
          .select(["outcome", "by"])
          .where("record_id", "=", id)
          .orderBy("id")
          .execute(),
      );
    const earlierHistory = await historyOf();
    await storage.once((db) =>
      db.updateTable("records").set({ outcome: "failed", changed_by: "new" }).where("id", "=", id).execute(),
    );
    expect(await historyOf()).toEqual([...earlierHistory, { outcome: "failed", by: "new" }]);
  });

  it("a ledger that grew with every version has the tables of a new one", async () => {
    const grown = await writeOld(openStorage, newest);
    const structureOfGrown = await structure(grown);
    await grown.runSql(`DROP SCHEMA ${grown.schema} CASCADE`);
    const fresh = await openStorage();
    expect(await structure(fresh)).toBe(structureOfGrown);
  });

  it.each(["a new ledger", ...earlier])("%s may be opened many times at once", async (version) => {
    if (version in contents) await (await writeOld(openStorage, version)).close();
    const storages = await Promise.all(Array.from({ length: 6 }, () => openStorage()));
    for (const storage of storages) expect(await appliedTo(storage)).toEqual(versions);
  });

  it.each(versions)("refuses a newer ledger, and leaves it as it is: it knows up to %s", async (version) => {
    const storage = await writeOld(openStorage, version);
    await storage.runSql("INSERT INTO versions (name) VALUES ('0998-later'), ('0999-latest')");
    const before = [await structure(storage), await everything(storage)];
    const error: unknown = await openStorage().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(EnrollmentError);
    expect(error).toMatchObject({
      code: "failed-precondition",
      message: "the ledger was written by a newer EnrollKit: its tables are at version 0999-latest",
      advice: `update this program, which knows versions up to ${newest}; nothing was changed`,
    });
    expect([await structure(storage), await everything(storage)]).toEqual(before);
  });

  it("a migration that fails changes nothing, and succeeds once its reason is gone", async () => {
    const storage = await writeOld(openStorage, "0001-records");
    // In the way of the last but one of what 0002 makes.
    await storage.runSql("CREATE TABLE locks (mine text)");
    const before = [await structure(storage), await everything(storage)];
    await expect(openStorage()).rejects.toMatchObject({ code: "unknown", vendorCode: "42P07" });
    expect([await structure(storage), await everything(storage)]).toEqual(before);
    await storage.runSql("DROP TABLE locks");
    expect(await appliedTo(await openStorage())).toEqual(versions);
  });
};

describeOnBothBackEnds("migrations", migrations);

describeWithPostgresql("migrations by several processes", (url) => {
  const useSchema = async (name: string) => {
    const client = new pg.Client(url);
    await client.connect();
    const schema = `test_${name}_${process.pid}`;
    onTestFinished(async () => {
      await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
      await client.end();
    });
    return { client, schema };
  };

  const lock = (schema: string) => `hashtextextended('enrollkit ${schema}', 0)`;

  /** Resolves when so many wait for what this client holds. */
  const waiting = async (client: pg.Client, count: number) => {
    const text = `SELECT count(*)::int AS count FROM pg_stat_activity
      WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))`;
    while ((await client.query<{ count: number }>(text)).rows[0]?.count !== count);
  };

  it("wait for one another", async () => {
    const { client, schema } = await useSchema("processes");
    await client.query(`SELECT pg_advisory_lock(${lock(schema)})`);
    const processes = [1, 2].map(() => startProcess("open-once.ts", { place: { url }, schema }));
    await waiting(client, 2);
    await client.query(`SELECT pg_advisory_unlock(${lock(schema)})`);
    for (const each of processes) expect(JSON.parse(await each.nextLine())).toEqual(versions);
    for (const each of processes) expect([await each.ended, await each.complaints]).toEqual([0, ""]);
  });

  it("look at the versions again once it is their turn", async () => {
    const { client, schema } = await useSchema("turn");
    const options = { place: { url }, schema, clock: systemClock, patience: 0 };
    await (await openStorage({ ...options, version: "0001-records" })).close();
    await client.query(`SELECT pg_advisory_lock(${lock(schema)})`);
    const opening = openStorage(options).catch((reason: unknown) => reason);
    await waiting(client, 1);
    await client.query(`INSERT INTO ${schema}.versions (name) VALUES ('0999-latest')`);
    await client.query(`SELECT pg_advisory_unlock(${lock(schema)})`);
    expect(await opening).toMatchObject({
      message: expect.stringContaining("version 0999-latest") as string,
    });
    const { rows } = await client.query(`SELECT name FROM ${schema}.versions ORDER BY name`);
    expect(rows).toEqual([{ name: "0001-records" }, { name: "0999-latest" }]);
  });
});
