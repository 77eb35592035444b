import { EnrollmentError, findArtifact, Secret, toIsoInstant, type EnrollmentRequest } from "@enrollkit/core";
import type { DeviceSeed } from "@enrollkit/simulators/eset-connect";
import { describe, expect, it } from "vitest";
import { esetConnectDescriptor, esetConnectPlugin, type EsetConnectExtras } from "../src/index.js";
import { startAccount, type AccountOptions } from "./simulated-account.js";

type Request = EnrollmentRequest<EsetConnectExtras>;

const finished = "DEVICE_ENROLLMENT_STATUS_FINISHED";
const importPath = "devices:batchImport";
const linksPath = "mobile-devices:batchGetEnrollmentLinks";
const unknownDevice = "00000000-0000-4000-8000-000000000404";

describe("createEnrollment", () => {
  it("imports a placeholder into the settings' group, and gets a link that works once", async () => {
    const { provider, simulator, paths } = await startAccount();
    const enrollment = await provider.createEnrollment({
      key: "k-1",
      recipient: { email: "ada@example.com", name: "Ada" },
      device: { name: "pixel-ada", description: "loan", serialNumber: "S1" },
    });
    expect(paths()).toEqual([importPath, linksPath]);
    const [device] = simulator.devices();
    expect(device).toMatchObject({
      displayName: "pixel-ada",
      description: "loan",
      isMobile: true,
      groupUuid: simulator.groupUuids.mobileDevices,
    });
    expect(enrollment).toMatchObject({
      id: device?.uuid,
      provider: "phones",
      key: "k-1",
      uses: "one",
      device: { id: device?.uuid, name: "pixel-ada", serialNumber: "S1" },
      expiresAt: toIsoInstant(simulator.enrollmentLinks()[0]?.expiresAt ?? 0),
      warnings: [],
    });
    expect(enrollment.requestIds).toHaveLength(2);
    const link = findArtifact(enrollment, "enrollment-link")?.value.reveal() ?? "";
    expect(simulator.enrollDevice({ link, platform: "ios" }).uuid).toBe(enrollment.id);
    expect(() => simulator.enrollDevice({ link, platform: "ios" })).toThrow("used already");
  });

  it("gets a link for a device that ESET knows, and imports nothing", async () => {
    const { provider, simulator, paths, seedDevice } = await startAccount();
    const id = seedDevice({});
    expect(await provider.createEnrollment({ device: { id } })).toMatchObject({ id, device: { id } });
    expect(paths()).toEqual([linksPath]);
    expect(simulator.devices()).toHaveLength(1);
  });

  it.each<[string, AccountOptions["defaultGroup"], Request, string]>([
    ["the settings", "mobile-devices", {}, "Mobile devices"],
    ["the profile", "mobile-devices", { profile: "sales" }, "Sales"],
    [
      "the extras, over the profile",
      "mobile-devices",
      { profile: "sales", extras: { group: "customer" } },
      "Customer",
    ],
    ["nobody", "none", {}, "Lost&Found"],
  ])("takes the group from %s", async (_what, defaultGroup, request, group) => {
    const { provider, simulator } = await startAccount({
      ...(defaultGroup !== undefined && { defaultGroup }),
      settings: { profiles: { sales: { group: "sales" } } },
    });
    simulator.seed({
      groups: [
        { displayName: "Sales", uuid: "sales" },
        { displayName: "Customer", uuid: "customer" },
      ],
    });
    await provider.createEnrollment({ ...request, device: { name: "pixel" } });
    const groupNames = new Map(simulator.groups().map(({ uuid, displayName }) => [uuid, displayName]));
    expect(groupNames.get(simulator.devices()[0]?.groupUuid ?? "")).toBe(group);
  });

  it.each<[string, Request, Partial<EnrollmentError>]>([
    ["neither name nor id", {}, { code: "invalid-request", path: "device.name" }],
    [
      "a name that may be trimmed",
      { device: { name: "a " } },
      { code: "invalid-request", path: "device.name" },
    ],
    [
      "a description alone",
      { device: { description: "x" } },
      { code: "invalid-request", path: "device.name" },
    ],
    [
      "an unknown profile",
      { device: { name: "a" }, profile: "x" },
      { code: "invalid-request", path: "profile" },
    ],
    [
      "unknown extras",
      { device: { name: "a" }, extras: { policy: "x" } as EsetConnectExtras },
      { code: "invalid-request", path: "extras" },
    ],
    ["a lifetime", { device: { name: "a" }, validFor: "PT1H" }, { code: "unsupported", path: "validFor" }],
    ["many uses", { device: { name: "a" }, uses: "unlimited" }, { code: "unsupported", path: "uses" }],
    [
      "a mode",
      { device: { name: "a" }, management: "dedicated" },
      { code: "unsupported", path: "management" },
    ],
    [
      "an e-mail by ESET",
      { device: { name: "a" }, delivery: "vendor-email" },
      { code: "unsupported", path: "delivery" },
    ],
    ["tags", { device: { name: "a" }, tags: ["x"] }, { code: "unsupported", path: "tags" }],
    ["a computer", { device: { name: "a" }, platform: "windows" }, { code: "unsupported", path: "platform" }],
  ])("refuses %s before any call", async (_what, request, expected) => {
    const { provider, simulator } = await startAccount();
    await expect(provider.createEnrollment(request)).rejects.toMatchObject({
      ...expected,
      provider: "phones",
    });
    expect(simulator.stats().requests).toBe(0);
  });

  it.each<[string, Partial<DeviceSeed> | undefined, object]>([
    ["is enrolled", { enrollmentStatus: finished }, { code: "already-enrolled", httpStatus: 400 }],
    [
      "is no mobile device",
      { isMobile: false },
      {
        code: "failed-precondition",
        httpStatus: 400,
        message: expect.stringContaining("not imported as a mobile device") as string,
      },
    ],
    ["does not exist", undefined, { code: "not-found", httpStatus: 404 }],
  ])("tells that a device %s", async (_what, seed, expected) => {
    for (const unsetFields of ["empty", "absent"] as const) {
      const { provider, seedDevice } = await startAccount({ behavior: { unsetFields } });
      const id = seed === undefined ? unknownDevice : seedDevice(seed);
      const error: unknown = await provider
        .createEnrollment({ device: { id } })
        .catch((reason: unknown) => reason);
      expect(error).toMatchObject({ ...expected, path: "device.id", provider: "phones", retryable: false });
      expect(EnrollmentError.is(error) && error.advice).toBeTruthy();
    }
  });

  it.each([
    ["extras", { extras: { group: "other" } }, "extras.group"],
    ["a profile", { profile: "other" }, "profile"],
  ])("does not pass over a group that %s names for a device in another one", async (_what, wish, path) => {
    const { provider, simulator, seedDevice } = await startAccount({
      settings: { profiles: { other: { group: "other" } } },
    });
    simulator.seed({ groups: [{ displayName: "Other", uuid: "other" }] });
    const [here, there] = [seedDevice({}), seedDevice({ parentGroupUuid: "other" })];
    await expect(provider.createEnrollment({ ...wish, device: { id: here } })).rejects.toMatchObject({
      code: "failed-precondition",
      path,
    });
    expect(simulator.enrollmentLinks()).toHaveLength(0);
    expect(await provider.createEnrollment({ ...wish, device: { id: there } })).toMatchObject({ id: there });
  });

  it.each([404, 400] as const)(
    "tells that a device does not exist, also where its group has to be the profile's and reading it is %i",
    async (unknownBatchDeviceStatus) => {
      const { provider } = await startAccount({
        settings: { profiles: { sales: { group: "sales" } } },
        behavior: { unknownBatchDeviceStatus },
      });
      const request = { device: { id: unknownDevice }, profile: "sales" };
      await expect(provider.createEnrollment(request)).rejects.toMatchObject({
        code: "not-found",
        path: "device.id",
        message: "ESET Connect knows no device with this id",
        advice: expect.stringContaining("check device.id") as string,
      });
    },
  );

  it("does not call a device unknown that is there, and for which the call for links is answered 404", async () => {
    const { provider, simulator, seedDevice } = await startAccount();
    simulator.failNext({ kind: "status", status: 404 }, { path: /EnrollmentLinks$/, times: 9 });
    await expect(provider.createEnrollment({ device: { id: seedDevice({}) } })).rejects.toMatchObject({
      code: "not-found",
      path: "device.id",
      message: expect.stringContaining("has the device") as string,
      advice: expect.stringContaining("baseUrls.mobileDeviceManagement") as string,
    });
  });

  it("says which group ESET does not know", async () => {
    const { provider } = await startAccount({ settings: { group: "no-such-group" } });
    await expect(provider.createEnrollment({ device: { name: "pixel" } })).rejects.toMatchObject({
      code: "not-found",
      message: "ESET Connect does not know the device group to import into",
    });
  });

  it("keeps a device whose link was refused from being imported again", async () => {
    const { provider, simulator } = await startAccount();
    simulator.failNext({ kind: "status", status: 403 }, { path: /EnrollmentLinks$/ });
    const error: unknown = await provider
      .createEnrollment({ device: { name: "pixel" } })
      .catch((reason: unknown) => reason);
    const [device] = simulator.devices();
    expect(error).toMatchObject({ code: "forbidden", httpStatus: 403 });
    expect(EnrollmentError.is(error) && error.advice).toContain(`ask again with device.id "${device?.uuid}"`);
  });

  it.each([
    ["404, as if the device were not there", 404],
    ["401, with every token", 401],
  ])("does not take %s for a refusal of the device that it has just imported", async (_what, status) => {
    const { provider, simulator } = await startAccount();
    simulator.failNext({ kind: "status", status }, { path: /EnrollmentLinks$/, times: 9 });
    const error: unknown = await provider
      .createEnrollment({ device: { name: "pixel" } })
      .catch((reason: unknown) => reason);
    const [device] = simulator.devices();
    expect(error).toMatchObject({ code: "outcome-unknown", httpStatus: status, retryable: false });
    expect(EnrollmentError.is(error) && error.path).not.toBe("device.id");
    expect(EnrollmentError.is(error) && error.advice).toContain(`ask again with device.id "${device?.uuid}"`);
    expect(EnrollmentError.is(error) && error.advice).not.toContain("import a new device");
  });
});

describe("the plugin", () => {
  it("makes a provider of the name in the config", () => {
    const settings = esetConnectPlugin.settings.parse({
      region: "jpn",
      username: new Secret("api.user@example.com"),
      password: new Secret("password"),
    });
    expect(esetConnectPlugin.create("phones-jp", settings).name).toBe("phones-jp");
  });

  it("declares the roles that the provider has", async () => {
    const { provider } = await startAccount();
    expect(provider.descriptor).toEqual({ ...esetConnectDescriptor, profiles: [] });
    for (const role of esetConnectDescriptor.roles) expect(provider).toHaveProperty(role);
  });
});
