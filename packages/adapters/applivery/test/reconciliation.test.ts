import { toIsoInstant, type EnrollmentRequest } from "@enrollkit/core";
import { afterEach, describe, expect, it } from "vitest";
import { createApplivery, type AppliveryExtras, type AppliverySettings } from "../src/index.js";
import { simulatedVendor, type SimulatedVendor } from "./vendor.js";

type Request = EnrollmentRequest<AppliveryExtras>;

const vendors: SimulatedVendor[] = [];
const start = async (settings?: Partial<AppliverySettings>) => {
  const vendor = await simulatedVendor(settings);
  vendors.push(vendor);
  return vendor;
};
afterEach(async () => {
  await Promise.all(vendors.splice(0).map(({ simulator }) => simulator.close()));
});

const minute = 60_000;
const ana = { email: "ana@example.com" };
const single: Request = { key: "row-1", recipient: ana };
const mailed = (key: string, email = ana.email): Request => ({
  key,
  delivery: "vendor-email",
  recipient: { email },
});

/** A provider that remembers nothing of what the other has done. */
const inAnotherProcess = ({ settings, clock }: SimulatedVendor) =>
  createApplivery(settings, { clock, random: () => 0.5 });

const reconcile = (
  { provider, clock }: SimulatedVendor,
  requests: readonly Request[],
  sentAt = clock.now(),
) =>
  provider.reconciliation.reconcile(requests.map((request) => ({ request, sentAt: toIsoInstant(sentAt) })));

describe("a single create", () => {
  it.each<[string, (vendor: SimulatedVendor) => Promise<unknown>, string]>([
    ["that was never received", () => Promise.resolve(), "absent"],
    ["whose person was made, and no more", ({ provider }) => provider.recipients.ensure(ana), "absent"],
    ["that was carried out", ({ provider }) => provider.createEnrollment(single), "created"],
    [
      "that was carried out twice",
      async ({ provider }) => {
        await provider.createEnrollment(single);
        await provider.createEnrollment(single);
      },
      "undecided",
    ],
    [
      "of a person with another new token",
      ({ provider }) => provider.createEnrollment({ ...single, key: "row-2" }),
      "absent",
    ],
    [
      "whose token has been deleted since",
      async ({ provider }) => {
        const { id } = await provider.createEnrollment(single);
        await provider.revocation.revoke(id);
      },
      "absent",
    ],
  ])("%s is found out", async (_, act, status) => {
    const vendor = await start();
    const sentAt = vendor.clock.now();
    await act(vendor);
    expect(await reconcile(vendor, [single], sentAt)).toMatchObject([{ status }]);
  });

  it("comes back whole", async () => {
    const vendor = await start();
    const sentAt = vendor.clock.now();
    const { id } = await vendor.provider.createEnrollment(single);
    const [finding] = await reconcile(vendor, [single], sentAt);
    expect(finding).toMatchObject({
      status: "created",
      enrollment: { id, key: "row-1", recipient: ana, warnings: [] },
    });
  });

  it("is told from an earlier one with the same key", async () => {
    const vendor = await start();
    const earlier = await vendor.provider.createEnrollment(single);
    vendor.clock.advance(5 * minute);
    const sentAt = vendor.clock.now();
    const later = await vendor.provider.createEnrollment(single);
    expect(await reconcile(vendor, [single], sentAt)).toMatchObject([{ enrollment: { id: later.id } }]);
    expect(later.id).not.toBe(earlier.id);
  });

  it.each([
    ["is allowed for clocks that differ", 9 * minute, "created"],
    ["is another attempt", 11 * minute, "absent"],
  ])("with a token from before %s", async (_, ahead, status) => {
    const vendor = await start();
    await vendor.provider.createEnrollment(single);
    expect(await reconcile(vendor, [single], vendor.clock.now() + ahead)).toMatchObject([{ status }]);
  });

  it("is given time to show up, and absent only after it", async () => {
    const vendor = await start();
    vendor.simulator.behavior.readLagMilliseconds = 5000;
    const sentAt = vendor.clock.now();
    await vendor.provider.createEnrollment({ ...single, key: "row-1" }).catch(() => undefined);
    expect(await reconcile(vendor, [single], sentAt)).toMatchObject([{ status: "created" }]);
    const before = vendor.clock.now();
    expect(await reconcile(vendor, [{ ...single, key: "row-3" }], sentAt)).toMatchObject([
      { status: "absent" },
    ]);
    expect(vendor.clock.now() - before).toBe(10_000);
  });

  it.each<[string, Partial<AppliverySettings>, Request]>([
    ["tags are switched off", { correlationTag: false }, single],
    ["there is no key", {}, { recipient: ana }],
  ])("cannot be told from others if %s", async (_, settings, request) => {
    const vendor = await start(settings);
    const sentAt = vendor.clock.now();
    expect(await reconcile(vendor, [request], sentAt)).toMatchObject([{ status: "absent" }]);
    await vendor.provider.createEnrollment({ recipient: ana });
    expect(await reconcile(vendor, [request], sentAt)).toMatchObject([{ status: "undecided" }]);
  });

  it.each([
    ["in one list, if they are of the last hour", 0, 4],
    ["owner by owner, if they are older", 2 * 60 * minute, 15],
  ])("is found among many %s", async (_, age, calls) => {
    const vendor = await start();
    const wishes = Array.from({ length: 20 }, (__, index) => ({
      key: `row-${index}`,
      recipient: { email: `Person-${index}@example.com` },
    }));
    const sentAt = vendor.clock.now();
    const made = await vendor.provider.bulk.createBatch(wishes.slice(0, 10));
    await vendor.provider.createEnrollment({ key: "other", recipient: { email: "person-17@example.com" } });
    vendor.clock.advance(age);
    const before = vendor.simulator.stats().requests;
    expect(await reconcile(vendor, wishes, sentAt)).toMatchObject([
      ...made.map((result) => ({
        status: "created",
        enrollment: { id: result.status === "created" ? result.enrollment.id : undefined },
      })),
      ...wishes.slice(10).map(() => ({ status: "absent" })),
    ]);
    const asked = vendor.simulator.requests().slice(before);
    expect(asked.filter(({ path }) => path.endsWith("/enrollment-tokens")).length).toBeLessThanOrEqual(calls);
    expect(asked.some(({ query }) => query.has("mdm-user"))).toBe(age > 0);
  });

  it("is undecided if the settings have changed since", async () => {
    const vendor = await start();
    const finding = await reconcile(vendor, [{ ...single, profile: "gone" }, single]);
    expect(finding).toMatchObject([{ status: "undecided" }, { status: "absent" }]);
  });
});

