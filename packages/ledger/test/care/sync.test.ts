import type { Enrollment, EnrollmentProvider } from "@enrollkit/core";
import { createMemoryProvider } from "@enrollkit/testing";
import { expect, it } from "vitest";
import { describeOnBothBackEnds } from "../support/storages.js";
import { collect, useWorlds, type World } from "./world.js";

const create = (
  { ledger, vendor }: World,
  request: Parameters<World["vendor"]["createEnrollment"]>[0],
  provider: EnrollmentProvider = vendor,
): Promise<Enrollment> => ledger.recorded(provider).createEnrollment(request);

const none = { pending: 0, used: 0, failed: 0, expired: 0, revoked: 0, unknown: 0 };

describeOnBothBackEnds("sync", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  it("writes down what became of enrollments, and only changes make history", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    const used = await create(world, { key: "used" });
    await create(world, { key: "pending" });
    const revoked = await create(world, { key: "revoked" });
    vendor.enrollDevice(used, { id: "d1", name: "Pixel" });
    await vendor.revocation?.revoke(revoked.id);

    const report = await ledger.sync({ service });
    const changed = { ...none, used: 1, revoked: 1 };
    expect(report).toEqual({ asked: 3, changed, providers: [{ provider: "memory", asked: 3, changed }] });
    expect(await collect(ledger.records())).toMatchObject([
      {
        state: "used",
        devices: [{ id: "d1", name: "Pixel" }],
        usedAt: "2026-09-20T10:00:00Z",
        changedBy: "sync",
      },
      { state: "pending", changedBy: "test", askedAt: "2026-09-20T10:00:00Z" },
      { state: "revoked", changedBy: "sync" },
    ]);
    expect(await ledger.sync({ service })).toMatchObject({ asked: 1, changed: none });
    expect(await ledger.history(2)).toHaveLength(2);
  });

  it("goes on asking about what may be used more than once", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    const shared = await create(world, { key: "shared", uses: "unlimited" });
    for (const [id, changed] of [
      ["d1", 1],
      ["d2", 1],
    ] as const) {
      vendor.enrollDevice(shared, { id });
      expect(await ledger.sync({ service })).toMatchObject({ asked: 1, changed: { used: changed } });
    }
    expect(await collect(ledger.records())).toMatchObject([{ devices: [{ id: "d1" }, { id: "d2" }] }]);
    expect(await ledger.history(1)).toHaveLength(3);
  });

  it("asks about what has run out until a day later, or once if that has long passed", async () => {
    const world = await createWorld();
    const { ledger, service, clock } = world;
    await create(world, { key: "a" });
    clock.advance(3_600_000);
    expect(await ledger.sync({ service })).toMatchObject({ asked: 1, changed: { expired: 1 } });
    clock.advance(3_600_000);
    expect(await ledger.sync({ service })).toMatchObject({ asked: 1 });
    clock.advance(30 * 86_400_000);
    expect(await ledger.sync({ service })).toMatchObject({ asked: 1 });
    expect(await ledger.sync({ service })).toMatchObject({ asked: 0 });
  });

  it("asks about the records that are meant, in batches, and tells how far it is", async () => {
    const world = await createWorld();
    const { ledger, service, vendor } = world;
    const requests = Array.from({ length: 600 }, (_, place) => ({ key: `row-${place}` }));
    await ledger.run({ name: "many", requests: () => requests, service });
    await create(world, { key: "single" });
    const calls = vendor.callCount();
    const asked: number[] = [];
    const report = await ledger.sync({
      service,
      filter: { run: "many" },
      onProgress: (progress) => asked.push(progress.asked),
    });
    expect(report.asked).toBe(600);
    expect(asked).toEqual([500, 600]);
    expect(vendor.callCount() - calls).toBe(2);
  });

  it("reports providers that fail, cannot tell or are gone, and asks the others", async () => {
    const mute = createMemoryProvider({ name: "mute", descriptor: { roles: [] } });
    const broken = createMemoryProvider({ name: "broken" });
    const gone = createMemoryProvider({ name: "gone" });
    const world = await createWorld({ others: () => [mute, broken] });
    const { ledger, service, vendor } = world;
    vendor.enrollDevice(await create(world, {}));
    for (const other of [mute, broken, gone]) await create(world, {}, other);
    broken.failNext({ kind: "status", status: 403 });

    const { providers, asked } = await ledger.sync({ service });
    expect(asked).toBe(1);
    expect(providers.map(({ provider, error }) => [provider, error?.code])).toEqual([
      ["broken", "forbidden"],
      ["gone", "invalid-request"],
      ["memory", undefined],
      ["mute", "unsupported"],
    ]);
    expect(providers.find(({ provider }) => provider === "mute")?.error?.message).toBe(
      "In-memory MDM cannot tell what became of an enrollment",
    );
  });

  it("ends with the signal's reason", async () => {
    const world = await createWorld();
    await create(world, {});
    const reason = new Error("enough");
    const syncing = world.ledger.sync({ service: world.service, signal: AbortSignal.abort(reason) });
    await expect(syncing).rejects.toBe(reason);
  });

  it("does not believe a vendor that knows less than the ledger", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    const used = await create(world, { uses: "unlimited" });
    await ledger.noteUse({ provider: "memory", enrollmentId: used.id, device: { id: "d1" } });
    expect(await ledger.sync({ service })).toMatchObject({ asked: 1, changed: none });
    expect(await collect(ledger.records())).toMatchObject([{ state: "used", devices: [{ id: "d1" }] }]);
    const stranger = createMemoryProvider();
    const forgetful = ledger.recorded({ ...vendor, tracking: stranger.tracking as never });
    expect(await forgetful.tracking?.getStatuses([used])).toMatchObject([{ state: "unknown" }]);
    expect(await collect(ledger.records())).toMatchObject([{ state: "used" }]);
  });
});

describeOnBothBackEnds("a vendor's message", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  it("may come twice and in any order, and tells whether the enrollment is known", async () => {
    const world = await createWorld();
    const { ledger } = world;
    const { id: enrollmentId } = await create(world, { uses: "unlimited" });
    const second = {
      provider: "memory",
      enrollmentId,
      device: { id: "d2" },
      usedAt: "2026-09-20T10:05:00Z",
    } as const;
    const first = {
      provider: "memory",
      enrollmentId,
      device: { id: "d1" },
      usedAt: "2026-09-20T10:01:00Z",
    } as const;
    for (const use of [second, first, second, first]) expect(await ledger.noteUse(use)).toBe(true);
    expect(await collect(ledger.records())).toMatchObject([
      {
        state: "used",
        usedAt: "2026-09-20T10:01:00Z",
        devices: [{ id: "d2" }, { id: "d1" }],
        changedBy: "message",
      },
    ]);
    expect(await ledger.history(1)).toHaveLength(3);
  });

  it.each([
    ["nobody's", "memory"],
    ["enrollment-1", "another provider"],
    [undefined, "memory"],
  ])("is about nothing that is on record: %s of %s", async (enrollmentId, provider) => {
    const world = await createWorld();
    await create(world, {});
    expect(await world.ledger.noteUse({ provider, enrollmentId, device: { id: "d" } })).toBe(false);
    expect(await collect(world.ledger.records())).toMatchObject([{ state: "pending", devices: [] }]);
  });
});
