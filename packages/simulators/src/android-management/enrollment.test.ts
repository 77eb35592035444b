import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { manualClock } from "../base/clock.js";
import {
  startAndroidManagementSimulator,
  type AndroidManagementDevice,
  type AndroidManagementSeed,
  type AndroidManagementSimulator,
  type EnrollingDevice,
} from "./index.js";

type SeedToken = NonNullable<AndroidManagementSeed["enrollmentTokens"]>[number];

let simulator: AndroidManagementSimulator;
beforeEach(async () => {
  simulator = await startAndroidManagementSimulator({ clock: manualClock() });
});
afterEach(() => simulator.close());

const tokenFor = (token: SeedToken = {}) => {
  const [created] = simulator.seed({ enrollmentTokens: [token] }).enrollmentTokens;
  if (created?.value === undefined) throw new Error("the seed made no token");
  return { ...created, value: created.value };
};
const linkOf = (value: string) => `https://enterprise.google.com/android/enroll?et=${value}`;

const company = { ownership: "COMPANY_OWNED" } as const;
const personal = { ownership: "PERSONALLY_OWNED" } as const;

describe("the mode that ownership and token lead to", () => {
  it.each<[SeedToken["allowPersonalUsage"], EnrollingDevice, AndroidManagementDevice["managementMode"]]>([
    ["PERSONAL_USAGE_ALLOWED", company, "PROFILE_OWNER"],
    ["PERSONAL_USAGE_ALLOWED", personal, "PROFILE_OWNER"],
    ["PERSONAL_USAGE_DISALLOWED", company, "DEVICE_OWNER"],
    ["PERSONAL_USAGE_DISALLOWED_USERLESS", company, "DEVICE_OWNER"],
    ["ALLOW_PERSONAL_USAGE_UNSPECIFIED", company, "DEVICE_OWNER"],
    ["ALLOW_PERSONAL_USAGE_UNSPECIFIED", personal, "PROFILE_OWNER"],
  ])("%s on %j is %s", (allowPersonalUsage = "PERSONAL_USAGE_ALLOWED", device, managementMode) => {
    const enrolled = simulator.enrollDevice(tokenFor({ allowPersonalUsage }).value, device);
    expect(enrolled).toMatchObject({ ...device, managementMode });
    expect("userName" in enrolled).toBe(allowPersonalUsage !== "PERSONAL_USAGE_DISALLOWED_USERLESS");
  });

  it.each([
    ["PERSONAL_USAGE_ALLOWED", "PROFILE_OWNER"],
    ["PERSONAL_USAGE_DISALLOWED", "DEVICE_OWNER"],
  ] as const)("an unspecified usage may count as %s", (usage, managementMode) => {
    simulator.behavior.unspecifiedPersonalUsage = usage;
    expect(simulator.enrollDevice(tokenFor().value, company)).toMatchObject({ managementMode });
  });
});

