import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, seedEnrollment as seedOne, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import {
  startAppliverySimulator,
  type AppliveryEnrollment,
  type AppliveryEnrollmentSeed,
  type AppliverySimulator,
} from "./index.js";

const tokens = "/mdm/apple/enterprise/enrollment-tokens";
let simulator: AppliverySimulator;
let call: Caller;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
});
afterEach(() => simulator.close());

const seedEnrollment = (members?: Partial<AppliveryEnrollmentSeed>) => seedOne(simulator, members);

describe("a device that enrolls", () => {
  it.each(["link", "code"] as const)("uses the token up by its %s", async (how) => {
    const enrollment = seedEnrollment({ displayName: "Ana – iPhone", tags: ["sales"] });
    simulator.clock.advance(1000);
    const device = simulator.enrollDevice({
      linkOrCode: enrollment[how],
      serialNumber: "C02XG0FDH7JY",
      model: "iPhone15,2",
    });
    expect(device).toMatchObject({
      serialNumber: "C02XG0FDH7JY",
      displayName: "Ana – iPhone",
      tags: ["sales"],
      user: { email: "ana@example.com" },
      enrollmentId: enrollment.id,
    });
    expect(simulator.devices()).toEqual([device]);
    expect((await call("GET", `${tokens}/${enrollment.id}`)).data).toMatchObject({
      state: "DONE",
      admDevice: device.id,
      updatedAt: "2026-09-20T10:00:01.000Z",
    });
    expect(() => simulator.enrollDevice({ linkOrCode: enrollment[how], serialNumber: "C03" })).toThrow(
      "Enrollment refused: the token was used",
    );
  });

  it("takes Windows links, too", () => {
    const { link } = seedEnrollment({ platform: "windows" });
    expect(simulator.enrollDevice({ linkOrCode: link, serialNumber: "W1" }).platform).toBe("windows");
  });

  it.each<[string, (enrollment: AppliveryEnrollment) => unknown, object, string]>([
    ["an unknown code", () => undefined, { linkOrCode: "AAAAAAAAA" }, "no such token"],
    ["an unknown link", () => undefined, { linkOrCode: "http://127.0.0.1/enroll/apple/A" }, "no such token"],
    [
      "an expired token",
      () => {
        simulator.clock.advance(86_400_000);
      },
      {},
      "the token has expired",
    ],
    ["a deleted token", ({ id }) => call("DELETE", `${tokens}/${id}`), {}, "the token was deleted"],
    [
      "another platform",
      () => undefined,
      { platform: "windows" },
      "the token is for apple, the device is windows",
    ],
    ["no serial number", () => undefined, { serialNumber: "" }, "the device has no serial number"],
  ])("is refused with %s", async (_, before, members, reason) => {
    const enrollment = seedEnrollment();
    await before(enrollment);
    const device = { linkOrCode: enrollment.code, serialNumber: "C02", ...members };
    expect(() => simulator.enrollDevice(device)).toThrow(`Enrollment refused: ${reason}`);
    expect(simulator.devices()).toEqual([]);
  });

  it.each([
    ["DEVICE_OWNER", "DEVICE_OWNER", true],
    ["DEVICE_OWNER", "PROFILE_OWNER", false],
    ["MANAGEMENT_MODE_UNSPECIFIED", "PROFILE_OWNER", true],
  ])("under an AOSP token for %s as %s: %s", async (managementMode, wanted, allowed) => {
    await call("POST", "/mdm/aosp/enterprise/enrollment-tokens", { managementMode, duration: 60 });
    const linkOrCode = simulator.enrollments()[0]?.code ?? "";
    const enroll = () => simulator.enrollDevice({ linkOrCode, serialNumber: "A1", managementMode: wanted });
    if (allowed) expect(enroll().platform).toBe("aosp");
    else expect(enroll).toThrow("the token is for DEVICE_OWNER, the device wants PROFILE_OWNER");
  });

  it("leaves a perpetual AOSP token as it is", async () => {
    const body = { managementMode: "DEVICE_OWNER", perpetual: true };
    await call("POST", "/mdm/aosp/enterprise/enrollment-tokens", body);
    const linkOrCode = simulator.enrollments()[0]?.link ?? "";
    simulator.clock.advance(10 * 365 * 86_400_000);
    simulator.enrollDevice({ linkOrCode, serialNumber: "A1" });
    const { id } = simulator.enrollDevice({ linkOrCode, serialNumber: "A2" });
    expect(simulator.enrollments()).toMatchObject([{ state: "PENDING", deviceId: id }]);
    expect(simulator.devices()).toHaveLength(2);
  });

  it("again after a wipe keeps its record", () => {
    const first = simulator.enrollDevice({ linkOrCode: seedEnrollment().code, serialNumber: "C02" });
    const enrollment = seedEnrollment({ email: "luis@example.com" });
    const second = simulator.enrollDevice({ linkOrCode: enrollment.code, serialNumber: "C02" });
    expect(second).toMatchObject({ id: first.id, user: { email: "luis@example.com" } });
    expect(simulator.devices()).toEqual([second]);
    const { code } = seedEnrollment({ platform: "windows" });
    expect(() => simulator.enrollDevice({ linkOrCode: code, serialNumber: "C02" })).toThrow(
      "another platform",
    );
  });

  it.each([
    [true, ["sales"]],
    [false, []],
  ])("keeps the token's tags: %s by switch", (deviceKeepsTags, tags) => {
    simulator.behavior.deviceKeepsTags = deviceKeepsTags;
    const { code } = seedEnrollment({ tags: ["sales"] });
    expect(simulator.enrollDevice({ linkOrCode: code, serialNumber: "C02" }).tags).toEqual(tags);
  });

  it("stays enrolled when its token is deleted", async () => {
    const { code, id } = seedEnrollment();
    const device = simulator.enrollDevice({ linkOrCode: code, serialNumber: "C02" });
    await call("DELETE", `${tokens}/${id}`);
    expect(simulator.devices()).toEqual([device]);
  });
});

describe("POST /__sim/enroll", () => {
  const enroll = async (body: object) => {
    const response = await fetch(`${simulator.url}/__sim/enroll`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  };

  it("lets a device of another process in once", async () => {
    const { code } = seedEnrollment();
    const body = { enrollCode: code, serial: "C02", model: "Mac15,3" };
    expect(await enroll(body)).toMatchObject({
      status: 200,
      body: { status: true, data: { serialNumber: "C02" } },
    });
    expect(simulator.devices()).toMatchObject([{ model: "Mac15,3" }]);
    expect(await enroll(body)).toEqual({
      status: 409,
      body: { status: false, error: { code: 0, message: "Enrollment refused: the token was used" } },
    });
    expect((await enroll({ enrollCode: code })).status).toBe(400);
  });
});
