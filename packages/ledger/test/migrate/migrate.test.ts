import { findArtifact, toIsoInstant, type EnrollmentOutcome, type EnrollmentProvider } from "@enrollkit/core";
import { expect, it } from "vitest";
import { collect, keyOf, without } from "../care/world.js";
import { describeOnBothBackEnds } from "../support/storages.js";
import { issue, madeFor, move, rowsOf, serviceOf, statesOf, useEnds, type Ends } from "./ends.js";

const run = ({ world: { ledger, service } }: Ends, options: object = {}) =>
  ledger.runMigration({ ...move, service, ...options });

const rows = async ({ world }: Ends) => collect(world.ledger.migrationRows(move.name));

describeOnBothBackEnds("a migration", (openStorage) => {
  const openEnds = useEnds(openStorage);

  it("lists what is live at the old vendor, makes it at the new one, and then takes the old back", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    const [imported] = (await old.deviceImport?.importBatch([{ name: "Phone" }])) ?? [];
    const id = imported?.status === "created" ? imported.device.id : "";
    await issue(old, [
      { ...rowsOf(1)[0], device: { id, name: "Phone" }, uses: "unlimited", tags: ["sales"] },
      { key: "b" },
    ]);
    const told: EnrollmentOutcome[] = [];
    const report = await run(ends, {
      deliver: (outcomes: readonly EnrollmentOutcome[]) => {
        expect(statesOf(old)).toEqual(["pending", "pending"]);
        told.push(...outcomes);
      },
    });
    expect(report).toMatchObject({
      name: "spring-move",
      from: "old",
      to: "new",
      rows: 2,
      created: 2,
      failed: 0,
      old: { revoked: 2, waiting: 0 },
    });
    expect(statesOf(old)).toEqual(["revoked", "revoked"]);
    expect(next.enrollments()[0]?.asked).toMatchObject({
      key: "old/enrollment-1",
      recipient: { email: "person-0@example.com", name: "Person 0" },
      device: { name: "Phone" },
      uses: "unlimited",
      tags: ["sales"],
    });
    expect(next.enrollments()[0]?.asked.device).not.toHaveProperty("id");
    const [first] = told;
    expect(
      first?.status === "created" && findArtifact(first.enrollment, "enrollment-token")?.value.reveal(),
    ).toBe(next.enrollments()[0]?.token.reveal());
    expect(await collect(world.ledger.outcomes(move.name))).toHaveLength(2);
  });

  it("links both records in their histories, also of what the ledger had never seen", async () => {
    const ends = await openEnds();
    const { world, old } = ends;
    await world.ledger.recorded(old).createEnrollment({ key: "known" });
    await issue(old, [{ key: "unseen" }]);
    await run(ends);
    const [known, unseen] = await rows(ends);
    expect(known).toMatchObject({ oldRecord: 1, old: "revoked", outcome: "created", state: "pending" });
    for (const row of [known, unseen]) {
      const older = await world.ledger.history(row?.oldRecord ?? 0);
      expect(older).toContainEqual(
        expect.objectContaining({ event: "renewed", by: "migrate", record: row?.record }),
      );
      expect(older.at(-1)).toMatchObject({ event: "changed", by: "migrate", state: "revoked" });
      expect(await world.ledger.history(row?.record ?? 0)).toContainEqual(
        expect.objectContaining({ event: "renews", by: "migrate", record: row?.oldRecord }),
      );
    }
    const [record] = await collect(world.ledger.records({ ids: [unseen?.oldRecord ?? 0] }));
    expect(record).toMatchObject({
      provider: "old",
      enrollmentId: "enrollment-2",
      renewedBy: unseen?.record,
    });
  });

  it("is a run: its name, progress, outcomes and records are those of one", async () => {
    const ends = await openEnds();
    const { world, old } = ends;
    await issue(old, rowsOf(3));
    await run(ends);
    expect(await world.ledger.progress(move.name)).toMatchObject({ rows: 3, counts: { created: 3 } });
    expect(await world.ledger.count({ run: move.name, provider: "new" })).toBe(3);
    const requests = () => rowsOf(1);
    await expect(
      world.ledger.run({ name: move.name, requests, service: world.service, provider: "new" }),
    ).rejects.toMatchObject({
      code: "failed-precondition",
      message: expect.stringContaining("a migration from old, provider new") as string,
    });
    await world.ledger.run({ name: "bulk", requests, service: world.service });
    await expect(
      world.ledger.runMigration({ ...move, name: "bulk", service: world.service }),
    ).rejects.toMatchObject({ code: "failed-precondition", message: 'run "bulk" is no migration' });
    await expect(world.ledger.migrationReport("bulk")).rejects.toMatchObject({ code: "failed-precondition" });
    await expect(collect(world.ledger.migrationRows("none"))).rejects.toMatchObject({ code: "not-found" });
  });

  it("that is over does nothing when it is started again, by its name alone", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(4));
    await run(ends);
    const calls = [old.callCount(), next.callCount()];
    await issue(old, [{ key: "late" }]);
    const { ledger, service } = world;
    const again = await ledger.runMigration({ name: move.name, service });
    expect(again).toMatchObject({ from: "old", to: "new", rows: 4, created: 4, old: { revoked: 4 } });
    expect([old.callCount() - 1, next.callCount()]).toEqual(calls);
  });

  it.each([
    [{ to: "old" }, 'to was "new"'],
    [{ lifetime: "keep" }, "lifetime was not given"],
    [{ profile: "sales" }, "profile was not given"],
    [{ onUnsupported: "warn" }, "onUnsupported was not given"],
  ])("is refused with other terms: %j", async (terms, words) => {
    const ends = await openEnds();
    await run(ends);
    await expect(run(ends, terms)).rejects.toMatchObject({
      code: "failed-precondition",
      message: `migration "spring-move" was started otherwise: ${words}`,
    });
  });

  it.each([
    ["no provider that it comes from", { from: undefined }, "from"],
    ["no provider that it goes to", { to: undefined }, "to"],
    ["one provider for both", { to: "old" }, "to"],
    ["one profile for all, and others", { profile: "a", profiles: { a: "b" } }, "profiles"],
    ["a lifetime of no fixed length", { lifetime: "P1M" }, "lifetime"],
    ["a lifetime of nothing", { lifetime: "PT0S" }, "lifetime"],
    ["a lifetime that is none", { lifetime: "a week" }, "lifetime"],
    ["a name that is none", { name: "a b" }, "run"],
  ])("is refused with %s, and nothing is asked", async (_, terms, path) => {
    const ends = await openEnds();
    await expect(run(ends, terms)).rejects.toMatchObject({ code: "invalid-request", path });
    expect(ends.old.callCount() + ends.next.callCount()).toBe(0);
    expect(await ends.world.ledger.runs()).toEqual([]);
  });

  it("needs a key, for it stores what it asks for; and stores nobody in the open", async () => {
    const keyless = await openEnds({ settings: { keys: [] } });
    await expect(run(keyless)).rejects.toMatchObject({ code: "failed-precondition", path: "keys" });
    const ends = await openEnds();
    await issue(ends.old, rowsOf(2));
    await run(ends);
    const dump = JSON.stringify([
      await ends.world.query("SELECT * FROM records"),
      await ends.world.query("SELECT * FROM moves"),
      await ends.world.query("SELECT * FROM runs"),
    ]);
    expect(dump).not.toMatch(/person-|Person|example\.com/);
    for (const { token } of ends.next.enrollments()) expect(dump).not.toContain(token.reveal());
  });

  it("keeps what is left of a lifetime, from the moment at which the new one is made", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, [{ key: "a", validFor: "P7D" }]);
    world.clock.advance(86_400_500);
    await run(ends, { lifetime: "keep" });
    expect(next.enrollments()[0]?.asked.lifetime).toBe(6 * 86_400_000 - 1000);
  });

  it("refuses a lifetime that the new vendor cannot give, by row and field; later it may fit", async () => {
    const descriptor = {
      lifetime: { settable: true, min: "PT1M", max: "P2D", default: "PT1H", granularity: "PT1M" },
    } as const;
    const ends = await openEnds({ next: { descriptor } });
    const { world, old, next } = ends;
    await issue(old, [
      { key: "long", validFor: "P7D" },
      { key: "short", validFor: "PT36H" },
    ]);
    const told: EnrollmentOutcome[] = [];
    const deliver = (outcomes: readonly EnrollmentOutcome[]) => void told.push(...outcomes);
    const report = await run(ends, { lifetime: "keep", deliver });
    expect(report).toMatchObject({ created: 1, failed: 1, old: { revoked: 1, kept: 1 } });
    expect(told).toContainEqual(
      expect.objectContaining({
        index: 0,
        status: "failed",
        error: expect.objectContaining({ code: "unsupported", path: "requests[0].validFor" }) as unknown,
      }),
    );
    expect(statesOf(old)).toEqual(["pending", "revoked"]);
    for (let start = 0; start < 6; start += 1) await run(ends, { lifetime: "keep" });
    world.clock.advance(5.5 * 86_400_000);
    expect(await run(ends, { lifetime: "keep" })).toMatchObject({ created: 2, failed: 0 });
    expect(statesOf(old)).toEqual(["revoked", "revoked"]);
    expect(next.enrollments()).toHaveLength(2);
  });

  it("gives all one lifetime, or the vendor's own", async () => {
    const ends = await openEnds();
    await issue(ends.old, [{ key: "a", validFor: "P7D" }]);
    await run(ends, { lifetime: "P3D" });
    await run(ends, { name: "second", revokeAfter: "never" });
    expect(ends.next.enrollments().map(({ asked }) => asked.lifetime)).toEqual([3 * 86_400_000]);
    await issue(ends.old, [{ key: "b", validFor: "P7D" }]);
    await run(ends, { name: "third" });
    expect(ends.next.enrollments()[1]?.asked.lifetime).toBe(3_600_000);
  });

  it.each([
    ["never", "lets it live for ever"],
    ["unknown", "does not say when it expires"],
  ] as const)("cannot keep a lifetime of which it is only known: %s", async (expiresAt, words) => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    const [id = ""] = await issue(old, [{ key: "a" }]);
    const listing: EnrollmentProvider["listing"] = {
      list: async function* () {
        yield await Promise.resolve({ id, provider: "old", vendor: "memory", state: "pending", expiresAt });
      },
    };
    const service = serviceOf({ ...old, listing }, next);
    await world.ledger.runMigration({ ...move, service, lifetime: "keep" });
    const [row] = await rows(ends);
    expect(row?.error).toMatchObject({
      code: "unsupported",
      path: "requests[0].validFor",
      message: `validFor is not known: old ${words}`,
    });
    expect(statesOf(old)).toEqual(["pending"]);
  });

  it.each([
    ["for all", { profile: "office" }, ["office", "office", "office"]],
    ["one by one", { profiles: { sales: "office" } }, ["office", "field", undefined]],
    ["as they are", {}, ["sales", "field", undefined]],
  ])("maps profiles that the ledger knows: %s", async (_, terms, expected) => {
    const ends = await openEnds({
      old: { descriptor: { profiles: ["sales", "field"] } },
      next: { descriptor: { profiles: ["sales", "field", "office"] } },
    });
    const { world, old, next } = ends;
    const recorded = world.ledger.recorded(old);
    await recorded.createEnrollment({ key: "a", profile: "sales" });
    await recorded.createEnrollment({ key: "b", profile: "field" });
    await issue(old, [{ key: "unseen" }]);
    await run(ends, terms);
    const made = new Map(next.enrollments().map(({ asked }) => [asked.key, asked.profile]));
    expect([1, 2, 3].map((number) => made.get(`old/enrollment-${number}`))).toEqual(expected);
  });

  it("never drops a wish in silence: a row that cannot be honoured fails, and with warn it goes with a warning", async () => {
    const fields = { tags: "unsupported" } as const;
    const open = async () => {
      const base = await openEnds();
      const { next } = base;
      const descriptor = { ...next.descriptor, fields: { ...next.descriptor.fields, ...fields } };
      return openEnds({ next: { descriptor } });
    };
    const ends = await open();
    await issue(ends.old, [{ key: "a", tags: ["sales"] }]);
    await run(ends);
    expect((await rows(ends))[0]?.error).toMatchObject({ code: "unsupported", path: "requests[0].tags" });
    expect(statesOf(ends.old)).toEqual(["pending"]);
    await run(ends, { name: "warned", onUnsupported: "warn" });
    const [outcome] = await collect(ends.world.ledger.outcomes("warned"));
    expect(outcome?.status === "created" && outcome.enrollment.warnings).toMatchObject([
      { code: "unsupported", field: "tags" },
    ]);
  });

  it("tries again what failed here once the new vendor's settings allow it", async () => {
    const ends = await openEnds({ old: { descriptor: { profiles: ["sales"] } } });
    const { world, old, next } = ends;
    await world.ledger.recorded(old).createEnrollment({ key: "a", profile: "sales" });
    expect(await run(ends)).toMatchObject({ failed: 1 });
    expect((await rows(ends))[0]?.error).toMatchObject({ path: "requests[0].profile" });
    const wider = { ...next, descriptor: { ...next.descriptor, profiles: ["sales"] } };
    const mute = { ...wider, createEnrollment: () => next.createEnrollment({ key: "old/enrollment-1" }) };
    const service = serviceOf(old, without(mute, "bulk"));
    expect(await world.ledger.runMigration({ ...move, service })).toMatchObject({ created: 1, failed: 0 });
    expect(statesOf(old)).toEqual(["revoked"]);
  });

  it("leaves the old ones as they are with never; a later start may take them back", async () => {
    const ends = await openEnds();
    const { world, old } = ends;
    await issue(old, rowsOf(2));
    expect(await run(ends, { revokeAfter: "never" })).toMatchObject({
      revokeAfter: "never",
      old: { kept: 2, revoked: 0 },
    });
    expect(statesOf(old)).toEqual(["pending", "pending"]);
    expect((await collect(world.ledger.expiring("P30D", { provider: "old" }))).length).toBe(0);
    expect(await run(ends)).toMatchObject({ revokeAfter: "never", old: { kept: 2 } });
    expect(await run(ends, { revokeAfter: "created" })).toMatchObject({ old: { revoked: 2 } });
    expect(await world.ledger.migrationReport(move.name)).toMatchObject({ revokeAfter: "created" });
    expect(statesOf(old)).toEqual(["revoked", "revoked"]);
  });

  it("with enrolled takes an old one back when a device has come in by the new one, and says how many wait", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(3));
    const made: EnrollmentOutcome[] = [];
    const first = await run(ends, {
      revokeAfter: "enrolled",
      deliver: (outcomes: readonly EnrollmentOutcome[]) => void made.push(...outcomes),
    });
    expect(first).toMatchObject({ created: 3, old: { waiting: 3, revoked: 0 } });
    const enroll = (index: number) => {
      const outcome = made.find((each) => each.index === index);
      if (outcome?.status === "created") next.enrollDevice(outcome.enrollment);
    };
    enroll(1);
    const { ledger, service } = world;
    const second = await ledger.runMigration({ name: move.name, service });
    expect(second).toMatchObject({ revokeAfter: "enrolled", old: { waiting: 2, revoked: 1 } });
    expect(statesOf(old)).toEqual(["pending", "revoked", "pending"]);
    enroll(0);
    await ledger.sync({ service });
    await run(ends);
    expect(statesOf(old)).toEqual(["revoked", "revoked", "pending"]);
  });

  it.each([
    ["used", "used", 1],
    ["taken back", "revoked", 1],
    ["expired", "expired", 2],
  ] as const)("leaves out what was %s since the list was taken down", async (_, reason, count) => {
    const ends = await openEnds({ next: { descriptor: { roles: ["reconciliation", "tracking"] } } });
    const { world, old, next } = ends;
    const first = await old.createEnrollment({ key: "a", validFor: "P1D" });
    await issue(old, [{ key: "b", validFor: reason === "expired" ? "P1D" : "P7D" }]);
    const stop = new Error("stopped");
    await expect(run(ends, { onCaptured: () => Promise.reject(stop) })).rejects.toBe(stop);
    if (reason === "used") old.enrollDevice(first);
    if (reason === "revoked") await old.revocation?.revoke(first.id);
    if (reason === "expired") world.clock.advance(2 * 86_400_000);
    const told: EnrollmentOutcome[] = [];
    const report = await run(ends, {
      deliver: (outcomes: readonly EnrollmentOutcome[]) => void told.push(...outcomes),
    });
    expect(report).toMatchObject({ rows: 2, skipped: count, failed: 0, created: 2 - count });
    expect((await rows(ends))[0]).toMatchObject({ skipped: reason, old: "ended" });
    expect(told).toContainEqual(
      expect.objectContaining({
        index: 0,
        status: "failed",
        error: expect.objectContaining({
          message: expect.stringContaining("not moved from old: ") as string,
        }) as unknown,
      }),
    );
    expect(next.enrollments()).toHaveLength(2 - count);
    expect(await run(ends)).toMatchObject({ skipped: count, created: 2 - count });
  });

  it("moves what another migration has made to the same vendor no second time", async () => {
    const ends = await openEnds();
    await issue(ends.old, rowsOf(2));
    await run(ends, { revokeAfter: "never" });
    const { ledger, service } = ends.world;
    const second = await ledger.runMigration({ ...move, name: "again", service });
    expect(second).toMatchObject({ rows: 2, skipped: 2, created: 0, old: { kept: 2 } });
    expect([...madeFor(ends.next).values()]).toEqual([1, 1]);
  });

  it("tries a revoke again that failed, and says so", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(2));
    const deaf = { ...old, revocation: { revoke: () => Promise.reject(new Error("deaf")) } };
    const first = await world.ledger.runMigration({ ...move, service: serviceOf(deaf, next) });
    expect(first).toMatchObject({ created: 2, old: { "not-revoked": 2, revoked: 0 } });
    expect((await rows(ends))[0]?.oldError).toMatchObject({ code: "unknown", provider: "old" });
    expect(await run(ends)).toMatchObject({ old: { "not-revoked": 0, revoked: 2 } });
    expect(await rows(ends)).toMatchObject([{ oldError: undefined }, { oldError: undefined }]);
    expect([...madeFor(next).values()]).toEqual([1, 1]);
  });

  it("keeps an old one whose new one was lost since", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(2));
    const deaf = { ...old, revocation: { revoke: () => Promise.reject(new Error("deaf")) } };
    await world.ledger.runMigration({ ...move, service: serviceOf(deaf, next) });
    await next.revocation?.revoke("enrollment-1");
    expect(await run(ends)).toMatchObject({ old: { revoked: 1, "not-revoked": 1 } });
    expect(statesOf(old).sort()).toEqual(["pending", "revoked"]);
    const revoked = next.enrollments().find(({ state }) => state === "revoked")?.asked.key;
    const kept = old.enrollments().find(({ state }) => state === "pending")?.id;
    expect(revoked).toBe(`old/${kept ?? ""}`);
  });

  it("keeps old ones while the new vendor cannot be asked about those of an earlier start", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(1));
    await run(ends, { revokeAfter: "enrolled" });
    next.failNext({ kind: "status", status: 403 });
    const { ledger, service } = world;
    const second = await ledger.runMigration({ name: move.name, service, revokeAfter: "created" });
    expect(second).toMatchObject({ trackingError: { code: "forbidden" }, old: { waiting: 1 } });
    expect(statesOf(old)).toEqual(["pending"]);
  });

  it("sees through what is under way when it is stopped, and goes on later", async () => {
    const ends = await openEnds({ next: { descriptor: { roles: ["reconciliation", "tracking"] } } });
    const { old, next } = ends;
    await issue(old, rowsOf(30));
    const controller = new AbortController();
    const reason = new Error("enough");
    await expect(
      run(ends, {
        concurrency: 2,
        signal: controller.signal,
        deliver: () => {
          controller.abort(reason);
        },
      }),
    ).rejects.toBe(reason);
    expect(statesOf(old)).not.toContain("revoked");
    expect(await run(ends)).toMatchObject({ created: 30, old: { revoked: 30 } });
    expect([...madeFor(next).values()]).toEqual(Array(30).fill(1));
  });

  it("goes on with a new key, and forgets a person who is erased before it is moved", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(3));
    const stop = new Error("stopped");
    await expect(run(ends, { onCaptured: () => Promise.reject(stop) })).rejects.toBe(stop);
    const later = await world.crash({ keys: [keyOf(2), keyOf(1)] });
    await later.ledger.rotateKeys();
    expect(await later.ledger.erase("person-1@example.com")).toMatchObject({ erased: 2, live: [2] });
    const last = await later.crash({ keys: [keyOf(2)] });
    expect(await run({ ...ends, world: last })).toMatchObject({ created: 2, failed: 1, old: { kept: 1 } });
    expect(statesOf(old)).toEqual(["revoked", "pending", "revoked"]);
    expect(next.enrollments().map(({ asked }) => asked.recipient?.email)).not.toContain(
      "person-1@example.com",
    );
  });

  it("goes with its run when that is purged, once no old one lives", async () => {
    const ends = await openEnds();
    const { world, old } = ends;
    await issue(old, rowsOf(2));
    await run(ends, { revokeAfter: "never" });
    world.clock.advance(2 * 86_400_000);
    const purge = () => world.ledger.purge({ before: toIsoInstant(world.clock.now()) });
    expect(statesOf(ends.next)).toEqual(["expired", "expired"]);
    expect(await purge()).toEqual({ records: 0, runs: 0 });
    world.clock.advance(30 * 86_400_000);
    expect(await purge()).toEqual({ records: 4, runs: 1 });
    expect(await world.query("SELECT * FROM moves")).toEqual([]);
  });

  it("with enrolled takes back what is known to be used, also while the new vendor cannot be asked", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(2));
    await run(ends, { revokeAfter: "enrolled" });
    await world.ledger.noteUse({ provider: "new", enrollmentId: "enrollment-1", device: { id: "d" } });
    next.failNext({ kind: "status", status: 403 });
    expect(await run(ends)).toMatchObject({
      trackingError: { code: "forbidden" },
      old: { revoked: 1, waiting: 1 },
    });
    expect(statesOf(old).sort()).toEqual(["pending", "revoked"]);
  });
});
