import type { EnrollmentState, IsoInstant } from "@enrollkit/core";
import { sql, type Kysely } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import type { Storage } from "../../src/storage/storage.js";
import { outcomes, type RecordedOutcome, type Tables } from "../../src/storage/tables.js";
import { describeOnBothBackEnds, type OpenStorage } from "../support/storages.js";

const at = (second: number): IsoInstant => `2026-11-22T10:00:${String(second).padStart(2, "0")}Z`;

const stateOf = (outcome: RecordedOutcome): EnrollmentState | null =>
  outcome === "created" ? "pending" : null;

const record = (key: string, outcome: RecordedOutcome = "planned") => ({
  key,
  provider: "phones",
  vendor: "acme",
  outcome,
  state: stateOf(outcome),
  enrollment_id: outcome === "created" ? `enrollment of ${key}` : null,
  recorded_at: at(0),
  changed_at: at(0),
  changed_by: "bulk",
});

const insert = (db: Kysely<Tables>, ...records: readonly ReturnType<typeof record>[]) =>
  db.insertInto("records").values(records).execute();

/** What became of a record, from its history alone. */
const historyOf = async (storage: Storage, key: string) => {
  const rows = await storage.once((db) =>
    db
      .selectFrom("history")
      .innerJoin("records", "records.id", "history.record_id")
      .where("records.key", "=", key)
      .select(["history.outcome", "history.state", "history.at", "history.by"])
      .orderBy("history.id")
      .execute(),
  );
  return rows.map(({ outcome, state, at: time, by }) => [outcome, state, time, by].join(" ").trim());
};

