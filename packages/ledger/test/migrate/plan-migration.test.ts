import { expect, it } from "vitest";
import { collect, without } from "../care/world.js";
import { describeOnBothBackEnds } from "../support/storages.js";
import { issue, move, rowsOf, serviceOf, useEnds, type Ends } from "./ends.js";

const plan = ({ world: { ledger, service } }: Ends, options: object = {}) =>
  ledger.planMigration({ from: "old", to: "new", service, ...options });

describeOnBothBackEnds("the plan of a migration", (openStorage) => {
  const openEnds = useEnds(openStorage);

  it("changes nothing, and says what would become of each", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await world.ledger.recorded(old).createEnrollment({ key: "known", validFor: "P7D" });
    await issue(old, [{ key: "unseen", validFor: "P1D" }]);
    const before = [await world.query("SELECT * FROM records"), old.callCount()];
    const found = await plan(ends);
    expect(found).toMatchObject({
      from: "old",
      to: "new",
      revokeAfter: "created",
      source: "listing",
      limits: [],
      create: 2,
      refuse: 0,
      skip: 0,
      rows: [
        { enrollmentId: "enrollment-1", record: 1, key: "old/enrollment-1", action: "create" },
        { enrollmentId: "enrollment-2", record: undefined, action: "create" },
      ],
    });
    expect(found.oldValidity).toEqual({ until: found.rows[0]?.expiresAt, endless: 0 });
    expect([await world.query("SELECT * FROM records"), old.callCount() - 1]).toEqual(before);
    expect(await world.query("SELECT * FROM moves")).toEqual([]);
    expect(await world.ledger.runs()).toEqual([]);
    expect(next.callCount()).toBe(0);
  });

  it("names rows that the new vendor would refuse, by their fields, and no person", async () => {
    const base = await openEnds();
    const { fields } = base.next.descriptor;
    const descriptor = {
      fields: { ...fields, "recipient.email": "required", tags: "unsupported" },
      uses: { allowed: ["one"], default: "one" },
    } as const;
    const ends = await openEnds({ next: { descriptor } });
    const email = "ada@example.com";
    await issue(ends.old, [
      { key: "a" },
      { key: "b", recipient: { email }, tags: ["sales"] },
      { key: "c", recipient: { email }, uses: "unlimited" },
      { key: "d", recipient: { email } },
    ]);
    const found = await plan(ends);
    expect(found).toMatchObject({ create: 1, refuse: 3 });
    expect(found.rows.map(({ action, error }) => [action, error?.code, error?.path])).toEqual([
      ["refuse", "invalid-request", "recipient.email"],
      ["refuse", "unsupported", "tags"],
      ["refuse", "unsupported", "uses"],
      ["create", undefined, undefined],
    ]);
    expect(JSON.stringify(found)).not.toContain("ada");
    expect(await plan(ends, { onUnsupported: "warn" })).toMatchObject({ create: 3, refuse: 1 });
    expect(await plan(ends, { lifetime: "P90D" })).toMatchObject({ create: 0, refuse: 4 });
    expect(ends.next.callCount()).toBe(0);
  });

  it("takes the recipient that a list does not tell from the ledger's sealed request", async () => {
    const base = await openEnds();
    const fields = { ...base.next.descriptor.fields, "recipient.email": "required" } as const;
    const ends = await openEnds({ next: { descriptor: { fields } } });
    const { world, old, next } = ends;
    await world.ledger.recorded(old).createEnrollment({ key: "a", recipient: { email: "ada@example.com" } });
    await issue(old, [{ key: "b", recipient: { email: "bob@example.com" } }]);
    const silent = {
      ...old,
      listing: {
        list: async function* () {
          for await (const each of old.listing?.list() ?? []) yield { ...each, recipient: undefined };
        },
      },
    };
    const found = await world.ledger.planMigration({ ...move, service: serviceOf(silent, next) });
    expect(found.rows.map(({ action, error }) => [action, error?.path])).toEqual([
      ["create", undefined],
      ["refuse", "recipient.email"],
    ]);
    const keyless = await world.crash({ keys: [] }).catch((error: unknown) => error);
    expect(keyless).toMatchObject({ code: "failed-precondition" });
  });

  it("leaves out what is over, and what another migration has", async () => {
    const ends = await openEnds();
    const { world, old } = ends;
    await issue(old, rowsOf(1));
    await world.ledger.runMigration({ ...move, service: world.service, revokeAfter: "never" });
    await issue(old, [{ key: "new" }]);
    const found = await plan(ends);
    expect(found).toMatchObject({ create: 1, skip: 1 });
    expect(found.rows[0]).toMatchObject({ action: "skip", skipped: "moved", movedBy: "spring-move" });
  });

  it("of a vendor that cannot list moves what the ledger has on record, and says so", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    const recorded = world.ledger.recorded(old);
    await recorded.createEnrollment({ key: "a", recipient: { email: "ada@example.com" }, tags: ["x"] });
    const gone = await recorded.createEnrollment({ key: "b" });
    await recorded.revocation?.revoke(gone.id);
    await issue(old, [{ key: "never seen" }]);
    const service = serviceOf(without(old, "listing"), next);
    const found = await world.ledger.planMigration({ ...move, service });
    expect(found).toMatchObject({ source: "records", create: 1, rows: [{ enrollmentId: "enrollment-1" }] });
    expect(found.limits).toEqual([
      {
        provider: "old",
        role: "listing",
        message: expect.stringContaining("what it never saw is not") as string,
      },
    ]);
    await world.ledger.runMigration({ ...move, service });
    expect(next.enrollments().map(({ asked }) => asked)).toMatchObject([
      { recipient: { email: "ada@example.com" }, tags: ["x"] },
    ]);
  });

  it("of a vendor that cannot take back says until when the old ones stay valid, and leaves them", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(2));
    const service = serviceOf(without(old, "revocation"), next);
    const found = await world.ledger.planMigration({ ...move, service });
    expect(found.limits).toEqual([
      {
        provider: "old",
        role: "revocation",
        message: "In-memory MDM cannot take enrollments back: the old ones stay valid until they expire",
      },
    ]);
    expect(found.oldValidity.until).toBe(found.rows[1]?.expiresAt);
    const report = await world.ledger.runMigration({ ...move, service });
    expect(report).toMatchObject({ created: 2, old: { "not-supported": 2, waiting: 0 } });
    expect(old.liveCount()).toBe(2);
    const rows = await collect(world.ledger.migrationRows(move.name));
    expect(rows[1]?.oldExpiresAt).toBe(found.oldValidity.until);
    expect(await collect(world.ledger.expiring("P30D", { provider: "old" }))).toEqual([]);
  });

  it("of a vendor that cannot track says so, and moves what has been used", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(1));
    const service = serviceOf(without(old, "tracking"), next);
    const { limits } = await world.ledger.planMigration({ ...move, service });
    expect(limits).toMatchObject([{ provider: "old", role: "tracking" }]);
    expect(await world.ledger.runMigration({ ...move, service })).toMatchObject({ created: 1 });
  });

  it("says what a new vendor cannot tell, and refuses to wait for that", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(1));
    const service = serviceOf(old, without(next, "tracking", "reconciliation"));
    const { limits } = await world.ledger.planMigration({ ...move, service });
    expect(limits.map(({ provider, role }) => [provider, role])).toEqual([
      ["new", "tracking"],
      ["new", "reconciliation"],
    ]);
    const options = { ...move, service, revokeAfter: "enrolled" } as const;
    const refusal = { code: "unsupported", path: "revokeAfter", provider: "new" };
    await expect(world.ledger.planMigration(options)).rejects.toMatchObject(refusal);
    await expect(world.ledger.runMigration(options)).rejects.toMatchObject(refusal);
    expect(await world.ledger.runs()).toEqual([]);
    expect(await world.ledger.runMigration({ ...move, service })).toMatchObject({ old: { revoked: 1 } });
    await expect(world.ledger.runMigration(options)).rejects.toMatchObject(refusal);
  });

  it("is refused for providers that there are not", async () => {
    const ends = await openEnds();
    await expect(plan(ends, { to: "none" })).rejects.toMatchObject({ code: "invalid-request" });
  });
});
