import { EnrollmentService, findArtifact, type EnrollmentProvider } from "@enrollkit/core";
import { createMemoryProvider, memoryDescriptor } from "@enrollkit/testing";
import { describe, expect, it } from "vitest";
import { describeOnBothBackEnds } from "../support/storages.js";
import { collect, until, useWorlds, without, withoutAnswer, type World } from "./world.js";

const ada = {
  key: "row-1",
  recipient: { email: "ada@example.com", name: "Ada" },
  device: { name: "pixel-ada" },
  validFor: "P7D",
  uses: "unlimited",
  tags: ["sales"],
  additionalData: "desk 7",
} as const;

const createOne = ({ ledger, vendor }: World, request: object = ada) =>
  ledger.recorded(vendor).createEnrollment(request);

const serviceOf = (provider: EnrollmentProvider) => new EnrollmentService({ providers: [provider] });

describeOnBothBackEnds("renewal", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  it("repeats the request under another key, and takes the old one back afterwards", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    const old = await createOne(world);
    const renewal = await ledger.renew(1, { service });
    expect(renewal).toMatchObject({
      enrollment: { id: "enrollment-2", key: "row-1~2", uses: "unlimited" },
      record: { id: 2, renews: 1, key: "row-1~2", outcome: "created", state: "pending" },
      replaced: { id: 1, renewedBy: 2, state: "revoked", changedBy: "renew" },
      revocation: "revoked",
      madeFrom: "request",
    });
    const [first, second] = vendor.enrollments();
    expect(first?.state).toBe("revoked");
    expect(second?.asked).toEqual({ ...first?.asked, key: "row-1~2" });
    const token = findArtifact(renewal.enrollment, "enrollment-token")?.value.reveal();
    expect(token).not.toBe(findArtifact(old, "enrollment-token")?.value.reveal());
    expect(token).toBe(second?.token.reveal());
    expect(await collect(ledger.expiring("P8D"))).toMatchObject([{ id: 2 }]);
  });

  it("counts on, from renewal to renewal", async () => {
    const world = await createWorld();
    await createOne(world, { key: "row~2" });
    await createOne(world, {});
    const keys: (string | undefined)[] = [];
    for (const id of [1, 3, 4]) {
      keys.push((await world.ledger.renew(id, { service: world.service })).enrollment.key);
    }
    expect(keys).toEqual(["row~2~2", "row~2~3", "row~2~4"]);
  });

  it("gives a key that would be too long up for another", async () => {
    const world = await createWorld();
    await createOne(world, { key: "k".repeat(512) });
    const { record } = await world.ledger.renew(1, { service: world.service });
    expect(record.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("takes changes, and takes wishes away", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    await createOne(world);
    const changes = { validFor: "P1D", tags: undefined, key: "mine" } as const;
    await ledger.renew(1, { service, changes });
    expect(vendor.enrollments()[1]?.asked).toMatchObject({
      key: "mine",
      lifetime: 86_400_000,
      tags: undefined,
    });
  });

  it("says nothing of a person whom it is no longer for", async () => {
    const world = await createWorld();
    await createOne(world, { ...ada, key: "ada-lovelace" });
    const changes = { recipient: { email: "bob@example.com" } };
    const { record } = await world.ledger.renew(1, { service: world.service, changes });
    expect(record.key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("keeps the old one if it is told to, or the vendor cannot take it back", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    await createOne(world);
    await createOne(world, { key: "b" });
    expect((await ledger.renew(1, { service, old: "keep" })).revocation).toBe("kept");
    const renewal = await ledger.renew(2, { service: serviceOf(without(vendor, "revocation")) });
    expect(renewal).toMatchObject({ revocation: "not-supported", replaced: { state: "pending" } });
    expect(vendor.liveCount()).toBe(4);
    expect((await collect(ledger.expiring("P30D"))).map(({ id }) => id)).toEqual([4, 3]);
  });

  it("tells of one enrollment that stands for both by the new record alone, and does not revoke it", async () => {
    const world = await createWorld();
    const { ledger, vendor } = world;
    const seen: unknown[] = [];
    const eset: EnrollmentProvider = {
      ...vendor,
      createEnrollment: async (request, options) => {
        seen.push(request.device);
        const enrollment = await vendor.createEnrollment({ ...request, device: undefined }, options);
        return { ...enrollment, id: "device-7", device: { ...request.device, id: "device-7" } };
      },
    };
    await createOne({ ...world, vendor: { ...vendor, ...eset } });
    const renewal = await ledger.renew(1, { service: serviceOf(eset) });
    expect(seen).toEqual([{ name: "pixel-ada" }, { name: "pixel-ada", id: "device-7" }]);
    expect(renewal).toMatchObject({
      revocation: "not-supported",
      replaced: {
        state: "unknown",
        detail: "the vendor has one enrollment for this record and record 2",
        enrollmentId: "device-7",
      },
      record: { state: "pending", enrollmentId: "device-7" },
    });
    await ledger.noteUse({ provider: "memory", enrollmentId: "device-7", device: { id: "device-7" } });
    expect(await collect(ledger.records())).toMatchObject([{ state: "unknown" }, { state: "used" }]);
  });

  it("renews what has run out", async () => {
    const world = await createWorld();
    await createOne(world);
    world.clock.advance(8 * 86_400_000);
    expect(await world.ledger.renew(1, { service: world.service })).toMatchObject({
      record: { state: "pending" },
      replaced: { state: "expired" },
    });
  });

  it("asks for what a run asked for", async () => {
    const { ledger, vendor, service } = await createWorld();
    const requests = () => [{ ...ada, key: undefined, validFor: "P99D" }] as const;
    await ledger.run({ name: "run", requests, service, onUnsupported: "warn" });
    const renewal = await ledger.renew(1, { service });
    expect(renewal.enrollment).toMatchObject({ key: "run#0~2", warnings: [{ field: "validFor" }, {}] });
    expect(vendor.enrollments()[1]?.asked).toMatchObject({ tags: ["sales"] });
  });

  describe("is refused", () => {
    const cases: readonly (readonly [
      string,
      (world: World) => Promise<unknown>,
      { readonly code: string; readonly message: string },
    ])[] = [
      [
        "of what was used up",
        async (world) => {
          const { id: enrollmentId } = await createOne(world, { key: "a" });
          await world.ledger.noteUse({ provider: "memory", enrollmentId, device: { id: "d" } });
        },
        { code: "already-enrolled", message: "record 1 cannot be renewed: its device has come in" },
      ],
      [
        "of what was renewed already",
        async (world) => {
          await createOne(world);
          await world.ledger.renew(1, { service: world.service });
        },
        { code: "failed-precondition", message: "record 1 was renewed already by record 2" },
      ],
      [
        "of what failed",
        async (world) => {
          world.vendor.failNext({ kind: "status", status: 403 }, "create");
          await createOne(world).catch(() => undefined);
        },
        { code: "failed-precondition", message: "record 1 cannot be renewed: there is no enrollment" },
      ],
      [
        "of what is in the making",
        async (world) => {
          void world.ledger.recorded(withoutAnswer(world.vendor)).createEnrollment(ada);
          await until(() => world.vendor.enrollments().length === 1);
        },
        { code: "failed-precondition", message: "record 1 cannot be renewed: it is still in the making" },
      ],
      ["of nothing", () => Promise.resolve(), { code: "not-found", message: "there is no record 1" }],
    ];
    it.each(cases)("%s", async (_, prepare, refusal) => {
      const world = await createWorld();
      await prepare(world);
      const made = world.vendor.enrollments().length;
      await expect(world.ledger.renew(1, { service: world.service })).rejects.toMatchObject(refusal);
      expect(world.vendor.enrollments()).toHaveLength(made);
    });

    it.each([
      [{ changes: { key: "row-1" } }, { code: "invalid-request", path: "key" }],
      [{ changes: { validFor: "P99D" } }, { code: "unsupported", path: "validFor", provider: "memory" }],
      [{ changes: { recipient: { email: "nobody" } } }, { code: "invalid-request", path: "recipient.email" }],
    ] as const)("with %j, before anything is recorded or sent", async (options, refusal) => {
      const world = await createWorld();
      await createOne(world);
      const renewing = world.ledger.renew(1, { service: world.service, ...options });
      await expect(renewing).rejects.toMatchObject(refusal);
      expect(await world.ledger.count()).toBe(1);
    });

    it("by the vendor: the old one stays, and a later try is the same record", async () => {
      const world = await createWorld();
      const { ledger, vendor, service } = world;
      await createOne(world);
      vendor.failNext({ kind: "status", status: 403 }, "create");
      await expect(ledger.renew(1, { service })).rejects.toMatchObject({ code: "forbidden" });
      expect(await collect(ledger.records())).toMatchObject([{ state: "pending" }, { outcome: "failed" }]);
      const renewal = await ledger.renew(1, { service, changes: { validFor: "P2D" } });
      expect(renewal).toMatchObject({ record: { id: 2, tries: 2 }, replaced: { state: "revoked" } });
      expect(vendor.enrollments()).toHaveLength(2);
    });
  });

  describe("without a key", () => {
    const keyless = { settings: { keys: [], recipients: "store" } } as const;

    it("is made up from what the record holds, and says so", async () => {
      const world = await createWorld(keyless);
      const { ledger, vendor, service } = world;
      await createOne(world, { ...ada, platform: "android", management: "dedicated", ownership: "company" });
      const renewal = await ledger.renew(1, { service });
      expect(renewal).toMatchObject({ madeFrom: "record", enrollment: { key: "row-1~2" } });
      expect(vendor.enrollments()[1]?.asked).toEqual({
        ...vendor.enrollments()[0]?.asked,
        key: "row-1~2",
        tags: undefined,
        additionalData: undefined,
      });
    });

    it("names what the vendor needs and the record does not hold", async () => {
      const fields = { ...memoryDescriptor.fields, "recipient.email": "required" } as const;
      const world = await createWorld({
        settings: { keys: [] },
        vendor: { descriptor: { fields } },
      });
      await createOne(world);
      const { ledger, service } = world;
      await expect(ledger.renew(1, { service })).rejects.toMatchObject({
        code: "failed-precondition",
        path: "recipient.email",
        message: "In-memory MDM needs recipient.email, and record 1 does not hold it",
      });
      const changes = { recipient: ada.recipient };
      expect(await ledger.renew(1, { service, changes })).toMatchObject({ record: { key: "row-1~2" } });
    });

    it("repeats no wish that the vendor has settled itself", async () => {
      const world = await createWorld(keyless);
      await createOne(world, { key: "a", platform: "android" });
      const picky = createMemoryProvider({
        descriptor: {
          platforms: ["android"],
          managementModes: [],
          ownerships: [],
          lifetime: { settable: false },
        },
        runtime: { clock: world.clock },
      });
      await world.query("UPDATE records SET management = 'fully-managed', ownership = 'company'");
      await world.ledger.renew(1, { service: serviceOf(picky) });
      expect(picky.enrollments()[0]?.asked).toMatchObject({ platform: "android", key: "a~2" });
    });
  });
});
