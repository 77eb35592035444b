import { createReliably, EnrollmentService, type EnrollmentProvider } from "@enrollkit/core";
import { expect, it } from "vitest";
import { describeOnBothBackEnds } from "../support/storages.js";
import { collect, keyOf, until, useWorlds, without, withoutAnswer, type World } from "./world.js";

const email = "ada.lovelace@example.com";
const ada = {
  key: "Ada Lovelace",
  recipient: { email, name: "Ada Lovelace" },
  device: { name: "lovelace-phone", serialNumber: "LOVELACE-1" },
} as const;
const bob = { key: "bob", recipient: { email: "bob@example.com" } } as const;

/** Every column of every table as text, the queue's included. */
const dump = async ({ query }: World): Promise<string> => {
  const tables = await query<{ name: string }>(`
    SELECT table_schema || '.' || table_name AS name FROM information_schema.tables
      WHERE table_schema LIKE current_schema() || '%'`);
  const rows = await Promise.all(tables.map(({ name }) => query(`SELECT t::text AS row FROM ${name} t`)));
  return rows
    .flat()
    .map(({ row }) => String(row))
    .join("\n");
};

/** What could be compared with a guess, or opened, in the records that are about her. */
const tracesOf = async ({ query }: World) => {
  const rows = await query<Record<string, string | null>>(`
    SELECT r.recipient_hash, r.request_fingerprint, r.secret_fingerprint, r.sealed_request, r.sealed_secrets,
        runs.fingerprint
      FROM records r LEFT JOIN runs ON runs.id = r.run_id
      WHERE r.key ILIKE '%lovelace%' OR r.recipient::text ILIKE '%lovelace%' OR r.device::text ILIKE '%lovelace%'`);
  return rows.flatMap((row) => Object.values(row)).filter((value) => value !== null);
};

/** Long enough that no fingerprint has it by chance. */
const words = /lovelace/i;