const history = (openStorage: OpenStorage) => {
  let storage: Storage;
  let number = 0;
  beforeAll(async () => {
    storage = await openStorage();
  });
  const newKeys = (count: number) =>
    Array.from({ length: count }, () => {
      number += 1;
      return `key ${number}`;
    });
  const newKey = () => newKeys(1)[0] ?? "";

  it.each(outcomes)("a new record that is %s", async (outcome) => {
    const key = newKey();
    await storage.once((db) => insert(db, record(key, outcome)));
    const line = [outcome, stateOf(outcome), at(0), "bulk"].join(" ");
    expect(await historyOf(storage, key)).toEqual(outcome === "planned" ? [] : [line]);
  });

  it("each change of an outcome or a state is one row, by whom and when", async () => {
    const key = newKey();
    await storage.once((db) => insert(db, record(key)));
    const changes = [
      { outcome: "sending", changed_by: "worker 1" },
      { outcome: "in-doubt", changed_by: "worker 1" },
      { outcome: "unknown", changed_by: "worker 1" },
      { state: "unknown", changed_by: "sync" },
      { outcome: "created", state: "pending", enrollment_id: "e1", changed_by: "worker 2" },
      { state: "used", changed_by: "sync" },
    ] as const;
    for (const [place, change] of changes.entries()) {
      const change_at = at(place + 1);
      await storage.once((db) =>
        db
          .updateTable("records")
          .set({ ...change, changed_at: change_at })
          .where("key", "=", key)
          .execute(),
      );
    }
    expect(await historyOf(storage, key)).toEqual([
      "sending  2026-11-22T10:00:01Z worker 1",
      "in-doubt  2026-11-22T10:00:02Z worker 1",
      "unknown  2026-11-22T10:00:03Z worker 1",
      "unknown unknown 2026-11-22T10:00:04Z sync",
      "created pending 2026-11-22T10:00:05Z worker 2",
      "created used 2026-11-22T10:00:06Z sync",
    ]);
  });

  it("a change of anything else, or to the same, is none", async () => {
    const key = newKey();
    await storage.once((db) => insert(db, record(key, "created")));
    await storage.once((db) =>
      db
        .updateTable("records")
        .set({ tries: 3, changed_at: at(1), changed_by: "sync", state: "pending", outcome: "created" })
        .where("key", "=", key)
        .execute(),
    );
    expect(await historyOf(storage, key)).toHaveLength(1);
  });

  it("one statement for many records writes a row for each that changed", async () => {
    const [first = "", second = "", third = ""] = newKeys(3);
    const keys = [first, second, third];
    await storage.once((db) => insert(db, record(first), record(second, "failed"), record(third, "sending")));
    await storage.once((db) =>
      db
        .updateTable("records")
        .set({ outcome: "sending", changed_at: at(1), changed_by: "worker" })
        .where("key", "in", keys)
        .execute(),
    );
    const sent = "sending  2026-11-22T10:00:01Z worker";
    expect(await Promise.all(keys.map((key) => historyOf(storage, key)))).toEqual([
      [sent],
      ["failed  2026-11-22T10:00:00Z bulk", sent],
      ["sending  2026-11-22T10:00:00Z bulk"],
    ]);
  });

  it("an insert that turns into an update writes what changed", async () => {
    const key = newKey();
    await storage.once((db) => db.insertInto("runs").values(run(key)).execute());
    const upsert = (outcome: RecordedOutcome) =>
      storage.once((db) =>
        db
          .insertInto("records")
          .values({
            ...record(key, outcome),
            position: 0,
            run_id: sql`(SELECT id FROM runs WHERE name = ${key})`,
          })
          .onConflict((conflict) => conflict.columns(["run_id", "position"]).doUpdateSet({ outcome }))
          .execute(),
      );
    await upsert("planned");
    await upsert("sending");
    await upsert("sending");
    await upsert("failed");
    const found = await historyOf(storage, key);
    expect(found.map((line) => line.split(" ")[0])).toEqual(["sending", "failed"]);
  });

  it("what is rolled back was never there", async () => {
    const key = newKey();
    const stop = new Error("stop");
    const work = storage.once((db) =>
      db.transaction().execute(async (transaction) => {
        await insert(transaction, record(key, "failed"));
        throw stop;
      }),
    );
    await expect(work).rejects.toBe(stop);
    expect(await historyOf(storage, key)).toEqual([]);
    const orphans = await storage.once((db) =>
      db
        .selectFrom("history")
        .where("record_id", "not in", db.selectFrom("records").select("id"))
        .select("id")
        .execute(),
    );
    expect(orphans).toEqual([]);
  });

  describe("is append-only", () => {
    it.each([
      ["UPDATE", "UPDATE history SET by = 'somebody else'"],
      ["an UPDATE of no row", "UPDATE history SET by = 'x' WHERE id < 0"],
      ["DELETE", "DELETE FROM history"],
      ["TRUNCATE", "TRUNCATE history"],
      ["TRUNCATE while purging", "SET LOCAL enrollkit.purging = 'on'; TRUNCATE history"],
      ["UPDATE while purging", "SET LOCAL enrollkit.purging = 'on'; UPDATE history SET by = 'x'"],
      ["DELETE while not purging", "SET LOCAL enrollkit.purging = 'off'; DELETE FROM history"],
      ["DELETE after purging", "SET LOCAL enrollkit.purging = 'on'; COMMIT; BEGIN; DELETE FROM history"],
    ])("%s is refused", async (_, statements) => {
      const key = newKey();
      await storage.once((db) => insert(db, record(key, "failed")));
      await expect(storage.runSql(`BEGIN; ${statements}; COMMIT`)).rejects.toThrow(
        "the history is append-only",
      );
      expect(await historyOf(storage, key)).toEqual(["failed  2026-11-22T10:00:00Z bulk"]);
    });

    it("a purge, in its own transaction, may DELETE", async () => {
      const [kept = "", purged = ""] = newKeys(2);
      await storage.once((db) => insert(db, record(kept, "failed"), record(purged, "failed")));
      await storage.once((db) =>
        db.transaction().execute(async (transaction) => {
          await sql`SET LOCAL enrollkit.purging = 'on'`.execute(transaction);
          const gone = transaction.selectFrom("records").where("key", "=", purged).select("id");
          await transaction.deleteFrom("history").where("record_id", "in", gone).execute();
        }),
      );
      expect(await historyOf(storage, purged)).toEqual([]);
      expect(await historyOf(storage, kept)).toHaveLength(1);
      await expect(storage.once((db) => db.deleteFrom("history").execute())).rejects.toMatchObject({
        vendorCode: "P0001",
      });
    });
  });
};

const run = (name: string) => ({ name, settings: "{}", started_at: at(0) });

describeOnBothBackEnds("the history", history, { per: "suite" });
