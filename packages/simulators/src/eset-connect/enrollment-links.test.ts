import { describe, expect, it } from "vitest";
import {
  call,
  importDevices,
  issueLink,
  json,
  linksOperation,
  simulate,
  type LinkAnswer,
} from "../../test/eset-connect-calls.js";
import type { DevicePlatform, EsetConnectBehavior, EsetConnectSimulator } from "./index.js";

const day = 24 * 60 * 60 * 1000;
const finished = "DEVICE_ENROLLMENT_STATUS_FINISHED";

const requestLinks = (simulator: EsetConnectSimulator, deviceUuids: readonly string[]) =>
  call(simulator, linksOperation, { body: { deviceUuids } });

const withDevice = async (behavior: Partial<EsetConnectBehavior> = {}) => {
  const simulator = await simulate({ behavior });
  const [device] = await importDevices(simulator, "a");
  return { simulator, uuid: device?.uuid ?? "" };
};

describe("mobile-devices:batchGetEnrollmentLinks", () => {
  it("gives a link to each device, keyed by its identifier", async () => {
    const simulator = await simulate();
    const uuids = (await importDevices(simulator, "a", "b")).map(({ uuid }) => uuid);
    const answer = await requestLinks(simulator, [...uuids, ...uuids]);
    const { enrollmentLinks } = json(answer) as LinkAnswer;
    expect(Object.keys(enrollmentLinks).sort()).toEqual([...uuids].sort());
    for (const { uri, expireTime } of Object.values(enrollmentLinks)) {
      expect(uri).toMatch(/^https:\/\/mdm\.simulator\.invalid\/e\/[-\w]{32}$/);
      expect(expireTime).toBe(new Date(simulator.clock.now() + 7 * day).toISOString());
    }
    expect(simulator.enrollmentLinks().map(({ state }) => state)).toEqual(["valid", "valid"]);
  });

  it("gives a fresh link with each call and lets the older ones live", async () => {
    const { simulator, uuid } = await withDevice({ linkMilliseconds: 1000 });
    const first = await issueLink(simulator, uuid);
    simulator.clock.advance(999);
    const second = await issueLink(simulator, uuid);
    expect(second).not.toBe(first);
    expect(simulator.enrollmentLinks().map(({ state }) => state)).toEqual(["valid", "valid"]);
    simulator.clock.advance(1);
    expect(simulator.enrollmentLinks().map(({ state }) => state)).toEqual(["expired", "valid"]);
  });

  it("takes 1000 devices and refuses 1001 with INVALID_ARGUMENT", async () => {
    const simulator = await simulate({ behavior: { errorBodies: "rpc-status" } });
    const seeds = Array.from({ length: 1001 }, (_unused, index) => ({ displayName: `${index}` }));
    const uuids = simulator.seed({ devices: seeds }).devices.map(({ uuid }) => uuid);
    const refused = await requestLinks(simulator, uuids);
    expect([refused.status, (json(refused) as { code: number }).code]).toEqual([400, 3]);
    expect((await requestLinks(simulator, uuids.slice(1))).status).toBe(200);
    expect(simulator.enrollmentLinks()).toHaveLength(1000);
  });

  it.each<[string, (simulator: EsetConnectSimulator) => string, number, number]>([
    ["does not exist", () => "unknown", 404, 5],
    [
      "is not mobile",
      (simulator) =>
        simulator.seed({ devices: [{ displayName: "x", isMobile: false }] }).devices[0]?.uuid ?? "",
      400,
      9,
    ],
    [
      "is enrolled",
      (simulator) =>
        simulator.seed({ devices: [{ displayName: "x", enrollmentStatus: finished }] }).devices[0]?.uuid ??
        "",
      400,
      9,
    ],
  ])("fails as a whole if one device %s", async (_what, badDevice, status, code) => {
    const { simulator, uuid } = await withDevice({ errorBodies: "rpc-status" });
    const answer = await requestLinks(simulator, [uuid, badDevice(simulator)]);
    expect([answer.status, (json(answer) as { code: number }).code]).toEqual([status, code]);
    expect(simulator.enrollmentLinks()).toEqual([]);
  });

  it("lets chance decide which of several failures is told", async () => {
    const simulator = await simulate();
    const computer = simulator.seed({ devices: [{ displayName: "x", isMobile: false }] }).devices[0];
    const seen = new Set<number>();
    for (let index = 0; index < 40; index += 1) {
      seen.add((await requestLinks(simulator, ["unknown", computer?.uuid ?? ""])).status);
    }
    expect(seen).toEqual(new Set([400, 404]));
  });

  it.each<[EsetConnectBehavior["emptyBatches"], number]>([
    ["refuse", 400],
    ["accept", 200],
  ])("set to %s answers an empty list %i", async (emptyBatches, status) => {
    const simulator = await simulate({ behavior: { emptyBatches } });
    expect((await requestLinks(simulator, [])).status).toBe(status);
  });
});

