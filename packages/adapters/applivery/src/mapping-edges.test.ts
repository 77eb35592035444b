import type { EnrollmentState } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { isLive, toCreated, toEnrollment, toSummary } from "./mapping.js";
import type { TokenRequest } from "./token-request.js";
import { tokenSchema, type Token } from "./wire.js";

/** A token of which the vendor says the least that it may. */
const bare: Token = tokenSchema.parse({
  id: "65a1b2c3d4e5f60718293a4c",
  state: "PENDING",
  createdAt: "2026-05-04T10:00:00.000Z",
});
const now = Date.parse("2026-05-04T12:00:00Z");

it.each<[EnrollmentState, boolean]>([
  ["pending", true],
  ["unknown", true],
  ["used", false],
  ["expired", false],
  ["revoked", false],
])("a token that is %s lets a device in: %s", (state, expected) => {
  expect(isLive(state)).toBe(expected);
});

describe("a token that says little", () => {
  it("is an enrollment that says no more, and warns", () => {
    expect(toEnrollment(bare, "apple")).toEqual({
      id: bare.id,
      provider: "apple",
      vendor: "applivery",
      createdAt: bare.createdAt,
      expiresAt: "unknown",
      uses: "one",
      artifacts: [],
      warnings: [{ code: "partial-view", message: "Applivery did not show the enrollment link" }],
      requestIds: [],
    });
  });

  it.each([
    ["none", undefined],
    ["an empty list", []],
  ])("is a summary without tags if it has %s", (_, tags) => {
    expect(toSummary({ ...bare, tags }, "apple", now)).not.toHaveProperty("tags");
  });
});

describe("a token that was just made", () => {
  const wanted: TokenRequest = {
    request: {},
    email: "ana@example.com",
    body: { sendEmail: false },
    scope: {},
    warnings: [],
  };
  const times = { sentAt: Date.parse(bare.createdAt), receivedAt: Date.parse(bare.createdAt) + 500 };
  const complete: Token = { ...bare, enrollmentLink: "https://app.applivery.com/enroll/apple/Q7M2K9PXA" };

  it("has no key, recipient or device that was not asked for, and no warning", () => {
    const enrollment = toCreated(complete, "apple", wanted, times, []);
    expect(Object.keys(enrollment)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(?:key|recipient|device)$/)]),
    );
    expect(enrollment.artifacts.map(({ kind }) => kind)).toEqual(["enrollment-link"]);
    expect(enrollment.warnings).toEqual([]);
  });

  it.each<[string, Partial<TokenRequest>, Token["expireAt"]]>([
    ["no lifetime was wished", {}, "2026-05-05T10:00:00.000Z"],
    ["the vendor does not say when it ends", { lifetime: 3_600_000 }, undefined],
    ["the vendor says that it has no end", { lifetime: 3_600_000 }, null],
    ["it ends as wished", { lifetime: 86_400_000 }, "2026-05-05T10:00:00.000Z"],
  ])("does not warn of its expiry if %s", (_, wish, expireAt) => {
    const { warnings } = toCreated({ ...complete, expireAt }, "apple", { ...wanted, ...wish }, times, []);
    expect(warnings).toEqual([]);
  });
});
