import { afterEach, describe, expect, it } from "vitest";
import { callerOf } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import { startAppliverySimulator, type AppliverySeed, type AppliverySimulator } from "./index.js";

const started: AppliverySimulator[] = [];
const start = async (options: Parameters<typeof startAppliverySimulator>[0] = { clock: manualClock() }) => {
  const simulator = await startAppliverySimulator(options);
  started.push(simulator);
  return simulator;
};
afterEach(() => Promise.all(started.splice(0).map((simulator) => simulator.close())));

/** Numbers that look random and are the same every time. */
const seeded = (start: number) => {
  let state = start;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
};

describe("the start", () => {
  it("holds something usable", async () => {
    const simulator = await start();
    expect(simulator.credentials).toEqual({
      baseUrl: `${simulator.url}/v1`,
      organization: "acme",
      organizationId: expect.stringMatching(/^[a-f0-9]{24}$/) as string,
      token: expect.stringMatching(/^[a-f0-9]{64}$/) as string,
      serviceAccount: expect.stringMatching(/^[a-f0-9]{24}@[a-f0-9]{24}\.iam\.applivery\.io$/) as string,
    });
    expect(simulator.policies().map(({ platform, name }) => `${platform} ${name}`)).toEqual([
      "apple Standard",
      "windows Standard",
      "aosp Standard",
    ]);
    expect([simulator.users(), simulator.enrollments(), simulator.devices(), simulator.outbox()]).toEqual([
      [],
      [],
      [],
      [],
    ]);
    expect(simulator.stats()).toEqual({ requests: 0, byStatus: {}, rateLimited: 0 });
  });

  it("with the same random source and clock gives the same secrets, with another others", async () => {
    const secrets = async (from: number) => {
      const simulator = await start({ clock: manualClock(), random: seeded(from) });
      const { enrollments } = simulator.seed({ enrollments: [{ email: "ana@example.com" }] });
      return [simulator.credentials.token, enrollments[0]?.id, enrollments[0]?.code];
    };
    expect(await secrets(1)).toEqual(await secrets(1));
    expect(await secrets(1)).not.toEqual(await secrets(2));
  });

  it("says so when the random source does not vary", async () => {
    const simulator = await start({ clock: manualClock(), random: () => 0.5 });
    const enrollments = [{ email: "ana@example.com" }, { email: "ana@example.com" }];
    expect(() => simulator.seed({ enrollments })).toThrow(
      'the option "random" gave the same enrollment code',
    );
  });
});

describe("a seed", () => {
  it("of everything gives everything back", async () => {
    const simulator = await start();
    const organization = "lab";
    const made = simulator.seed({
      organizations: [{ slug: organization, name: "Lab" }],
      credentials: [{ organization, role: "viewer" }],
      segments: [{ organization, id: 1, name: "Europe" }],
      policies: [{ organization, platform: "windows", name: "Kiosk" }],
      appleAssets: [{ organization, kind: "profile", name: "Wi-Fi" }],
      users: [{ organization, email: "ana@example.com", name: "Ana" }],
      enrollments: [{ organization, platform: "aosp", email: "ana@example.com", duration: 60, segmentId: 1 }],
      devices: [{ organization, serialNumber: "C02", email: "Ana@example.com" }],
    });
    const organizationId = made.organizations[0]?.id;
    expect(made).toMatchObject({
      organizations: [{ slug: "lab", name: "Lab" }],
      credentials: [{ organization: "lab", organizationId }],
      segments: [{ id: 1, parentId: 0 }],
      policies: [{ name: "Kiosk", organizationId }],
      appleAssets: [{ kind: "profile" }],
      users: [{ name: "Ana", organizationId }],
      enrollments: [
        { organizationId, state: "PENDING", expireAt: simulator.clock.now() + 60_000, segmentId: 1 },
      ],
      devices: [{ organizationId, user: { email: "ana@example.com" } }],
    });
    expect(simulator.enrollments()).toEqual(made.enrollments);
    expect(simulator.users()).toEqual(made.users);
    expect(simulator.devices()).toEqual(made.devices);
  });

  it.each<[string, AppliverySeed, string]>([
    ["an organization again", { organizations: [{ slug: "acme" }] }, 'the organization "acme" exists'],
    [
      "an unknown organization",
      { users: [{ organization: "lab", email: "a@example.com" }] },
      'no organization "lab"',
    ],
    ["a segment again", { segments: [{ id: 0, name: "Root" }] }, "the segment 0 exists"],
    ["a segment below nothing", { segments: [{ id: 1, name: "A", parentId: 9 }] }, "no segment 9"],
    [
      "a user again",
      { users: [{ email: "a@example.com" }, { email: "A@example.com" }] },
      "Mdm user already exists",
    ],
    ["an unknown policy", { enrollments: [{ email: "a@example.com", policyId: "x" }] }, "Entity not found"],
    [
      "a device of nobody",
      { devices: [{ serialNumber: "C02", email: "a@example.com" }] },
      "a user who does not exist",
    ],
    ["a device again", { devices: [{ serialNumber: "C02" }, { serialNumber: "C02" }] }, '"C02" exists'],
  ])("of %s throws", async (_, seed, message) => {
    const simulator = await start();
    expect(() => simulator.seed(seed)).toThrow(message);
  });
});

describe("the control seam", () => {
  it("plans faults and records requests around the vendor's routes", async () => {
    const simulator = await start();
    const call = callerOf(simulator.credentials);
    const path = "/mdm/apple/enterprise/enrollment-tokens";
    simulator.failNext({ kind: "unknown-fields" }, { path: /enrollment-tokens$/ });
    simulator.failNext({ kind: "status", status: 429, headers: { "retry-after": "1" }, body: {} });
    expect((await call("GET", path)).data).toHaveProperty("addedByALaterVersion");
    expect((await call("GET", path)).status).toBe(429);
    expect(simulator.requests().map(({ status }) => status)).toEqual([200, 429]);
    expect(simulator.stats()).toEqual({ requests: 2, byStatus: { 200: 1, 429: 1 }, rateLimited: 0 });
  });
});
