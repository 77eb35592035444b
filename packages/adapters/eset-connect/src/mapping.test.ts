import { resolveRequest, Secret, type EnrollmentState, type TrackedEnrollment } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { esetConnectDescriptor } from "./descriptor.js";
import { toDeviceGroups, toEnrollment, toImportedDevice, toState, toStatus } from "./mapping.js";
import type { EsetConnectExtras } from "./settings.js";
import { deviceSchema, type EsetDeviceGroup } from "./wire.js";

const now = Date.parse("2026-09-20T10:00:00Z");

const deviceOf = (fields: object = {}) => deviceSchema.parse({ uuid: "u-1", ...fields });

describe("toState", () => {
  it.each<[unknown, EnrollmentState]>([
    ["DEVICE_ENROLLMENT_STATUS_PENDING", "pending"],
    ["DEVICE_ENROLLMENT_STATUS_FINISHED", "used"],
    ["DEVICE_ENROLLMENT_STATUS_FAILED", "failed"],
    ["DEVICE_ENROLLMENT_STATUS_UNSPECIFIED", "unknown"],
    ["DEVICE_ENROLLMENT_STATUS_ENROLLED", "unknown"],
    ["", "unknown"],
    [null, "unknown"],
    [undefined, "unknown"],
  ])("reads %s as %s", (enrollmentStatus, state) => {
    expect(toState(deviceOf({ enrollmentStatus }))).toBe(state);
  });
});

describe("toEnrollment", () => {
  const resolved = resolveRequest<EsetConnectExtras>(
    { key: "k-1", recipient: { email: "ada@example.com" }, device: { name: "pixel", serialNumber: "S1" } },
    esetConnectDescriptor,
    { now },
  );
  const link = { uri: new Secret("https://mdm.example.invalid/e/canary"), requestIds: ["r-2"] };
  const target = { id: "u-1", requestIds: ["r-1"], warnings: [] };
  const enrollmentWith = (expireTime: string | undefined) =>
    toEnrollment({ provider: "phones", resolved, target, link: { ...link, expireTime }, now });

  it("takes the device for the enrollment's id, and brings back what the request said", () => {
    expect(enrollmentWith("2026-09-27T12:00:00Z")).toEqual({
      id: "u-1",
      provider: "phones",
      vendor: "eset-connect",
      key: "k-1",
      artifacts: [{ kind: "enrollment-link", value: link.uri }],
      createdAt: "2026-09-20T10:00:00.000Z",
      expiresAt: "2026-09-27T12:00:00Z",
      uses: "one",
      recipient: { email: "ada@example.com" },
      device: { id: "u-1", name: "pixel", serialNumber: "S1" },
      warnings: [],
      requestIds: ["r-1", "r-2"],
    });
  });

  it.each<[string | undefined, string, number]>([
    ["2026-09-27T12:00:00.123456789Z", "2026-09-27T12:00:00.123456789Z", 0],
    ["2026-09-27T14:00:00+02:00", "2026-09-27T12:00:00.000Z", 0],
    [undefined, "unknown", 0],
    ["soon", "unknown", 1],
  ])("reads the expiry %s as %s", (expireTime, expiresAt, warnings) => {
    const enrollment = enrollmentWith(expireTime);
    expect(enrollment.expiresAt).toBe(expiresAt);
    expect(enrollment.warnings).toHaveLength(warnings);
  });

  it("shows the link to nobody", () => {
    expect(JSON.stringify(enrollmentWith(undefined))).not.toContain("canary");
  });
});

describe("toImportedDevice", () => {
  it("says what the import answered", () => {
    const device = deviceOf({ enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_PENDING" });
    expect(toImportedDevice("phones", device, "pixel", ["r-1"])).toEqual({
      id: "u-1",
      provider: "phones",
      vendor: "eset-connect",
      name: "pixel",
      state: "pending",
      requestIds: ["r-1"],
    });
  });
});

describe("toStatus", () => {
  const past = "2026-09-20T10:00:00Z" as const;
  const future = "2026-09-20T10:00:01Z" as const;

  it.each<[string, TrackedEnrollment["expiresAt"], EnrollmentState]>([
    ["PENDING", future, "pending"],
    ["PENDING", past, "expired"],
    ["PENDING", "never", "pending"],
    ["PENDING", "unknown", "pending"],
    ["PENDING", undefined, "pending"],
    ["FINISHED", past, "used"],
    ["FAILED", past, "failed"],
    ["UNSPECIFIED", future, "unknown"],
  ])("reads %s of a link that expires %s as %s", (status, expiresAt, state) => {
    const device = deviceOf({ enrollmentStatus: `DEVICE_ENROLLMENT_STATUS_${status}` });
    const tracked = { id: "u-1", ...(expiresAt !== undefined && { expiresAt }) };
    expect(toStatus(tracked, device, now)).toMatchObject({ id: "u-1", state });
  });

  it("names the device that enrolled, with the name it has now", () => {
    const device = deviceOf({
      displayName: "renamed",
      enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_FINISHED",
    });
    expect(toStatus({ id: "u-1" }, device, now).devices).toEqual([{ id: "u-1", name: "renamed" }]);
  });

  it("says that an enrollment status tells nothing", () => {
    expect(toStatus({ id: "u-1" }, deviceOf(), now).detail).toContain("says nothing");
  });
});

describe("toDeviceGroups", () => {
  const group = (
    uuid: string,
    displayName: string | undefined,
    parentGroupUuid?: string,
  ): EsetDeviceGroup => ({
    uuid,
    displayName,
    parentGroupUuid,
    isSecurityGroup: true,
  });

  it("finds the path from the root, in whatever order the groups came", () => {
    const groups = [group("3", "Phones", "2"), group("1", "All"), group("2", "Berlin", "1")];
    expect(toDeviceGroups(groups).map(({ path }) => path.join("/"))).toEqual([
      "All/Berlin/Phones",
      "All",
      "All/Berlin",
    ]);
  });

  it("leaves dynamic groups out, also as unset flags", () => {
    const groups = [
      group("1", "All"),
      { ...group("2", "Outdated", "1"), isSecurityGroup: false },
      { ...group("3", "Lost", "1"), isSecurityGroup: undefined },
    ];
    expect(toDeviceGroups(groups).map(({ name }) => name)).toEqual(["All"]);
  });

  it.each<[string, EsetDeviceGroup[], string[][]]>([
    ["a parent that is not visible", [group("2", "Customer", "1")], [["Customer"]]],
    ["a group without a name", [group("1", undefined)], [["1"]]],
    [
      "a circle",
      [group("1", "A", "2"), group("2", "B", "1")],
      [
        ["B", "A"],
        ["A", "B"],
      ],
    ],
    ["a group that is its own parent", [group("1", "A", "1")], [["A"]]],
  ])("ends at %s", (_what, groups, paths) => {
    expect(toDeviceGroups(groups).map(({ path }) => path)).toEqual(paths);
  });
});
