import { revealEnrollment } from "@enrollkit/core";
import { loadFixture } from "@enrollkit/testing";
import { describe, expect, it } from "vitest";
import { toCreated, toEnrollment, toRecipient, toState, toStatus, toSummary } from "./mapping.js";
import type { TokenRequest } from "./token-request.js";
import { pageSchema, tokenSchema, userSchema, type Token } from "./wire.js";

const fixture = (name: string) => {
  const { body } = loadFixture(new URL(`../fixtures/${name}.json`, import.meta.url));
  return (body as { readonly data: unknown }).data;
};
const token = tokenSchema.parse(fixture("token"));
const duringLife = Date.parse("2026-05-04T12:00:00Z");
const atExpiry = Date.parse("2026-05-05T10:00:00Z");
const deviceId = "65a1b2c3d4e5f60718293d01";

describe("wire", () => {
  it("reads the dates of the documentation, with their stray space", () => {
    const { items } = pageSchema(tokenSchema).parse(fixture("token-list"));
    expect(items).toEqual([
      { ...token, createdAt: "2026-05-04T10:00:00Z", expireAt: "2026-05-05T10:00:00Z" },
    ]);
  });

  it.each([
    ["null", null],
    ["an empty text", ""],
    ["nothing", undefined],
  ])("takes %s for a field that is not set", (_, nothing) => {
    const { id, state, createdAt } = token;
    const bare = { enrollmentLink: nothing, enrollCode: nothing, displayName: nothing, admDevice: nothing };
    expect(tokenSchema.parse({ id, state, createdAt, ...bare })).toEqual({ id, state, createdAt });
  });

  it("refuses what is not an instant", () => {
    expect(tokenSchema.safeParse({ ...token, createdAt: "yesterday" }).success).toBe(false);
  });
});

describe("toState", () => {
  it.each<[string, Partial<Token>, number, string]>([
    ["PENDING", { state: "PENDING" }, duringLife, "pending"],
    ["PENDING at its expiry", { state: "PENDING" }, atExpiry, "expired"],
    ["PENDING without an expiry", { state: "PENDING", expireAt: null }, atExpiry, "pending"],
    ["PENDING with a device", { state: "PENDING", admDevice: deviceId }, duringLife, "used"],
    ["PROCESSING", { state: "PROCESSING" }, duringLife, "pending"],
    ["DONE", { state: "DONE" }, duringLife, "used"],
    ["DONE after its expiry", { state: "DONE" }, atExpiry, "used"],
    ["EXPIRED", { state: "EXPIRED" }, atExpiry, "expired"],
    ["DELETED", { state: "DELETED" }, duringLife, "revoked"],
    ["a state of a later version", { state: "PAUSED" }, duringLife, "unknown"],
    ["a name that every object has", { state: "constructor" }, duringLife, "unknown"],
  ])("reads %s", (_, changes, now, state) => {
    expect(toState({ ...token, ...changes }, now)).toBe(state);
  });
});

describe("a token read again", () => {
  it("is an enrollment with link and code", () => {
    expect(revealEnrollment(toEnrollment(token, "apple"))).toEqual({
      id: token.id,
      provider: "apple",
      vendor: "applivery",
      artifacts: [
        { kind: "enrollment-link", value: "https://app.applivery.com/enroll/apple/Q7M2K9PXA" },
        { kind: "enrollment-code", value: "Q7M2K9PXA" },
      ],
      createdAt: "2026-05-04T10:00:00.000Z",
      expiresAt: "2026-05-05T10:00:00.000Z",
      uses: "one",
      recipient: { email: "ana@example.com" },
      device: { name: "Ana – iPhone" },
      warnings: [],
      requestIds: [],
    });
  });

  it("warns of a missing link and does not invent an expiry", () => {
    const enrollment = toEnrollment({ ...token, enrollmentLink: undefined, expireAt: undefined }, "apple");
    expect(enrollment.artifacts.map(({ kind }) => kind)).toEqual(["enrollment-code"]);
    expect(enrollment).toMatchObject({ expiresAt: "unknown", warnings: [{ code: "partial-view" }] });
  });

  it("is a summary without secrets, and without the tags that are not its caller's", () => {
    const tags = [...(token.tags ?? []), "enrollkit-call:0123456789abcdef"];
    const summary = toSummary({ ...token, tags }, "apple", duringLife);
    expect(summary).toMatchObject({ id: token.id, state: "pending", tags: ["sales"], uses: "one" });
    expect(JSON.stringify(summary)).not.toContain("Q7M2K9PXA");
  });

  it.each<[string, Partial<Token>, object]>([
    ["pending", {}, { state: "pending", devices: [] }],
    ["used", { state: "DONE", admDevice: deviceId }, { state: "used", devices: [{ id: deviceId }] }],
    [
      "unknown",
      { state: "PAUSED" },
      { state: "unknown", devices: [], detail: 'Applivery calls its state "PAUSED"' },
    ],
  ])("has the status %s", (_, changes, status) => {
    expect(toStatus({ ...token, ...changes }, duringLife)).toEqual({ id: token.id, ...status });
  });
});

describe("toCreated", () => {
  const wanted: TokenRequest = {
    request: {
      key: "row-1",
      recipient: { email: "Ana@Example.com", name: "Ana" },
      device: { serialNumber: "C02" },
    },
    email: "Ana@Example.com",
    body: { sendEmail: false },
    lifetime: 86_400_000,
    scope: { platform: "ipados", management: "device-enrollment" },
    warnings: [{ code: "unsupported", field: "uses", message: "dropped" }],
  };
  const sentAt = Date.parse("2026-05-04T10:00:00Z");
  const times = { sentAt, receivedAt: sentAt + 500 };

  it("answers in the request's own words", () => {
    expect(toCreated(token, "apple", wanted, times, ["id-1"])).toMatchObject({
      key: "row-1",
      platform: "ipados",
      management: "device-enrollment",
      recipient: { email: "Ana@Example.com", name: "Ana" },
      device: { serialNumber: "C02" },
      warnings: wanted.warnings,
      requestIds: ["id-1"],
    });
  });

  it("says that the vendor has mailed it", () => {
    const { artifacts } = toCreated(token, "apple", { ...wanted, body: { sendEmail: true } }, times, []);
    expect(artifacts.at(-1)).toEqual({ kind: "delivered", channel: "email" });
  });

  it("warns if the vendor took another lifetime", () => {
    const { warnings } = toCreated(token, "apple", { ...wanted, lifetime: 3_600_000 }, times, []);
    expect(warnings.map(({ code }) => code)).toEqual(["unsupported", "expiry-differs"]);
  });
});

it("reads a recipient", () => {
  const user = userSchema.parse(fixture("user"));
  expect(toRecipient(user)).toEqual({
    id: "65a1b2c3d4e5f60718293a4b",
    email: "ana@example.com",
    name: "Ana",
  });
  expect(toRecipient({ ...user, name: undefined })).not.toHaveProperty("name");
});
