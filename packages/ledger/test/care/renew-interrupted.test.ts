import { EnrollmentService, findArtifact, type EnrollmentProvider } from "@enrollkit/core";
import { expect, it } from "vitest";
import { describeOnBothBackEnds } from "../support/storages.js";
import { collect, until, useWorlds, without, withoutAnswer, type World } from "./world.js";

const ada = {
  key: "row-1",
  recipient: { email: "ada@example.com" },
  validFor: "P7D",
  uses: "unlimited",
} as const;

const createOne = ({ ledger, vendor }: World, request: object = ada) =>
  ledger.recorded(vendor).createEnrollment(request);

const serviceOf = (provider: EnrollmentProvider) => new EnrollmentService({ providers: [provider] });

describeOnBothBackEnds("a renewal that ended half-way goes on", (openStorage) => {
  const createWorld = useWorlds(openStorage);

  it.each([
    ["with a key", {}, true],
    ["without one", { settings: { keys: [] } }, false],
  ])("after the new one was made, and its answer was not recorded: %s", async (_, options, isSealed) => {
    const world = await createWorld(options);
    await createOne(world);
    void world.ledger.renew(1, { service: serviceOf(withoutAnswer(world.vendor)) });
    await until(() => world.vendor.enrollments().length === 2);
    const next = await world.crash();
    const renewal = await next.ledger.renew(1, { service: next.service });
    expect(renewal).toMatchObject({
      enrollment: { id: "enrollment-2", key: "row-1~2" },
      replaced: { state: "revoked" },
      revocation: "revoked",
    });
    expect(renewal.enrollment.artifacts.length > 0).toBe(isSealed);
    expect(next.vendor.enrollments()).toHaveLength(2);
  });

  it("before the new one was made", async () => {
    const world = await createWorld();
    await createOne(world);
    const never: EnrollmentProvider = { ...world.vendor, createEnrollment: () => new Promise(() => {}) };
    void world.ledger.renew(1, { service: serviceOf(never) });
    await until(async () => (await world.ledger.count()) === 2);
    const next = await world.crash();
    const renewal = await next.ledger.renew(1, { service: next.service });
    expect(renewal).toMatchObject({ record: { id: 2, tries: 2 }, revocation: "revoked" });
    expect(next.vendor.enrollments()).toHaveLength(2);
  });

  it("before the old one was taken back", async () => {
    const world = await createWorld();
    await createOne(world);
    const { vendor } = world;
    const stuck: EnrollmentProvider = { ...vendor, revocation: { revoke: () => new Promise(() => {}) } };
    void world.ledger.renew(1, { service: serviceOf(stuck) });
    await until(async () => (await world.ledger.count({ outcomes: ["created"] })) === 2);
    const next = await world.crash();
    expect((await collect(next.ledger.expiring("P30D"))).map(({ id }) => id)).toContain(1);
    const renewal = await next.ledger.renew(1, { service: next.service });
    expect(renewal).toMatchObject({ record: { id: 2 }, revocation: "revoked" });
    expect(findArtifact(renewal.enrollment, "enrollment-token")?.value.reveal()).toBe(
      vendor.enrollments()[1]?.token.reveal(),
    );
    expect(vendor.enrollments().map(({ state }) => state)).toEqual(["revoked", "pending"]);
  });

  it("after the old one could not be taken back, even if it was used since", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    const old = await createOne(world, { key: "a" });
    const deaf: EnrollmentProvider = {
      ...vendor,
      revocation: { revoke: () => Promise.reject(new Error("deaf")) },
    };
    const { revocation } = await ledger.renew(1, { service: serviceOf(deaf) });
    expect(revocation).toMatchObject({ error: { code: "unknown", provider: "memory" } });
    vendor.enrollDevice(old);
    await ledger.sync({ service });
    expect(await ledger.renew(1, { service })).toMatchObject({
      record: { id: 2 },
      replaced: { state: "used" },
      revocation: "revoked",
    });
    await expect(ledger.renew(1, { service })).rejects.toMatchObject({ code: "failed-precondition" });
  });

  it("only as far as the vendor can tell", async () => {
    const world = await createWorld();
    await createOne(world);
    void world.ledger.renew(1, { service: serviceOf(withoutAnswer(world.vendor)) });
    await until(() => world.vendor.enrollments().length === 2);
    const mute = without(world.vendor, "reconciliation");
    const next = await world.crash();
    await expect(next.ledger.renew(1, { service: serviceOf(mute) })).rejects.toMatchObject({
      code: "outcome-unknown",
      message: "the answer was lost, and In-memory MDM cannot be asked what became of it",
    });
    next.vendor.failNext({ kind: "status", status: 403 });
    await expect(next.ledger.renew(1, { service: next.service })).rejects.toMatchObject({
      code: "forbidden",
    });
    expect(await next.ledger.renew(1, { service: next.service })).toMatchObject({ revocation: "revoked" });
    expect(next.vendor.enrollments()).toHaveLength(2);
  });

  it("not while another is at it", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    await createOne(world);
    let answer = () => {};
    const slow: EnrollmentProvider = {
      ...vendor,
      createEnrollment: async (request, options) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return vendor.createEnrollment(request, options);
      },
    };
    const renewing = ledger.renew(1, { service: serviceOf(slow) });
    await until(async () => (await ledger.count({ outcomes: ["sending"] })) === 1);
    await expect(ledger.renew(1, { service })).rejects.toMatchObject({
      code: "unavailable",
      message: "record 2, which renews it, is being sent right now",
    });
    answer();
    expect(await renewing).toMatchObject({ revocation: "revoked" });
    expect(vendor.enrollments()).toHaveLength(2);
  });

  it("and two at once make one", async () => {
    const world = await createWorld();
    const { ledger, vendor, service } = world;
    await createOne(world);
    const results = await Promise.allSettled([1, 2, 3].map(() => ledger.renew(1, { service })));
    expect(results.filter(({ status }) => status === "fulfilled").length).toBeGreaterThan(0);
    expect(vendor.enrollments()).toHaveLength(2);
  });
});
