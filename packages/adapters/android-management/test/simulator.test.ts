import {
  createEnrollments,
  createReliably,
  findArtifact,
  remaining,
  Secret,
  type EnrollmentOutcome,
} from "@enrollkit/core";
import {
  startAndroidManagementSimulator,
  type AndroidManagementSimulator,
  type AndroidManagementSimulatorOptions,
} from "@enrollkit/simulators/android-management";
import { createTestClock } from "@enrollkit/testing";
import { afterEach, describe, expect, it } from "vitest";
import {
  createAndroidManagement,
  parseEnrollmentNotification,
  type AndroidManagementSettings,
} from "../src/index.js";

const running: AndroidManagementSimulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const start = async (
  settings: Partial<AndroidManagementSettings> = {},
  options: AndroidManagementSimulatorOptions = {},
) => {
  const clock = createTestClock();
  const simulator = await startAndroidManagementSimulator({ clock, ...options });
  running.push(simulator);
  const provider = createAndroidManagement(
    {
      enterprise: simulator.enterpriseId,
      credentials: new Secret(JSON.stringify(simulator.credentials)),
      baseUrl: simulator.url,
      ...settings,
    },
    { clock, random: () => 0.5 },
  );
  const live = () => simulator.enrollments().filter(({ status }) => status === "active");
  return { clock, simulator, provider, live };
};

const createCall = { method: "POST", path: /\/enrollmentTokens$/ };
const lost = { kind: "reset", when: "after" } as const;

it("the longest lifetime never ends, and is warned of", async () => {
  const { provider, clock, simulator } = await start({ lifetimeCap: "vendor-maximum", uses: "unlimited" });
  simulator.behavior.timestampPrecision = "nanoseconds";
  const enrollment = await provider.createEnrollment({
    validFor: "PT315576000000S",
    management: "dedicated",
  });
  expect(enrollment.expiresAt).toBe("9999-12-31T23:59:59.999999999Z");
  expect(remaining(enrollment, clock.now())).toBe("never");
  expect(enrollment.warnings.map(({ code, field }) => [code, field])).toEqual([["security", "validFor"]]);
});

describe("modes", () => {
  it.each([
    ["fully-managed", "DEVICE_OWNER", "COMPANY_OWNED"],
    ["dedicated", "DEVICE_OWNER", "COMPANY_OWNED"],
    ["work-profile", "PROFILE_OWNER", "COMPANY_OWNED"],
    ["work-profile", "PROFILE_OWNER", "PERSONALLY_OWNED"],
  ] as const)("%s: %s, %s", async (management, managementMode, ownership) => {
    const { provider, simulator } = await start({ policy: "warehouse" });
    const enrollment = await provider.createEnrollment({ management, additionalData: "row 7" });
    const code = findArtifact(enrollment, "provisioning-qr")?.value.reveal() ?? "";
    const device = simulator.enrollDevice(code, { ownership });
    expect(device).toMatchObject({
      managementMode,
      enrollmentTokenName: enrollment.id,
      policyName: `${simulator.enterpriseName}/policies/warehouse`,
    });
    const notification = parseEnrollmentNotification(simulator.notifications()[0]);
    expect(notification).toMatchObject({
      kind: "enrollment",
      enrollmentId: enrollment.id,
      additionalData: "row 7",
      device: { id: device.name },
      managementMode,
      ownership,
    });
    const [status] = await provider.tracking.getStatuses([enrollment]);
    expect(status).toMatchObject({ state: "used", devices: [{ id: device.name }] });
  });

  it("a company's token keeps personal devices out", async () => {
    const { provider, simulator } = await start();
    const enrollment = await provider.createEnrollment({ ownership: "company" });
    const code = findArtifact(enrollment, "provisioning-qr")?.value.reveal() ?? "";
    expect(() => simulator.enrollDevice(code, { ownership: "PERSONALLY_OWNED" })).toThrow();
    expect(findArtifact(enrollment, "enrollment-link")).toBeUndefined();
  });
});