describe("enrolling by a link", () => {
  it.each<DevicePlatform>(["android", "ios"])("makes an %s device of the placeholder", async (platform) => {
    const { simulator, uuid } = await withDevice();
    const device = simulator.enrollDevice({ link: await issueLink(simulator, uuid), platform });
    expect(device).toMatchObject({ uuid, platform, enrollmentStatus: finished });
    const shown = await call(simulator, `GET deviceManagement/v1/devices/${uuid}`);
    expect((json(shown) as { device: object }).device).toMatchObject({
      enrollmentStatus: finished,
      deviceType: "DEVICE_TYPE_SMARTPHONE",
      operatingSystem: { editionId: 3, version: { id: "1" } },
      deviceToken: device.deviceToken,
      displayName: "a",
      etag: '"2"',
    });
  });

  it("ends every link of the device, and there will be no more", async () => {
    const { simulator, uuid } = await withDevice();
    const first = await issueLink(simulator, uuid);
    const second = await issueLink(simulator, uuid);
    simulator.enrollDevice({ link: first, platform: "android" });
    expect(simulator.enrollmentLinks().map(({ state }) => state)).toEqual(["used", "ended"]);
    expect(() => simulator.enrollDevice({ link: first, platform: "android" })).toThrow("used already");
    expect(() => simulator.enrollDevice({ link: second, platform: "android" })).toThrow("link ended");
    expect((await requestLinks(simulator, [uuid])).status).toBe(400);
    expect(simulator.devices()).toHaveLength(1);
  });

  it.each<[string, number, DevicePlatform, RegExp]>([
    ["an expired link", 7 * day, "android", /expired/],
    ["a computer", 0, "windows", /Android and iOS, not windows/],
  ])("refuses %s and changes nothing", async (_what, wait, platform, message) => {
    const { simulator, uuid } = await withDevice();
    const link = await issueLink(simulator, uuid);
    simulator.clock.advance(wait);
    expect(() => simulator.enrollDevice({ link, platform })).toThrow(message);
    expect(simulator.devices()[0]).toMatchObject({ enrolledAt: undefined, deviceToken: "" });
  });

  it("refuses an unknown link without repeating it", async () => {
    const { simulator } = await withDevice();
    const attempt = () => simulator.enrollDevice({ link: "https://elsewhere.invalid", platform: "ios" });
    expect(attempt).toThrow(/^enrollment refused: no such link was issued$/);
  });

  it("may fail, after which the link still works", async () => {
    const { simulator, uuid } = await withDevice();
    const link = await issueLink(simulator, uuid);
    const failed = simulator.enrollDevice({ link, platform: "ios", outcome: "failed" });
    expect(failed.enrollmentStatus).toBe("DEVICE_ENROLLMENT_STATUS_FAILED");
    expect((await requestLinks(simulator, [uuid])).status).toBe(200);
    expect(simulator.enrollDevice({ link, platform: "ios" }).enrollmentStatus).toBe(finished);
  });

  it("may show late", async () => {
    const { simulator, uuid } = await withDevice({ enrollmentLagMilliseconds: 1000 });
    simulator.enrollDevice({ link: await issueLink(simulator, uuid), platform: "android" });
    const status = async () =>
      (
        json(await call(simulator, `GET deviceManagement/v1/devices/${uuid}`)) as {
          device: { enrollmentStatus: string };
        }
      ).device.enrollmentStatus;
    expect(await status()).toBe("DEVICE_ENROLLMENT_STATUS_PENDING");
    simulator.clock.advance(1000);
    expect(await status()).toBe(finished);
  });
});

describe("mobile-devices:batchActivateProduct", () => {
  const activate = (simulator: EsetConnectSimulator, deviceUuids: readonly string[]) =>
    call(simulator, "POST mobileDeviceManagement/v1/mobile-devices:batchActivateProduct", {
      body: { deviceUuids },
    });

  it.each<EsetConnectBehavior["activationField"]>(["activationTaskTriggerUuid", "activationTaskUuid"])(
    "answers with %s and activates",
    async (activationField) => {
      const { simulator, uuid } = await withDevice({ activationField });
      const answer = await activate(simulator, [uuid]);
      expect(json(answer)).toEqual({ [activationField]: expect.stringMatching(/^[-0-9a-f]{36}$/) as string });
      expect(simulator.devices()[0]?.activeProducts).toHaveLength(1);
    },
  );

  it("is all or nothing: one group, with a subscription, and every device known", async () => {
    const { simulator, uuid } = await withDevice();
    const [lost, found] = simulator.seed({ devices: [{ displayName: "b" }, { displayName: "c" }] }).devices;
    const attempts = [[uuid, lost?.uuid ?? ""], [lost?.uuid ?? "", found?.uuid ?? ""], [uuid, "unknown"], []];
    const statuses = [];
    for (const uuids of attempts) statuses.push((await activate(simulator, uuids)).status);
    expect(statuses).toEqual([400, 400, 404, 400]);
    expect(simulator.devices().flatMap(({ activeProducts }) => activeProducts)).toEqual([]);
  });
});