describe("a bulk call", () => {
  const batch = [mailed("row-1"), mailed("row-2", "luis@example.com"), mailed("row-3", "eva@example.com")];
  const idsBy = ({ simulator }: SimulatedVendor) =>
    new Map(simulator.enrollments().map(({ id, user }) => [user?.email, id]));

  it("that was lost as a whole is found by its tag", async () => {
    const vendor = await start();
    const sentAt = vendor.clock.now();
    await vendor.provider.bulk.createBatch(batch);
    const findings = await reconcile(vendor, [...batch].reverse(), sentAt);
    const ids = idsBy(vendor);
    expect(findings).toMatchObject(
      [...batch].reverse().map(({ key, recipient }) => ({
        status: "created",
        enrollment: { key, id: ids.get(recipient?.email), warnings: [] },
      })),
    );
  });

  it("is found for one of its requests alone, with a warning", async () => {
    const vendor = await start();
    const sentAt = vendor.clock.now();
    await vendor.provider.bulk.createBatch(batch);
    expect(await reconcile(vendor, [mailed("row-1")], sentAt)).toMatchObject([
      {
        status: "created",
        enrollment: { id: idsBy(vendor).get(ana.email), warnings: [{ code: "partial-view" }] },
      },
    ]);
  });

  it("is not found for a request that it cannot have carried", async () => {
    const vendor = await start();
    const sentAt = vendor.clock.now();
    await vendor.provider.bulk.createBatch(batch);
    const named = { ...mailed("row-9"), device: { name: "iPhone" } };
    expect(await reconcile(vendor, [named], sentAt)).toMatchObject([{ status: "absent" }]);
  });

  it("of before leaves in doubt what came of a later request", async () => {
    const vendor = await start();
    await inAnotherProcess(vendor).bulk.createBatch(batch);
    vendor.clock.advance(minute);
    expect(await reconcile(vendor, [mailed("row-9")])).toMatchObject([{ status: "undecided" }]);
    vendor.clock.advance(10 * minute);
    expect(await reconcile(vendor, [mailed("row-9")])).toMatchObject([{ status: "absent" }]);
  });

  it("gives no token to two requests", async () => {
    const vendor = await start();
    const sentAt = vendor.clock.now();
    await inAnotherProcess(vendor).bulk.createBatch(batch);
    const findings = await reconcile(vendor, [mailed("row-8"), mailed("row-9")], sentAt);
    expect(findings).toMatchObject([{ status: "undecided" }, { status: "undecided" }]);
  });
});

describe("a person in two bulk calls", () => {
  it("does not get the token of the first for both", async () => {
    const vendor = await start();
    const sentAt = vendor.clock.now();
    const first = await vendor.provider.bulk.createBatch([
      mailed("row-1"),
      mailed("row-2", "ben@example.com"),
    ]);
    expect(first.map(({ status }) => status)).toEqual(["created", "created"]);
    // Lost, and never carried out, while the first was under way.
    expect(await reconcile(vendor, [mailed("row-3")], sentAt)).toEqual([{ status: "absent" }]);
    expect(await reconcile(vendor, [mailed("row-1")], sentAt)).toMatchObject([{ status: "created" }]);
  });

  it("does not get a token for both that was found after a lost answer", async () => {
    const vendor = await start();
    const sentAt = vendor.clock.now();
    vendor.simulator.failNext({ kind: "reset", when: "after" }, { path: /bulk$/ });
    await vendor.provider.bulk.createBatch([mailed("row-1"), mailed("row-2", "ben@example.com")]);
    for (const again of [1, 2]) {
      const found = await reconcile(vendor, [mailed("row-1")], sentAt);
      expect(found, `asked ${again} times`).toMatchObject([{ status: "created" }]);
    }
    expect(await reconcile(vendor, [mailed("row-3")], sentAt)).toEqual([{ status: "absent" }]);
  });
});