describe("a lost answer", () => {
  it.each(["adopt", "revoke"] as const)(
    "%s: one enrollment is reported, and one exists",
    async (lostTokens) => {
      const { provider, simulator, clock, live } = await start({ lostTokens });
      const earlier = await provider.createEnrollment({});
      simulator.failNext(lost, createCall);
      const enrollment = await createReliably(provider, { key: "row-1" }, { clock });
      expect(live().map(({ name }) => name)).toEqual([earlier.id, enrollment.id]);
      const code = findArtifact(enrollment, "provisioning-qr")?.value.reveal() ?? "";
      expect(simulator.enrollDevice(code).enrollmentTokenName).toBe(enrollment.id);
      const creates = simulator
        .requests()
        .filter(({ method, path }) => method === "POST" && path !== "/token");
      expect(creates).toHaveLength(lostTokens === "adopt" ? 2 : 3);
    },
  );

  it("report: it is undecided, and says where to look", async () => {
    const { provider, simulator, clock, live } = await start();
    simulator.failNext(lost, createCall);
    const [token] = [createReliably(provider, { key: "row-1" }, { clock })];
    await expect(token).rejects.toMatchObject({
      code: "outcome-unknown",
      advice: expect.stringContaining("enrollmentTokens/") as string,
    });
    expect(live()).toHaveLength(1);
  });

  it.each(["report", "adopt", "revoke"] as const)(
    "%s: in the middle of a bulk run nobody's token is taken away",
    async (lostTokens) => {
      const { provider, simulator, clock, live } = await start({ lostTokens });
      for (const skip of [3, 0, 9]) simulator.failNext(lost, { ...createCall, skip });
      const requests = Array.from({ length: 30 }, (_, row) => ({ key: `row-${row}` }));
      const outcomes: EnrollmentOutcome[] = [];
      for await (const outcome of createEnrollments(provider, requests, { clock })) outcomes.push(outcome);
      const created = outcomes.flatMap((each) => (each.status === "created" ? [each.enrollment.id] : []));
      const unknown = outcomes.filter(({ status }) => status === "unknown");
      const names = live().map(({ name }) => name);
      expect(new Set(created).size).toBe(created.length);
      expect(names).toEqual(expect.arrayContaining(created));
      expect(created.length + unknown.length).toBe(30);
      if (lostTokens === "report") expect(unknown).toHaveLength(3);
      if (lostTokens === "revoke") expect(names).toHaveLength(30);
      expect(names.length).toBeLessThanOrEqual(created.length + unknown.length);
    },
  );

  it.each(["adopt", "revoke"] as const)(
    "%s: leaves a token alone whose create is still under way",
    async (lostTokens) => {
      const { provider, simulator, clock, live } = await start({ lostTokens });
      await provider.check();
      simulator.failNext({ kind: "delay", milliseconds: 50 }, createCall);
      simulator.failNext(lost, createCall);
      const enrollments = await Promise.all(
        ["slow", "lost"].map((key) => createReliably(provider, { key }, { clock })),
      );
      expect(new Set(live().map(({ name }) => name))).toEqual(new Set(enrollments.map(({ id }) => id)));
    },
  );

  it("adopt: an old deployment does not show the secret again", async () => {
    const { provider, simulator, clock } = await start(
      { lostTokens: "adopt" },
      { tokenView: "name-and-expiration" },
    );
    simulator.failNext(lost, createCall);
    await expect(createReliably(provider, { key: "row-1" }, { clock })).rejects.toMatchObject({
      code: "outcome-unknown",
      message: expect.stringContaining("does not show its secret") as string,
    });
  });
});

it("an old deployment shows no secret, and retrieval says so", async () => {
  const { provider } = await start({}, { tokenView: "name-and-expiration" });
  const { id } = await provider.createEnrollment({});
  const enrollment = await provider.retrieval.get(id);
  expect(enrollment.artifacts).toEqual([]);
  expect(enrollment.warnings).toMatchObject([{ code: "partial-view" }]);
});

it("many calls stay within the quota", async () => {
  const { provider, simulator, clock } = await start(
    { callsPer100Seconds: 50 },
    { enforceQuota: true, quota: { requests: 50, perSeconds: 100 } },
  );
  const begin = clock.now();
  const requests = Array.from({ length: 120 }, (_, row) => ({ key: `row-${row}` }));
  const outcomes: EnrollmentOutcome[] = [];
  // One at a time: on a clock that waits move, calls at the same time would arrive later than they were sent.
  const options = { clock, concurrency: 1 };
  for await (const outcome of createEnrollments(provider, requests, options)) outcomes.push(outcome);
  expect(outcomes.filter(({ status }) => status === "created")).toHaveLength(120);
  expect(simulator.stats().rateLimitRefusals).toBe(0);
  expect(clock.now() - begin).toBeGreaterThanOrEqual(220_000);
});

describe("what is wrong is told apart", () => {
  it("an enterprise that was deleted", async () => {
    const { provider, simulator } = await start();
    simulator.deleteEnterprise();
    await expect(provider.createEnrollment({})).rejects.toMatchObject({
      code: "forbidden",
      vendorMessage: "Caller is not authorized to manage enterprise.",
    });
  });

  it.each(["invalid-argument", "not-found"] as const)(
    "a policy that does not exist: %s",
    async (missingPolicy) => {
      const { provider } = await start({ policy: "nowhere" }, { missingPolicy });
      await expect(provider.createEnrollment({})).rejects.toMatchObject({
        code: missingPolicy === "not-found" ? "not-found" : "invalid-request",
      });
    },
  );

  it("a base URL that is somebody else's", async () => {
    const { provider, simulator } = await start();
    const elsewhere = createAndroidManagement({
      enterprise: "LC1",
      accessToken: () => Promise.resolve(simulator.issueAccessToken()),
      baseUrl: `${simulator.url}/elsewhere`,
    });
    await expect(elsewhere.createEnrollment({})).rejects.toMatchObject({
      code: "invalid-config",
      path: "baseUrl",
    });
    await expect(elsewhere.revocation.revoke("t1")).rejects.toMatchObject({ code: "invalid-config" });
    expect((await elsewhere.check()).ok).toBe(false);
    expect((await provider.check()).ok).toBe(true);
  });
});