describe("a device is refused", () => {
  const cases: readonly [string, () => unknown, RegExp][] = [
    ["an unknown token", () => simulator.enrollDevice("XYZ"), /token is unknown/],
    [
      "a deleted token",
      async () => {
        const { name, value } = tokenFor();
        const headers = { authorization: `Bearer ${simulator.issueAccessToken()}` };
        await fetch(`${simulator.url}/v1/${name}`, { method: "DELETE", headers });
        return simulator.enrollDevice(value);
      },
      /token was deleted/,
    ],
    [
      "an expired token",
      () => {
        const { value } = tokenFor({ duration: "60s" });
        simulator.clock.advance(60_000);
        return simulator.enrollDevice(value);
      },
      /token expired at 2026-09-20T10:01:00Z/,
    ],
    [
      "a second use of a one-time token",
      () => {
        const { value } = tokenFor({ oneTimeOnly: true });
        simulator.enrollDevice(value);
        return simulator.enrollDevice(value);
      },
      /for one device and has enrolled it/,
    ],
    [
      "a deleted enterprise",
      () => {
        const { value } = tokenFor();
        simulator.deleteEnterprise();
        return simulator.enrollDevice(value);
      },
      /enterprise was deleted/,
    ],
    [
      "a personal device where personal use is disallowed",
      () =>
        simulator.enrollDevice(tokenFor({ allowPersonalUsage: "PERSONAL_USAGE_DISALLOWED" }).value, personal),
      /PERSONAL_USAGE_DISALLOWED keeps personally owned devices out/,
    ],
    [
      "a personal device as a dedicated one",
      () =>
        simulator.enrollDevice(
          tokenFor({ allowPersonalUsage: "PERSONAL_USAGE_DISALLOWED_USERLESS" }).value,
          personal,
        ),
      /USERLESS keeps personally owned devices out/,
    ],
    [
      "another mode than expected",
      () => simulator.enrollDevice(tokenFor().value, { managementMode: "PROFILE_OWNER" }),
      /leads to DEVICE_OWNER, not PROFILE_OWNER/,
    ],
    [
      "a link on a company's device",
      () => simulator.enrollDevice(linkOf(tokenFor().value), company),
      /for personally owned devices/,
    ],
    ["a link to elsewhere", () => simulator.enrollDevice("https://example.com/?et=X"), /not one of Android/],
    ["a QR code without a token", () => simulator.enrollDevice("{}"), /carries no enrollment token/],
    ["a cut QR code", () => simulator.enrollDevice('{"android'), /carries no enrollment token/],
  ];
  it.each(cases)("%s", async (_, enroll, message) => {
    const attempt = async () => await enroll();
    const error = await attempt().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    const text = String(error);
    expect(text).toMatch(message);
    for (const { value } of simulator.enrollments()) expect(text).not.toContain(value);
  });

  it("when the project's device quota is used up, though creating tokens goes on", () => {
    simulator.seed({
      projects: [{ id: "small", deviceQuota: 1 }],
      enterprises: [{ id: "LCsmall000", projectId: "small" }],
    });
    const { value } = tokenFor({ enterpriseId: "LCsmall000" });
    simulator.enrollDevice(value);
    expect(() => simulator.enrollDevice(value)).toThrow(/quota of 1 devices is used up/);
    expect(tokenFor({ enterpriseId: "LCsmall000" }).name).toContain("LCsmall000");
    expect(simulator.devices("LCsmall000")).toHaveLength(1);
  });

  it.each([
    [undefined, /requires signing in/],
    ["b@example.com", /requires another Google account/],
    ["A@Example.com", undefined],
  ])("unless it signs in as required: %s", async (accountEmail, message) => {
    const response = await fetch(`${simulator.url}/v1/${simulator.enterpriseName}/enrollmentTokens`, {
      method: "POST",
      headers: { authorization: `Bearer ${simulator.issueAccessToken()}` },
      body: JSON.stringify({
        googleAuthenticationOptions: {
          authenticationRequirement: "REQUIRED",
          requiredAccountEmail: "a@example.com",
        },
      }),
    });
    const { value } = (await response.json()) as { value: string };
    const enroll = () => simulator.enrollDevice(value, accountEmail === undefined ? {} : { accountEmail });
    if (message === undefined) expect(enroll()).toMatchObject({ state: "ACTIVE" });
    else expect(enroll).toThrow(message);
  });
});

