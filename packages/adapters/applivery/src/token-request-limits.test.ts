import { parseInput, Secret, type EnrollmentRequest } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { settingsSchema, type AppliveryExtras } from "./settings.js";
import { toTokenRequest } from "./token-request.js";

const prepare = (
  request: EnrollmentRequest<AppliveryExtras>,
  settings: object = {},
  onUnsupported?: "warn",
) =>
  toTokenRequest(
    request,
    parseInput(
      settingsSchema,
      { organization: "acme", token: new Secret("t"), ...settings },
      "invalid-config",
    ),
    { now: Date.parse("2026-01-31T00:00:00Z"), provider: "apple", onUnsupported },
  );
const recipient = { email: "ana@example.com" };

describe("the vendor's 128 characters", () => {
  it("are allowed in an address", () => {
    const email = `${"a".repeat(64)}@${"b".repeat(59)}.com`;
    expect(prepare({ recipient: { email } }).email).toBe(email);
  });

  it("are allowed in a name", () => {
    const name = "x".repeat(128);
    const { body, request, warnings } = prepare({ recipient, device: { name } });
    expect(body.displayName).toBe(name);
    expect(request.device).toEqual({ name });
    expect(warnings).toEqual([]);
  });

  it("are refused in a longer address, by its name", () => {
    const email = `${"a".repeat(64)}@${"b".repeat(60)}.com`;
    expect(() => prepare({ recipient: { email } })).toThrow(
      "recipient.email has 129 characters; Applivery allows 128",
    );
  });

  it("are a warning of its own if one more is dropped", () => {
    const { warnings } = prepare({ recipient, device: { name: "x".repeat(129) } }, {}, "warn");
    expect(warnings).toEqual([
      {
        code: "unsupported",
        field: "device.name",
        message: "device.name has 129 characters; Applivery allows 128",
      },
    ]);
  });
});

describe("a lifetime", () => {
  it.each<[string, EnrollmentRequest<AppliveryExtras>, object, number]>([
    ["that was wished", { validFor: "PT3H" }, {}, 10_800_000],
    ["of the settings", {}, { validFor: "PT2H" }, 7_200_000],
  ])("%s is kept in milliseconds, to be held against the answer", (_, request, settings, lifetime) => {
    expect(prepare({ recipient, ...request }, settings)).toHaveProperty("lifetime", lifetime);
  });

  it("is none where nobody chose one", () => {
    expect(prepare({ recipient })).not.toHaveProperty("lifetime");
  });
});

it("takes the settings' policy where the request makes no choice", () => {
  const policyId = "a".repeat(24);
  expect(prepare({ recipient }, { policyId }).body.policyId).toBe(policyId);
});
