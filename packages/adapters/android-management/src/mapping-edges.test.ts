import { Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import {
  toDeviceReference,
  toEnrollment,
  toRetrievedEnrollment,
  toSummary,
  toTokenInput,
} from "./mapping.js";
import { impossibleUsage } from "./personal-usage.js";
import type { EnrollmentPlan } from "./plan.js";
import { settingsSchema } from "./settings.js";
import { deviceSchema, tokenViewSchema } from "./wire.js";

const settings = settingsSchema.parse({ enterprise: "LC01", credentials: new Secret("{}") });
const plan: EnrollmentPlan = { usage: "unstated", lifetime: 3_600_000, uses: "one", scope: {}, warnings: [] };
const bare = tokenViewSchema.parse({ name: "enterprises/LC01/enrollmentTokens/t1" });
const now = Date.parse("2026-09-20T10:15:30Z");

it("leaves out of a create what was not asked for, the name of the field included", () => {
  expect(Object.keys(toTokenInput(plan, "LC01"))).toEqual(["duration", "oneTimeOnly"]);
});

it("leaves out of an enrollment what its request did not have", () => {
  const enrollment = toEnrollment(bare, {}, plan, settings, { sentAt: now, receivedAt: now }, []);
  for (const field of ["key", "recipient", "device"]) expect(enrollment).not.toHaveProperty(field);
});

describe("a token of which Google shows nothing", () => {
  it("is an enrollment that guesses with caution, and says so", () => {
    expect(toRetrievedEnrollment(bare, undefined, settings, now, [])).toMatchObject({
      createdAt: "2026-09-20T10:15:30.000Z",
      expiresAt: "unknown",
      uses: "unlimited",
      artifacts: [],
      warnings: [
        { field: "createdAt", message: expect.stringMatching(/the time of this look-up$/) as string },
        { field: "uses", message: expect.stringMatching(/unlimited is the cautious guess$/) as string },
        { message: "Google did not return the token's value, its QR payload, its expiry" },
      ],
    });
  });

  it("is a summary without an expiry", () => {
    expect(toSummary(bare, "phones")).toMatchObject({ state: "pending", expiresAt: "unknown" });
  });
});

it("knows a device by its name alone if Google says no more", () => {
  const reference = toDeviceReference(deviceSchema.parse({ name: "enterprises/LC01/devices/d1" }));
  expect(reference).toEqual({ id: "enterprises/LC01/devices/d1" });
  expect(Object.keys(reference)).toEqual(["id"]);
});

it.each([
  ["fully-managed", "a personally owned device cannot be fully-managed: Android keeps it to a work profile"],
  [undefined, "a personally owned device cannot be managed: Android keeps it to a work profile"],
] as const)("says why %s is impossible on a personal device", (management, message) => {
  expect(impossibleUsage(management)).toBe(message);
});