describe("an enrolled device", () => {
  it.each<[string, (token: { value: string; qrCode?: string }) => string, object]>([
    ["the value", ({ value }) => value, company],
    ["the QR code", ({ qrCode = "" }) => qrCode, company],
    ["the link", ({ value }) => linkOf(value), personal],
  ])("comes from %s", (_, artifactOf, ownership) => {
    const token = tokenFor({ additionalData: "row-7" });
    const device = simulator.enrollDevice(artifactOf(token), { serialNumber: "SN1" });
    expect(device).toMatchObject({
      ...ownership,
      name: expect.stringMatching(/^enterprises\/LC0default\/devices\/[0-9a-f]{16}$/) as string,
      enrollmentTokenName: token.name,
      enrollmentTokenData: "row-7",
      policyName: "enterprises/LC0default/policies/default",
      enrollmentTime: "2026-09-20T10:00:00Z",
      state: "ACTIVE",
      appliedState: "ACTIVE",
      appliedPolicyVersion: "1",
      policyCompliant: true,
      hardwareInfo: { serialNumber: "SN1" },
    });
    expect(simulator.enrollments()[0]?.deviceNames).toEqual([device.name]);
    expect(simulator.devices()).toEqual([device]);
  });

  it("that is personal shows its enterprise-specific id as its serial number", () => {
    const { hardwareInfo } = simulator.enrollDevice(linkOf(tokenFor().value));
    expect(hardwareInfo.enterpriseSpecificId).toMatch(/^\w{4}-\w{4}-\w{4}-\w{5}-\w{4}-\w{4}-\w$/);
    expect(hardwareInfo.serialNumber).toBe(hardwareInfo.enterpriseSpecificId);
  });

  it("lists its earlier names when the hardware enrolls again", () => {
    const { value } = tokenFor();
    const names = [1, 2].map(() => simulator.enrollDevice(value, { serialNumber: "SN1" }).name);
    const third = simulator.enrollDevice(value, { serialNumber: "SN1" });
    expect(third.previousDeviceNames).toEqual(names);
    expect(names).not.toContain(third.name);
  });

  it("waits in PROVISIONING until its policy exists", async () => {
    const policyName = "enterprises/LC0default/policies/late";
    simulator.enrollDevice(tokenFor({ policyName }).value);
    expect(simulator.devices()[0]).not.toHaveProperty("appliedPolicyName");
    expect(simulator.devices()[0]).toMatchObject({ state: "PROVISIONING", policyName });
    await fetch(`${simulator.url}/v1/${policyName}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${simulator.issueAccessToken()}` },
      body: "{}",
    });
    expect(simulator.devices()[0]).toMatchObject({ state: "ACTIVE", appliedPolicyName: policyName });
  });
});

describe("Pub/Sub", () => {
  const types = () => simulator.notifications().map(({ message }) => message.attributes.notificationType);
  const deviceIn = (index: number) => {
    const data = simulator.notifications()[index]?.message.data ?? "";
    return JSON.parse(Buffer.from(data, "base64").toString()) as AndroidManagementDevice;
  };

  it("reports the enrollment, then the status", () => {
    const token = tokenFor({ additionalData: "é" });
    const { name } = simulator.enrollDevice(token.value);
    expect(simulator.notifications()[0]).toMatchObject({
      message: { messageId: "1000", publishTime: "2026-09-20T10:00:00Z" },
      subscription: "projects/enrollkit-simulator/subscriptions/android-management",
    });
    expect(types()).toEqual(["ENROLLMENT", "STATUS_REPORT"]);
    const common = { name, enrollmentTokenName: token.name, enrollmentTokenData: "é" };
    expect(deviceIn(0)).toMatchObject({ ...common, state: "PROVISIONING" });
    expect(deviceIn(1)).toMatchObject({ ...common, state: "ACTIVE" });
  });

  it.each([
    ["once", 2],
    ["twice", 4],
  ] as const)("delivers %s", (delivery, count) => {
    simulator.behavior.notificationDelivery = delivery;
    simulator.enrollDevice(tokenFor().value);
    expect(simulator.notifications()).toHaveLength(count);
    expect(new Set(simulator.notifications().map(({ message }) => message.messageId)).size).toBe(2);
  });

  it.each<[readonly ("ENROLLMENT" | "STATUS_REPORT")[], boolean, readonly string[]]>([
    [["ENROLLMENT"], true, ["test", "ENROLLMENT"]],
    [["STATUS_REPORT"], true, ["test", "STATUS_REPORT"]],
    [["ENROLLMENT", "STATUS_REPORT"], false, []],
  ])("is asked for %j, topic %s", (enabledNotificationTypes, topic, expected) => {
    simulator.seed({
      enterprises: [
        { id: "LCquiet000", enabledNotificationTypes, ...(topic && { pubsubTopic: "projects/p/topics/t" }) },
      ],
      policies: [{ id: "default", enterpriseId: "LCquiet000" }],
    });
    simulator.enrollDevice(tokenFor({ enterpriseId: "LCquiet000" }).value);
    expect(types()).toEqual(expected);
  });

  it("reports a removed device as deleted", async () => {
    const { name } = simulator.enrollDevice(tokenFor().value);
    const headers = { authorization: `Bearer ${simulator.issueAccessToken()}` };
    await fetch(`${simulator.url}/v1/${name}`, { method: "DELETE", headers });
    expect(types()).toEqual(["ENROLLMENT", "STATUS_REPORT", "STATUS_REPORT"]);
    expect(deviceIn(2)).toMatchObject({ name, state: "DELETED", appliedState: "DELETED" });
  });
});
