import { remaining, Secret } from "@enrollkit/core";
import { loadFixture } from "@enrollkit/testing";
import { describe, expect, it } from "vitest";
import {
  toDeviceReference,
  toEnrollment,
  toRetrievedEnrollment,
  toSummary,
  toTokenInput,
} from "./mapping.js";
import type { EnrollmentPlan } from "./plan.js";
import { settingsSchema } from "./settings.js";
import { createdTokenSchema, deviceSchema, tokenViewSchema } from "./wire.js";

const settings = settingsSchema.parse({ enterprise: "LC02dhxx1r", credentials: new Secret("{}") });
const bodyOf = (name: string) => loadFixture(new URL(`../fixtures/${name}.json`, import.meta.url))["body"];
const created = createdTokenSchema.parse(bodyOf("token-created"));
const viewed = tokenViewSchema.parse(bodyOf("token-viewed"));
const legacy = tokenViewSchema.parse(bodyOf("token-viewed-until-2024"));

const plan: EnrollmentPlan = { usage: "unstated", lifetime: 3_600_000, uses: "one", scope: {}, warnings: [] };
const sentAt = Date.parse("2026-09-20T10:15:30Z");

const enroll = (token: Partial<typeof created>, changes: Partial<EnrollmentPlan> = {}) =>
  toEnrollment(
    { ...created, ...token },
    { key: "row-7", recipient: { name: "Ada" }, device: { name: "phone 7" } },
    { ...plan, lifetime: 86_400_000, ...changes },
    settings,
    { sentAt, receivedAt: sentAt + 500 },
    ["id-1"],
  );

describe("toTokenInput", () => {
  it.each<[string, Partial<EnrollmentPlan>, Record<string, unknown>]>([
    ["states lifetime and uses even when they are the defaults", {}, {}],
    ["half a second", { lifetime: 60_500 }, { duration: "60.5s" }],
    ["a millisecond", { lifetime: 90_001 }, { duration: "90.001s" }],
    [
      "the longest lifetime, without an exponent",
      { lifetime: 315_576_000_000_000 },
      { duration: "315576000000s" },
    ],
    ["any number of devices", { uses: "unlimited" }, { oneTimeOnly: false }],
    [
      "the full name of a bare policy id",
      { policy: "a b" },
      { policyName: "enterprises/LC02dhxx1r/policies/a b" },
    ],
    [
      "usage",
      { usage: "PERSONAL_USAGE_DISALLOWED_USERLESS" },
      { allowPersonalUsage: "PERSONAL_USAGE_DISALLOWED_USERLESS" },
    ],
    ["additional data", { additionalData: '{"x":"é"}' }, { additionalData: '{"x":"é"}' }],
    [
      "sign-in",
      { googleAuthenticationOptions: { authenticationRequirement: "REQUIRED" } },
      { googleAuthenticationOptions: { authenticationRequirement: "REQUIRED" } },
    ],
    ["the ignored user", { user: { accountIdentifier: "u1" } }, { user: { accountIdentifier: "u1" } }],
  ])("%s", (_name, changes, expected) => {
    expect(toTokenInput({ ...plan, ...changes }, "LC02dhxx1r")).toEqual({
      duration: "3600s",
      oneTimeOnly: true,
      ...expected,
    });
  });
});

