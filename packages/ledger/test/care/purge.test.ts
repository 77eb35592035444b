import type { EnrollmentRequest } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { describeOnBothBackEnds } from "../support/storages.js";
import { collect, until, useWorlds, withoutAnswer, type World } from "./world.js";

const day = 86_400_000;

const createOne = ({ ledger, vendor }: World, request: EnrollmentRequest) =>
  ledger.recorded(vendor).createEnrollment(request);

const keysOf = async ({ ledger }: World) => (await collect(ledger.records())).map(({ key }) => key);

const before = "2026-09-25T00:00:00Z";

describeOnBothBackEnds("purge", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  it("forgets what is settled and old, with its history, and counts first if that is asked for", async () => {
    const world = await createWorld();
    const { ledger, vendor, clock, query } = world;
    await createOne(world, { key: "lapsed" });
    await createOne(world, { key: "live", validFor: "P30D" });
    const used = await createOne(world, { key: "used" });
    await ledger.noteUse({ provider: "memory", enrollmentId: used.id, device: { id: "d" } });
    vendor.failNext({ kind: "status", status: 403 }, "create");
    await createOne(world, { key: "failed" }).catch(() => undefined);
    clock.advance(10 * day);
    await createOne(world, { key: "new" });

    expect(await ledger.purge({ before, dryRun: true })).toEqual({ records: 3, runs: 0 });
    expect(await keysOf(world)).toHaveLength(5);
    expect(await ledger.purge({ before })).toEqual({ records: 3, runs: 0 });
    expect(await keysOf(world)).toEqual(["live", "new"]);
    expect(await query("SELECT DISTINCT record_id AS id FROM history ORDER BY 1")).toEqual([
      { id: 2 },
      { id: 5 },
    ]);
    await expect(ledger.history(1)).rejects.toMatchObject({ code: "not-found" });
    expect(await ledger.purge({ before })).toEqual({ records: 0, runs: 0 });
  });

  it("takes what lives if it is told to, and only what is meant", async () => {
    const world = await createWorld();
    const { ledger, clock } = world;
    for (const key of ["a", "b"]) await createOne(world, { key, validFor: "P30D", profile: undefined });
    clock.advance(10 * day);
    const filter = { keys: ["a"] };
    expect(await ledger.purge({ before, filter })).toEqual({ records: 0, runs: 0 });
    expect(await ledger.purge({ before, filter, live: "purge" })).toEqual({ records: 1, runs: 0 });
    expect(await keysOf(world)).toEqual(["b"]);
  });

  it("never takes what is open", async () => {
    const world = await createWorld();
    const { ledger, vendor, clock, service } = world;
    vendor.failNext({ kind: "reset", when: "after" }, "create");
    await createOne(world, { key: "in doubt" }).catch(() => undefined);
    void ledger.recorded(withoutAnswer(vendor)).createEnrollment({ key: "sending" });
    await until(() => vendor.enrollments().length === 2);
    await ledger.submit({ name: "queued", requests: () => [{ key: "planned" }], service });
    clock.advance(10 * day);
    const report = await ledger.purge({ before, live: "purge" });
    expect(report).toEqual({ records: 0, runs: 0 });
    expect((await keysOf(world)).sort()).toEqual(["in doubt", "planned", "sending"]);
  });

  it("keeps the old one of a renewal that is under way, and unlinks one that is over", async () => {
    const world = await createWorld();
    const { ledger, vendor, clock, service } = world;
    await createOne(world, { key: "a" });
    clock.advance(10 * day);
    vendor.failNext({ kind: "reset", when: "after" }, "create", 1);
    vendor.failNext({ kind: "status", status: 500 }, "any", 4);
    await ledger.renew(1, { service }).catch(() => undefined);
    await world.query("UPDATE records SET outcome = 'in-doubt' WHERE id = 2");
    expect(await ledger.purge({ before })).toEqual({ records: 0, runs: 0 });
    await ledger.renew(1, { service });
    await world.query("UPDATE records SET changed_at = '2026-09-21T00:00:00Z' WHERE id = 1");
    expect(await ledger.purge({ before })).toEqual({ records: 1, runs: 0 });
    expect(await collect(ledger.records())).toMatchObject([{ id: 2, renews: undefined, key: "a~2" }]);
    await expect(ledger.history(2)).resolves.toHaveLength(3);
  });

  it("goes through many in batches", async () => {
    const world = await createWorld();
    const { ledger, clock, vendor } = world;
    const requests = Array.from({ length: 1200 }, (_, place) => ({ key: `row-${place}` }));
    await ledger.recorded(vendor).bulk?.createBatch(requests.slice(0, 100));
    await world.query(`
      INSERT INTO records (provider, vendor, outcome, recorded_at, changed_at, changed_by)
        SELECT 'memory', 'memory', 'failed', now(), '2026-09-20T10:00:00Z', 'test' FROM generate_series(1, 2400)`);
    clock.advance(10 * day);
    expect(await ledger.purge({ before, dryRun: true })).toEqual({ records: 2500, runs: 0 });
    expect(await ledger.purge({ before })).toEqual({ records: 2500, runs: 0 });
    expect(await world.query("SELECT count(*)::int AS n FROM history")).toEqual([{ n: 0 }]);
  });

  describe("of runs", () => {
    const rows = () => [{ key: "a" }, { key: "b", validFor: "PT2H" as const }];

    it("takes them with all their rows, and the name is free again", async () => {
      const world = await createWorld();
      const { ledger, clock, service, vendor } = world;
      await ledger.run({ name: "run", requests: rows, service });
      await ledger.run({ name: "empty", requests: () => [], service });
      clock.advance(10 * day);
      const gone = { records: 2, runs: 2 };
      expect(await ledger.purge({ before, dryRun: true })).toEqual(gone);
      expect(await ledger.purge({ before })).toEqual(gone);
      expect(await ledger.runs()).toEqual([]);
      await ledger.run({ name: "run", requests: rows, service });
      expect(vendor.enrollments()).toHaveLength(4);
    });

    it("keeps all of a run of which a row has to stay, so that its next start sends nothing again", async () => {
      const world = await createWorld();
      const { ledger, clock, service, vendor } = world;
      const requests = () => [{ key: "a" }, { key: "b", validFor: "P30D" as const }];
      await ledger.run({ name: "run", requests, service });
      clock.advance(10 * day);
      for (const filter of [undefined, { keys: ["a"] }, { run: "run" }]) {
        expect(await ledger.purge({ before, filter })).toEqual({ records: 0, runs: 0 });
      }
      await ledger.run({ name: "run", requests, service });
      expect(vendor.enrollments()).toHaveLength(2);
      expect(await ledger.purge({ before, live: "purge" })).toEqual({ records: 2, runs: 1 });
    });

    it("takes only what is meant", async () => {
      const world = await createWorld();
      const { ledger, clock, service } = world;
      for (const name of ["one", "two"]) await ledger.run({ name, requests: rows, service });
      await createOne(world, { key: "single" });
      clock.advance(10 * day);
      expect(await ledger.purge({ before, filter: { run: "one" } })).toEqual({ records: 2, runs: 1 });
      expect((await ledger.runs()).map(({ name }) => name)).toEqual(["two"]);
      expect(await keysOf(world)).toEqual(["a", "b", "single"]);
    });

    it("takes what workers have done, with their jobs", async () => {
      const world = await createWorld();
      const { ledger, clock, service, query } = world;
      await ledger.submit({ name: "queued", requests: rows, service });
      await ledger.work({ service, until: "empty" });
      clock.advance(10 * day);
      expect(await ledger.purge({ before })).toEqual({ records: 2, runs: 1 });
      expect(await query("SELECT count(*)::int AS n FROM jobs")).toEqual([{ n: 0 }]);
    });
  });

  it("refuses what is no instant", async () => {
    const { ledger } = await createWorld();
    for (const text of ["yesterday", "2026-13-01T00:00:00Z"] as `${string}Z`[]) {
      const refusal = { code: "invalid-request", path: "before" };
      await expect(ledger.purge({ before: text })).rejects.toMatchObject(refusal);
    }
  });
});
