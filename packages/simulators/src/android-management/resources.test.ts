import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callOf } from "../../test/android-management-calls.js";
import { manualClock } from "../base/clock.js";
import { startAndroidManagementSimulator, type AndroidManagementSimulator } from "./index.js";

let simulator: AndroidManagementSimulator;
const enterprise = "/v1/enterprises/LC0default";

beforeEach(async () => {
  simulator = await startAndroidManagementSimulator({ clock: manualClock() });
});
afterEach(() => simulator.close());

const call = (method: string, path: string, body?: object) => callOf(simulator, method, path, body);
const statusOf = async (method: string, path: string, body?: object) =>
  (await call(method, path, body)).status;

describe("policies", () => {
  it("are created and changed by PATCH, and count their versions", async () => {
    const path = `${enterprise}/policies/kiosk`;
    expect(await statusOf("GET", path)).toBe(404);
    const created = await call("PATCH", path, { cameraDisabled: true, keyguardDisabled: true });
    expect(created.body).toEqual({
      name: "enterprises/LC0default/policies/kiosk",
      version: "1",
      cameraDisabled: true,
      keyguardDisabled: true,
    });
    await call("PATCH", `${path}?updateMask=cameraDisabled`, { keyguardDisabled: false });
    expect((await call("GET", path)).body).toEqual({
      name: "enterprises/LC0default/policies/kiosk",
      version: "2",
      keyguardDisabled: true,
    });
    const { body } = await call("GET", `${enterprise}/policies?pageSize=100`);
    expect(body).toMatchObject({
      policies: [{ name: "enterprises/LC0default/policies/default" }, { version: "2" }],
    });
  });

  it.each([
    [{ setupActions: [{}, {}] }, "setupActions"],
    [
      { policyEnforcementRules: [{ blockAction: {} }] },
      "policyEnforcementRules[0] must have a block action and a wipe action.",
    ],
    [{ policyEnforcementRules: {} }, "policyEnforcementRules must be a list."],
    [{ setupActions: {} }, "Invalid value at 'policy.setup_actions'"],
  ])("refuse %j", async (input, message) => {
    const { status, body } = await call("PATCH", `${enterprise}/policies/bad`, input);
    expect(status).toBe(400);
    expect((body["error"] as { message: string }).message).toContain(message);
    expect(await statusOf("GET", `${enterprise}/policies/bad`)).toBe(404);
  });

  it("can be deleted only while no device uses them", async () => {
    const [device] = simulator.seed({ devices: [{}] }).devices;
    const path = `${enterprise}/policies/default`;
    expect(await statusOf("DELETE", path)).toBe(400);
    await call("DELETE", `/v1/${device?.name ?? ""}`);
    expect(await statusOf("DELETE", path)).toBe(200);
    expect(await statusOf("DELETE", path)).toBe(404);
  });
});

