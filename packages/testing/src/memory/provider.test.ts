import {
  createEnrollments,
  createReliably,
  EnrollmentService,
  findArtifact,
  Secret,
  supports,
  type EnrollmentOutcome,
  type VendorCall,
} from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { createTestClock } from "../clock.js";
import { createFaultPlan } from "./fault-plan.js";
import { createMemoryProvider, type MemoryProviderOptions } from "./provider.js";

const start = (options: MemoryProviderOptions = {}) => {
  const clock = createTestClock();
  const provider = createMemoryProvider({ runtime: { clock, random: () => 0.5 }, ...options });
  return { clock, provider };
};

describe("an app's test", () => {
  it("sees what the vendor was asked for", async () => {
    const { provider } = start({ descriptor: { profiles: ["sales"] } });
    const enrollment = await provider.createEnrollment({
      profile: "sales",
      tags: ["berlin"],
      additionalData: "row 7",
      validFor: "PT2H",
    });
    const [stored] = provider.enrollments();
    expect(stored).toMatchObject({
      id: enrollment.id,
      state: "pending",
      asked: { profile: "sales", tags: ["berlin"], additionalData: "row 7", lifetime: 7_200_000 },
    });
    const token = findArtifact(enrollment, "enrollment-token");
    expect(stored && token?.value.equals(stored.token)).toBe(true);
  });

  it("lets devices in, and sees them", async () => {
    const { provider, clock } = start();
    const enrollment = await provider.createEnrollment({ uses: "unlimited" });
    const named = provider.enrollDevice(enrollment, { id: "device-a", name: "Scanner" });
    provider.enrollDevice(enrollment);
    expect(named).toEqual({ id: "device-a", name: "Scanner" });
    expect(provider.enrollments()[0]).toMatchObject({ state: "used", devices: [named, {}] });
    expect(provider.liveCount()).toBe(1);
    clock.advance(3_600_000);
    expect(provider.liveCount()).toBe(0);
  });

  it.each([
    [
      "expired",
      (clock: ReturnType<typeof createTestClock>) => {
        clock.advance(3_600_000);
      },
      /has expired/,
    ],
    ["still good", () => undefined, undefined],
  ])("refuses a device when the enrollment is %s", async (_state, change, message) => {
    const { provider, clock } = start();
    const enrollment = await provider.createEnrollment({});
    change(clock);
    const enroll = () => provider.enrollDevice(enrollment);
    if (message === undefined) expect(enroll()).toEqual({ id: "enrolled-device-1" });
    else expect(enroll).toThrow(message);
  });

  it("takes an enrollment that was only mailed by its id", async () => {
    const { provider } = start({ descriptor: { artifacts: ["delivered"] } });
    const enrollment = await provider.createEnrollment({
      recipient: { email: "ada@example.com" },
      delivery: "vendor-email",
    });
    expect(enrollment.artifacts).toEqual([{ kind: "delivered", channel: "email" }]);
    provider.enrollDevice(enrollment);
    expect(provider.enrollments()[0]?.state).toBe("used");
  });

  it("makes a vendor that can do less", async () => {
    const { provider } = start({
      descriptor: {
        roles: ["revocation"],
        lifetime: { settable: true, min: "PT1H", max: "P1D", default: "PT1H", granularity: "PT1H" },
      },
    });
    expect(supports(provider, "revocation")).toBe(true);
    expect(supports(provider, "bulk")).toBe(false);
    expect(provider.descriptor).not.toHaveProperty("batch");
    await expect(provider.createEnrollment({ validFor: "PT90M" })).rejects.toMatchObject({
      code: "unsupported",
      path: "validFor",
    });
    expect(provider.callCount()).toBe(0);
  });

  it("makes the vendor fail", async () => {
    const { provider, clock } = start();
    provider.failNext({ kind: "status", status: 429, headers: { "Retry-After": "30" } });
    await provider.createEnrollment({});
    expect(clock.waits).toEqual([30_000]);
    provider.failNext({ kind: "reset", when: "after" }, "create");
    await expect(provider.createEnrollment({ key: "a" })).rejects.toMatchObject({ code: "outcome-unknown" });
    expect(provider.liveCount()).toBe(2);
  });

  it("shares a plan of faults with another vendor", async () => {
    const faults = createFaultPlan();
    const { provider: phones } = start({ name: "phones", faults });
    const { provider: tablets } = start({ name: "tablets", faults });
    faults.add({ kind: "status", status: 400 }, "create", 2);
    faults.add({ kind: "reset", when: "after" });
    await expect(tablets.createEnrollment({})).rejects.toMatchObject({ code: "invalid-request" });
    await expect(phones.createEnrollment({})).rejects.toMatchObject({ code: "invalid-request" });
    await expect(phones.createEnrollment({ key: "a" })).rejects.toMatchObject({ code: "outcome-unknown" });
    await tablets.createEnrollment({});
    expect([phones.liveCount(), tablets.liveCount()]).toEqual([1, 1]);
  });

  it("reconciles a lost answer", async () => {
    const { provider, clock } = start();
    provider.failNext({ kind: "reset", when: "after" }, "create");
    const enrollment = await createReliably(provider, { device: { name: "Phone" } }, { clock });
    expect(provider.enrollments().map(({ id }) => id)).toEqual([enrollment.id]);
  });

  it("creates in batches of the descriptor's size", async () => {
    const { provider, clock } = start({
      descriptor: { batch: { maxItems: 3, atomicity: "per-item" } },
    });
    const outcomes: EnrollmentOutcome[] = [];
    const requests = Array.from({ length: 7 }, (_, number) => ({ key: `row-${number}` }));
    for await (const outcome of createEnrollments(provider, requests, { clock })) outcomes.push(outcome);
    expect(outcomes.map(({ status }) => status)).toEqual(Array(7).fill("created"));
    expect(provider.callCount()).toBe(3);
    const tooMany = provider.bulk?.createBatch(requests);
    await expect(tooMany).rejects.toMatchObject({ code: "invalid-request", path: "requests" });
  });

  it("goes through a service", async () => {
    const { provider, clock } = start({ name: "phones" });
    const service = new EnrollmentService({ providers: [provider] });
    const enrollment = await service.create({}, { clock });
    await service.revoke(enrollment);
    expect(await service.status(enrollment)).toMatchObject({ state: "revoked" });
  });

  it("gives the same ids and tokens in every run", async () => {
    const tokens = await Promise.all(
      [start(), start()].map(async ({ provider }) => {
        const enrollment = await provider.createEnrollment({});
        return [enrollment.id, findArtifact(enrollment, "enrollment-token")?.value.reveal()];
      }),
    );
    expect(tokens[0]).toEqual(tokens[1]);
  });

  it("works with other credentials", async () => {
    const { provider } = start({ accessToken: new Secret("right") });
    const wrong = provider.withAccessToken(new Secret("wrong"));
    await expect(wrong.createEnrollment({})).rejects.toMatchObject({ code: "unauthenticated" });
    expect(await wrong.check()).toMatchObject({ ok: false });
    expect(provider.liveCount()).toBe(0);
  });

  it("sends nothing that its runtime holds back, and hooks hear of it", async () => {
    const reason = new Error("the lease has ended");
    const calls: VendorCall[] = [];
    let asked = 0;
    const beforeSend = () => {
      asked += 1;
      if (asked > 1) throw reason;
    };
    const hooks = { onResponse: (call: VendorCall) => void calls.push(call) };
    const { provider } = start({ runtime: { clock: createTestClock(), hooks, beforeSend } });
    provider.failNext({ kind: "status", status: 429 });
    await expect(provider.createEnrollment({})).rejects.toBe(reason);
    expect(provider.callCount()).toBe(1);
    expect(calls).toMatchObject([
      { status: 429, attempt: 1 },
      { failure: "withheld", attempt: 2 },
    ]);
    expect(provider.liveCount()).toBe(0);
  });

  it("uses the machine's clock by itself", async () => {
    const before = Date.now();
    const { createdAt } = await createMemoryProvider().createEnrollment({});
    expect(Date.parse(createdAt)).toBeGreaterThanOrEqual(before);
  });
});

describe("device groups", () => {
  const deviceGroups = [
    { id: "1", name: "Phones", path: ["Berlin", "Phones"] },
    { id: "2", name: "Phones", path: ["Paris", "Phones"] },
  ];

  it("are refused if several match", async () => {
    const { provider } = start({ deviceGroups });
    await expect(provider.deviceGroups?.resolve("Phones")).rejects.toMatchObject({
      code: "invalid-request",
      message: expect.stringContaining("Berlin/Phones, Paris/Phones") as string,
    });
    await expect(provider.deviceGroups?.resolve("Paris/Phones")).resolves.toEqual(deviceGroups[1]);
  });
});
