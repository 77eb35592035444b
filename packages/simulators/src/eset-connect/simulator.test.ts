import { describe, expect, it } from "vitest";
import { call, importDevices, issueLink, requestToken, simulate } from "../../test/eset-connect-calls.js";
import { allGroupUuid } from "./group-tree.js";

/** A small generator with a seed; its quality does not matter. */
const repeatable = (seed: number) => () => {
  seed = (seed * 16_807) % 2_147_483_647;
  return seed / 2_147_483_647;
};

describe("the simulator", () => {
  it("starts with an API user, four groups and no device", async () => {
    const simulator = await simulate();
    const { username, password } = simulator.credentials;
    expect((await requestToken(simulator, { grant_type: "password", username, password })).status).toBe(200);
    expect(simulator.groups().map(({ displayName }) => displayName)).toEqual([
      "All",
      "Lost&Found",
      "Mobile devices",
      "Android and iOS",
    ]);
    expect(simulator.devices()).toEqual([]);
    expect(Object.values(simulator.baseUrls).every((base) => base.startsWith(simulator.url))).toBe(true);
  });

  it("has the same secrets with the same randomness, others without", async () => {
    const secrets = async (random: () => number) => {
      const simulator = await simulate({ random });
      const [device] = await importDevices(simulator, "a");
      const link = await issueLink(simulator, device?.uuid ?? "");
      return [simulator.credentials.password, simulator.issueAccessToken(), device?.uuid, link];
    };
    expect(await secrets(repeatable(1))).toEqual(await secrets(repeatable(1)));
    const [first, second] = [await secrets(repeatable(1)), await secrets(Math.random)];
    expect(first.filter((secret) => second.includes(secret))).toEqual([]);
  });

  it("counts calls, token calls and refusals, and keeps what arrived", async () => {
    const simulator = await simulate({ behavior: { enforceQuota: true } });
    await requestToken(simulator, { grant_type: "password" });
    for (let index = 0; index < 11; index += 1) {
      await call(simulator, "GET deviceManagement/v1/device_groups");
    }
    expect(simulator.stats()).toEqual({
      requests: 12,
      byStatus: { 200: 10, 400: 1, 429: 1 },
      rateLimitRefusals: 1,
      tokenCalls: 1,
    });
    expect(simulator.requests()[1]).toMatchObject({
      path: "/device-management/v1/device_groups",
      status: 200,
    });
  });

  it("hands out copies", async () => {
    const simulator = await simulate();
    const [device] = simulator.seed({ devices: [{ displayName: "old" }] }).devices;
    await call(simulator, `POST deviceManagement/v1/devices/${device?.uuid ?? ""}:rename`, {
      body: { displayName: "new" },
    });
    expect(device?.displayName).toBe("old");
    expect(simulator.devices()[0]?.displayName).toBe("new");
  });

  it.each([
    [{ groups: [{ displayName: "a", parentGroupUuid: "unknown" }] }, "parent that does not exist"],
    [{ devices: [{ displayName: "a", parentGroupUuid: "unknown" }] }, "not static or does not exist"],
  ])("refuses the seed %j", async (seed, message) => {
    const simulator = await simulate();
    expect(() => simulator.seed(seed)).toThrow(message);
  });

  it("lets a device have a status that ESET does not list", async () => {
    const simulator = await simulate();
    const enrollmentStatus = "DEVICE_ENROLLMENT_STATUS_ENROLLED";
    simulator.seed({ devices: [{ displayName: "a", enrollmentStatus, parentGroupUuid: allGroupUuid }] });
    expect((await call(simulator, "GET deviceManagement/v1/devices")).text).toContain(enrollmentStatus);
  });
});