describe("devices", () => {
  const seedDevice = (fields: object = {}) => {
    const [device] = simulator.seed({ devices: [fields] }).devices;
    return `/v1/${device?.name ?? ""}`;
  };

  it("are listed in pages and read one by one", async () => {
    const { devices } = simulator.seed({ devices: Array<object>(12).fill({}) });
    const { body } = await call("GET", `${enterprise}/devices`);
    expect(body["devices"]).toEqual(devices.slice(0, 10));
    const rest = await call(
      "GET",
      `${enterprise}/devices?pageToken=${encodeURIComponent(String(body["nextPageToken"]))}`,
    );
    expect(rest.body).toEqual({ devices: devices.slice(10) });
    expect((await call("GET", `/v1/${devices[0]?.name ?? ""}`)).body).toEqual(devices[0]);
  });

  it.each([
    [
      "?updateMask=policyName",
      { policyName: "kiosk" },
      { policyName: "enterprises/LC0default/policies/kiosk" },
    ],
    ["", { state: "DISABLED" }, { state: "DISABLED", appliedState: "DISABLED" }],
    [
      "?updateMask=state,disabledReason",
      { state: "DISABLED", disabledReason: { defaultMessage: "lost" } },
      { disabledReason: { defaultMessage: "lost" } },
    ],
  ])("PATCH %s %j", async (query, input, expected) => {
    const { status, body } = await call("PATCH", `${seedDevice()}${query}`, input);
    expect(status).toBe(200);
    expect(body).toMatchObject(expected);
  });

  it.each([
    ["?updateMask=state", { state: "LOST" }],
    ["?updateMask=state", {}],
    ["?updateMask=policyName", {}],
    ["?updateMask=apiLevel", { apiLevel: 35 }],
    ["?updateMask=policyName", { policyName: "enterprises/LCother000/policies/x" }],
    ["", { state: "BROKEN" }],
  ])("refuse PATCH %s %j", async (query, input) => {
    expect(await statusOf("PATCH", `${seedDevice()}${query}`, input)).toBe(400);
  });

  const work = { ownership: "PERSONALLY_OWNED", managementMode: "PROFILE_OWNER" };
  it.each([
    ["", {}, 200],
    ["?wipeDataFlags=WIPE_EXTERNAL_STORAGE&wipeDataFlags=WIPE_ESIMS", {}, 200],
    ["?wipeDataFlags=WIPE_ALL", {}, 400],
    ["?wipeReasonMessage=lost", work, 200],
    ["?wipeReasonMessage=lost", {}, 400],
    [`?wipeReasonMessage=${"x".repeat(201)}`, work, 400],
  ])("DELETE %.70s of %j answers %i", async (query, fields, status) => {
    const path = seedDevice(fields);
    expect(await statusOf("DELETE", `${path}${query}`)).toBe(status);
    expect(await statusOf("GET", path)).toBe(status === 200 ? 404 : 200);
    expect(await statusOf("DELETE", path)).toBe(status === 200 ? 404 : 200);
  });
});

describe("migration tokens", () => {
  const path = `${enterprise}/migrationTokens`;
  const input = {
    deviceId: "d",
    userId: "u",
    policy: "enterprises/LC0default/policies/default",
    managementMode: "FULLY_MANAGED",
  };

  it.each([
    [{}, "2026-09-27T10:00:00Z"],
    [{ ttl: "60s" }, "2026-09-20T10:01:00Z"],
    [{ expireTime: "2026-09-21T12:00:00.5+02:00" }, "2026-09-21T10:00:00.500Z"],
  ])("%j end at %s", async (times, expireTime) => {
    const { body } = await call("POST", path, { ...input, ...times });
    expect(body).toMatchObject({ ...input, createTime: "2026-09-20T10:00:00Z", expireTime });
    expect((await call("GET", `/v1/${String(body["name"])}`)).body).toEqual(body);
    expect((await call("GET", path)).body).toEqual({ migrationTokens: [body] });
  });

  it("are kept for seven days after they expire", async () => {
    const { body } = await call("POST", path, { ...input, ttl: "60s" });
    simulator.clock.advance(7 * 86_400_000);
    expect(await statusOf("GET", `/v1/${String(body["name"])}`)).toBe(200);
    simulator.clock.advance(60_000);
    expect(await statusOf("GET", `/v1/${String(body["name"])}`)).toBe(404);
    expect((await call("GET", path)).body).toEqual({});
  });

  it.each([
    { deviceId: "" },
    { policy: undefined },
    { managementMode: "MANAGEMENT_MODE_UNSPECIFIED" },
    { ttl: "604801s" },
    { ttl: "60s", expireTime: "2026-09-21T10:00:00Z" },
    { expireTime: "2026-09-20T10:00:00Z" },
    { expireTime: "tomorrow" },
    { additionalData: "x".repeat(1025) },
  ])("refuse %.60j", async (changes) => {
    expect(await statusOf("POST", path, { ...input, ...changes })).toBe(400);
  });
});