describeOnBothBackEnds("erasing a person", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  it("leaves no trace in any table, and everybody else as they were", async () => {
    const world = await createWorld({ settings: { keys: [keyOf(1)], recipients: "store" } });
    const { ledger, vendor, service } = world;
    const provider = ledger.recorded(vendor);
    const enrollment = await provider.createEnrollment(ada);
    const device = { id: "d", name: "Lovelace's" };
    const usedAt = "2026-09-20T10:00:00Z";
    await ledger.noteUse({ provider: "memory", enrollmentId: enrollment.id, device, usedAt });
    await provider.createEnrollment({ ...ada, key: email.toUpperCase(), uses: "unlimited" });
    await provider.createEnrollment(bob);
    await ledger.run({ name: "run", requests: () => [{ ...ada, key: "row of Ada Lovelace" }], service });
    await ledger.renew(4, { service });
    await ledger.run({ name: "other", requests: () => [{ ...bob, key: "row of Bob" }], service });
    vendor.failNext(
      { kind: "status", status: 400, body: { error: { code: "x", message: "no Lovelace" } } },
      "create",
    );
    await provider.createEnrollment({ ...ada, device: undefined }).catch(() => undefined);
    const traces = await tracesOf(world);
    expect(traces.length).toBeGreaterThan(15);
    expect(await dump(world)).toMatch(words);
    const others = await collect(ledger.records({ recipient: "bob@example.com" }));

    expect(await ledger.erase("Ada.Lovelace@Example.com")).toEqual({ erased: 5, live: [2, 5] });

    const left = await dump(world);
    expect(left).not.toMatch(words);
    for (const trace of traces) expect(left).not.toContain(trace);
    expect(await collect(ledger.records({ recipient: "bob@example.com" }))).toEqual(others);
    expect(await collect(ledger.records())).toMatchObject([
      { outcome: "created", state: "used", usedAt: "2026-09-20T10:00:00Z", devices: [], key: undefined },
      {
        outcome: "created",
        state: "pending",
        enrollmentId: "enrollment-2",
        erasedAt: "2026-09-20T10:00:00Z",
        warnings: [{ code: "security", message: "erased" }],
      },
      { key: "bob" },
      { outcome: "created", state: "revoked", key: "run#0" },
      { outcome: "created", state: "pending", renews: 4, key: undefined },
      { key: "row of Bob" },
      {
        outcome: "failed",
        error: {
          code: "failed-precondition",
          message: "the person was erased; it had failed",
          vendorCode: "invalid-request",
        },
      },
    ]);
    expect((await ledger.history(1)).at(-1)).toEqual({
      event: "erased",
      at: "2026-09-20T10:00:00Z",
      by: "erase",
      outcome: "created",
      state: "used",
    });
    expect(await ledger.erase(email)).toEqual({ erased: 0, live: [] });
  });

  it("lasts: what is learned later brings no device back", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    const enrollment = await ledger.recorded(vendor).createEnrollment(ada);
    expect(await ledger.erase(email)).toEqual({ erased: 1, live: [1] });
    vendor.enrollDevice(enrollment, { id: "d", name: "Lovelace's Pixel" });
    await ledger.sync({ service });
    expect(await collect(ledger.records())).toMatchObject([
      { state: "used", devices: [], detail: undefined },
    ]);
    expect(await dump(world)).not.toMatch(words);
  });

  it("lasts: a run that had her is started again, and sends nothing again", async () => {
    const { ledger, vendor, service } = await createWorld();
    const mute: EnrollmentProvider = {
      ...without(vendor, "bulk"),
      reconciliation: {
        reconcile: (attempts) =>
          Promise.resolve(
            attempts.map(() => ({ status: "undecided", reason: "mute", checkByHand: "look" }) as const),
          ),
      },
    };
    vendor.failNext({ kind: "status", status: 503 }, "create", 2);
    const requests = () => [ada, bob, { ...ada, key: "second", device: { serialNumber: "LOVELACE-2" } }];
    const first = new EnrollmentService({ providers: [mute] });
    await ledger.run({ name: "run", requests, service: first, concurrency: 1 });
    expect((await collect(ledger.records())).map(({ outcome }) => outcome)).toEqual([
      "unknown",
      "unknown",
      "created",
    ]);
    expect(await ledger.erase(email)).toMatchObject({ erased: 2 });
    const made = vendor.enrollments().length;
    const progress = await ledger.run({ name: "run", requests, service });
    expect(progress.counts).toMatchObject({ created: 2, failed: 1, unknown: 0 });
    expect(
      vendor
        .enrollments()
        .slice(made)
        .map(({ asked }) => asked.key),
    ).toEqual(["bob"]);
    expect(await collect(ledger.outcomes("run"))).toMatchObject([
      { index: 0, status: "failed", error: { code: "outcome-unknown", path: "requests[0]" } },
      { index: 1, status: "created" },
      { index: 2, status: "created" },
    ]);
  });

  it("takes back what was only planned", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    await ledger.submit({ name: "queued", requests: () => [ada, bob], service });
    expect(await ledger.erase(email)).toEqual({ erased: 1, live: [] });
    expect(await dump(world)).not.toMatch(words);
    await ledger.work({ service, until: "empty" });
    expect(vendor.enrollments().map(({ asked }) => asked.key)).toEqual(["bob"]);
    expect(await collect(ledger.records())).toMatchObject([
      { outcome: "failed", error: { message: "the person was erased before it was sent", retryable: false } },
      { outcome: "created" },
    ]);
  });

  it("is refused while something is being sent, and names that", async () => {
    const world = await createWorld();
    const { ledger, vendor } = world;
    await ledger.recorded(vendor).createEnrollment(ada);
    void ledger.recorded(withoutAnswer(vendor)).createEnrollment({ ...ada, device: undefined });
    await until(async () => (await ledger.count({ outcomes: ["sending"] })) === 1);
    await expect(ledger.erase(email)).rejects.toMatchObject({
      code: "failed-precondition",
      message: "records of this person are being sent right now: 2",
      advice: "erase the person once that is done; nothing was changed",
    });
    expect(await ledger.count({ recipient: email })).toBe(2);
    const next = await world.crash();
    expect(await next.ledger.erase(email)).toMatchObject({ erased: 2 });
    expect(await collect(next.ledger.records())).toMatchObject([
      { outcome: "created" },
      { outcome: "failed", error: { code: "outcome-unknown" } },
    ]);
  });

  it("leaves an enrollment that can be taken back, and be renewed only with what is needed", async () => {
    const { ledger, vendor, service, clock } = await createWorld();
    const provider = ledger.recorded(vendor);
    await createReliably(provider, ada, { clock });
    const { live } = await ledger.erase(email);
    const [record] = await collect(ledger.records({ ids: live }));
    await provider.revocation?.revoke(record?.enrollmentId ?? "");
    expect(vendor.liveCount()).toBe(0);
    expect(await collect(ledger.records())).toMatchObject([{ state: "revoked" }]);
    const renewal = await ledger.renew(1, { service, changes: { recipient: bob.recipient } });
    expect(renewal.record.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("finds nobody by nothing", async () => {
    const { ledger } = await createWorld();
    await expect((async () => ledger.erase(""))()).rejects.toMatchObject({ code: "invalid-request" });
  });
});