describe("toEnrollment", () => {
  it("carries what was asked for and what Google made of it", () => {
    expect(enroll({})).toMatchObject({
      id: "enterprises/LC02dhxx1r/enrollmentTokens/q7Zk1m0tT3bVv4Yd2h9sWc8pLxR5nEoUa6iGfJkBz0M",
      provider: "android-management",
      vendor: "android-management",
      key: "row-7",
      createdAt: "2026-09-20T10:15:30.500Z",
      expiresAt: "2026-09-21T10:15:30.481Z",
      uses: "one",
      recipient: { name: "Ada" },
      device: { name: "phone 7" },
      warnings: [],
      requestIds: ["id-1"],
    });
  });

  it("keeps the QR payload byte for byte and escapes the token in the link", () => {
    const { artifacts } = enroll({ value: "A+b/c=" });
    expect(artifacts.map((each) => [each.kind, "value" in each ? each.value.reveal() : ""])).toEqual([
      ["enrollment-token", "A+b/c="],
      ["enrollment-link", "https://enterprise.google.com/android/enroll?et=A%2Bb%2Fc%3D"],
      ["provisioning-qr", created.qrCode],
    ]);
  });

  it.each([
    ["PERSONAL_USAGE_ALLOWED", true],
    ["unstated", true],
    ["PERSONAL_USAGE_DISALLOWED", false],
    ["PERSONAL_USAGE_DISALLOWED_USERLESS", false],
  ] as const)("%s: link %s", (usage, hasLink) => {
    const kinds = enroll({}, { usage }).artifacts.map(({ kind }) => kind);
    expect(kinds.includes("enrollment-link")).toBe(hasLink);
  });

  it("keeps the clamped expiry with its nanoseconds, and reads it as never", () => {
    const enrollment = enroll(
      { expirationTimestamp: "9999-12-31T23:59:59.999999999Z" },
      { lifetime: 315_576_000_000_000 },
    );
    expect(enrollment.expiresAt).toBe("9999-12-31T23:59:59.999999999Z");
    expect(remaining(enrollment, sentAt)).toBe("never");
    expect(enrollment.warnings).toEqual([]);
  });

  it("says when Google chose another expiry", () => {
    const { warnings } = enroll({ expirationTimestamp: "2026-09-20T11:15:30Z" });
    expect(warnings).toMatchObject([{ code: "expiry-differs", field: "validFor" }]);
  });

  it("says what Google left out", () => {
    const { warnings, expiresAt, artifacts } = enroll({ qrCode: undefined, expirationTimestamp: undefined });
    expect(warnings).toEqual([
      { code: "partial-view", message: "Google did not return its QR payload, its expiry" },
    ]);
    expect(expiresAt).toBe("unknown");
    expect(artifacts.map(({ kind }) => kind)).toEqual(["enrollment-token", "enrollment-link"]);
  });
});

describe("toRetrievedEnrollment", () => {
  it("warns of what Google does not show", () => {
    const enrollment = toRetrievedEnrollment(viewed, undefined, settings, sentAt, []);
    expect(enrollment.artifacts.map(({ kind }) => kind)).toEqual([
      "enrollment-token",
      "enrollment-link",
      "provisioning-qr",
    ]);
    expect(enrollment.warnings.map(({ code, field }) => [code, field])).toEqual([
      ["partial-view", "createdAt"],
      ["partial-view", "uses"],
    ]);
  });

  it("tells what the provider remembers of a token that it made", () => {
    const issued = enroll({});
    const enrollment = toRetrievedEnrollment(viewed, issued, settings, sentAt, []);
    expect(enrollment).toMatchObject({ createdAt: issued.createdAt, uses: "one", warnings: [] });
  });

  it("has no secret to give where the deployment shows none", () => {
    const { artifacts, warnings, expiresAt } = toRetrievedEnrollment(legacy, undefined, settings, sentAt, []);
    expect(artifacts).toEqual([]);
    expect(expiresAt).toBe("2026-09-21T10:15:30.481Z");
    expect(warnings.at(-1)?.message).toBe("Google did not return the token's value, its QR payload");
  });
});

it("a summary holds no secret", () => {
  expect(toSummary(viewed, "phones")).toEqual({
    id: viewed.name,
    provider: "phones",
    vendor: "android-management",
    state: "pending",
    expiresAt: "2026-09-21T10:15:30.481Z",
  });
});

describe("toDeviceReference", () => {
  it.each<[string, unknown, Record<string, unknown>]>([
    [
      "hardware",
      bodyOf("device"),
      {
        id: "enterprises/LC02dhxx1r/devices/3dc9d72fbd517bbc",
        description: "google Pixel 8",
        serialNumber: "39011FDJH000AB",
      },
    ],
    ["nothing but a name", { name: "enterprises/e/devices/d" }, { id: "enterprises/e/devices/d" }],
    [
      "null",
      { name: "enterprises/e/devices/d", hardwareInfo: null, state: "" },
      { id: "enterprises/e/devices/d" },
    ],
    [
      "a model alone",
      { name: "d", hardwareInfo: { model: "Pixel 8", brand: null } },
      { id: "d", description: "Pixel 8" },
    ],
  ])("%s", (_name, body, expected) => {
    expect(toDeviceReference(deviceSchema.parse(body))).toEqual(expected);
  });
});
