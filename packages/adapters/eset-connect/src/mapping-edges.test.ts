import { resolveRequest, Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { esetConnectDescriptor } from "./descriptor.js";
import { toDeviceGroups, toEnrollment, toStatus } from "./mapping.js";
import type { EsetConnectExtras } from "./settings.js";
import { deviceSchema, type EsetDeviceGroup } from "./wire.js";

const now = Date.parse("2026-09-20T10:00:00Z");

describe("an enrollment of which little was said", () => {
  const resolved = resolveRequest<EsetConnectExtras>({ device: { name: "pixel" } }, esetConnectDescriptor, {
    now,
  });
  const enrollmentUntil = (expireTime: string | undefined) =>
    toEnrollment({
      provider: "phones",
      resolved,
      target: { id: "u-1", requestIds: [], warnings: [] },
      link: { uri: new Secret("https://mdm.example.invalid/e/canary"), expireTime, requestIds: [] },
      now,
    });

  it("has no key and no recipient, under no name", () => {
    const enrollment = enrollmentUntil(undefined);
    expect(enrollment).not.toHaveProperty("key");
    expect(enrollment).not.toHaveProperty("recipient");
  });

  it("says so if the vendor's expiry cannot be read", () => {
    expect(enrollmentUntil("soon").warnings).toEqual([
      {
        code: "partial-view",
        message: "ESET Connect gave an expiry that is not an instant; when the link ends is not known",
      },
    ]);
  });
});

describe("the status", () => {
  const statusOf = (status: string, fields: object = {}) =>
    toStatus(
      { id: "u-1" },
      deviceSchema.parse({
        uuid: "u-1",
        enrollmentStatus: `DEVICE_ENROLLMENT_STATUS_${status}`,
        ...fields,
      }),
      now,
    );

  it("names the device that came in as far as it is described", () => {
    expect(statusOf("FINISHED", { description: "Reception" }).devices).toEqual([
      { id: "u-1", description: "Reception" },
    ]);
    const { devices } = statusOf("FINISHED");
    expect(devices.map((device) => Object.keys(device))).toEqual([["id"]]);
  });

  it.each([
    ["PENDING", { id: "u-1", state: "pending", devices: [] }],
    ["FAILED", { id: "u-1", state: "failed", devices: [] }],
    [
      "UNSPECIFIED",
      {
        id: "u-1",
        state: "unknown",
        devices: [],
        detail: "ESET Connect gives the device an enrollment status that says nothing",
      },
    ],
  ])("of %s is told and explained where it must be", (status, expected) => {
    expect(statusOf(status)).toEqual(expected);
  });

  it("of a link that has ended names no device", () => {
    const device = deviceSchema.parse({
      uuid: "u-1",
      enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_PENDING",
    });
    expect(toStatus({ id: "u-1", expiresAt: "2026-09-20T09:00:00Z" }, device, now)).toEqual({
      id: "u-1",
      state: "expired",
      devices: [],
    });
  });
});

it("ends a path at the root, whatever other groups are called", () => {
  const group = (uuid: string, parentGroupUuid?: string): EsetDeviceGroup => ({
    uuid,
    displayName: `group ${uuid}`,
    parentGroupUuid,
    isSecurityGroup: true,
  });
  const [first] = toDeviceGroups([group("1"), group("2")]);
  expect(first?.path).toEqual(["group 1"]);
});
