import { parseInput, Secret, type EnrollmentRequest } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { settingsSchema, type AppliveryExtras } from "./settings.js";
import { toTokenRequest, withTag } from "./token-request.js";

type Request = EnrollmentRequest<AppliveryExtras>;

const [first, second, third] = ["a", "b", "c"].map((digit) => digit.repeat(24)) as [string, string, string];
const assignments = [{ admPolicyId: third, priority: 7 }];
const settingsOf = (more: object = {}) =>
  parseInput(settingsSchema, { organization: "acme", token: new Secret("t"), ...more }, "invalid-config");
const prepare = (request: Request, settings: object = {}, onUnsupported?: "warn") =>
  toTokenRequest({ recipient: { email: "ana@example.com" }, ...request }, settingsOf(settings), {
    now: Date.parse("2026-01-31T00:00:00Z"),
    provider: "apple",
    onUnsupported,
  });
/** The body as it is sent: JSON knows no undefined. */
const bodyOf = (request: Request, settings?: object) =>
  JSON.parse(JSON.stringify(prepare(request, settings).body)) as unknown;

describe("the body of a token", () => {
  it.each<[string, Request, object, object]>([
    ["nothing more than was asked for", {}, {}, { sendEmail: false }],
    ["the vendor's e-mail", { delivery: "vendor-email" }, {}, { sendEmail: true }],
    ["the settings' delivery", {}, { delivery: "vendor-email" }, { sendEmail: true }],
    [
      "the request's delivery before the profile's",
      { profile: "sales", delivery: "return" },
      { profiles: { sales: { delivery: "vendor-email" } } },
      { sendEmail: false },
    ],
    [
      "the device's name",
      { device: { name: "Ana – iPhone" } },
      {},
      { sendEmail: false, displayName: "Ana – iPhone" },
    ],
    ["a lifetime in seconds", { validFor: "P3D" }, {}, { sendEmail: false, duration: 259_200 }],
    ["a month by the calendar", { validFor: "P1M" }, {}, { sendEmail: false, duration: 28 * 86_400 }],
    ["the settings' lifetime", {}, { validFor: "PT1H" }, { sendEmail: false, duration: 3600 }],
    [
      "the profile's lifetime before the settings'",
      { profile: "sales" },
      { validFor: "PT1H", profiles: { sales: { validFor: "PT2H" } } },
      { sendEmail: false, duration: 7200 },
    ],
    [
      "the request's lifetime before the profile's",
      { profile: "sales", validFor: "PT3H" },
      { profiles: { sales: { validFor: "PT2H" } } },
      { sendEmail: false, duration: 10_800 },
    ],
    [
      "the tags of all three, once each",
      { profile: "sales", tags: ["x", "all"] },
      { tags: ["all"], profiles: { sales: { tags: ["sales"] } } },
      { sendEmail: false, tags: ["all", "sales", "x"] },
    ],
    [
      "extras before the profile, the profile before the settings",
      { profile: "sales", extras: { language: "es" } },
      {
        language: "en",
        segmentId: 1,
        profiles: { sales: { language: "fr", segmentId: 2, admVppLocationId: first } },
      },
      { sendEmail: false, language: "es", segmentId: 2, admVppLocationId: first },
    ],
    [
      "one choice of policies",
      { profile: "p" },
      { policyId: first, profiles: { p: { admPolicyAssignments: assignments } } },
      { sendEmail: false, admPolicyAssignments: assignments },
    ],
    [
      "both choices of policies, if the extras make both",
      { extras: { policyId: second, admPolicyAssignments: assignments } },
      { policyId: first },
      { sendEmail: false, policyId: second, admPolicyAssignments: assignments },
    ],
    [
      "configuration profiles under the vendor's name for them",
      {
        extras: { configurationProfiles: [first], applications: [{ admApplication: second, managed: true }] },
      },
      {},
      { sendEmail: false, profiles: [first], applications: [{ admApplication: second, managed: true }] },
    ],
    ["no text for an e-mail that is not sent", {}, { emailText: "Hello" }, { sendEmail: false }],
    [
      "the text of an e-mail",
      { delivery: "vendor-email" },
      { emailText: "Hello" },
      { sendEmail: true, emailText: "Hello" },
    ],
  ])("has %s", (_, request, settings, body) => {
    expect(bodyOf(request, settings)).toEqual(body);
  });

  it("takes one more tag", () => {
    expect(withTag({ sendEmail: false }, "mine")).toEqual({ sendEmail: false, tags: ["mine"] });
    expect(withTag({ sendEmail: false, tags: ["a"] }, "mine").tags).toEqual(["a", "mine"]);
    expect(withTag({ sendEmail: false }, undefined)).toEqual({ sendEmail: false });
  });
});

describe("a request that cannot be honoured", () => {
  it.each<[string, string, Request]>([
    ["invalid-request", "recipient.email", { recipient: { name: "Ana" } }],
    [
      "invalid-request",
      "recipient.email",
      { recipient: { email: `${"a".repeat(60)}@${`${"b".repeat(57)}.`.repeat(2)}com` } },
    ],
    ["invalid-request", "profile", { profile: "marketing" }],
    ["invalid-request", "profile", { profile: "toString" }],
    ["invalid-request", "extras.policyId", { extras: { policyId: "sales" } }],
    ["invalid-request", "extras", { extras: { sendEmail: true } as AppliveryExtras }],
    ["unsupported", "extras.emailText", { extras: { emailText: "Hello" } }],
    ["unsupported", "device.name", { device: { name: "x".repeat(129) } }],
    ["unsupported", "device.id", { device: { id: first } }],
    ["unsupported", "validFor", { validFor: "PT59S" }],
    ["unsupported", "validFor", { validFor: "P31D" }],
    ["unsupported", "validFor", { validFor: "PT90.5S" }],
    ["unsupported", "uses", { uses: "unlimited" }],
    ["unsupported", "platform", { platform: "tvos" }],
    ["unsupported", "management", { management: "user-enrollment" }],
    ["unsupported", "ownership", { ownership: "company" }],
    ["unsupported", "additionalData", { additionalData: "x" }],
  ])("is refused as %s at %s", (code, path, request) => {
    const settings = { profiles: { sales: {}, support: {} } };
    expect(() => prepare(request, settings)).toThrow(
      expect.objectContaining({ code, path, provider: "apple" }),
    );
  });

  it("names the profiles that there are", () => {
    expect(() => prepare({ profile: "x" }, { profiles: { sales: {}, support: {} } })).toThrow(
      'profile "x" is not known here; configured are: sales, support',
    );
    expect(() => prepare({ profile: "x" })).toThrow('profile "x" is not known here; none is configured');
  });

  it("names each wish that cannot be honoured", () => {
    const request: Request = { device: { name: "x".repeat(129) }, extras: { emailText: "Hello" } };
    expect(() => prepare(request)).toThrow(/^device\.name has 129 characters.*; extras\.emailText /);
  });

  it("loses the wish and says so, if that is preferred", () => {
    const wish: Request = {
      device: { name: "x".repeat(129), serialNumber: "C02" },
      uses: "unlimited",
      extras: { emailText: "Hello" },
    };
    const { body, request, warnings } = prepare(wish, {}, "warn");
    expect(request.device).toEqual({ serialNumber: "C02" });
    expect(JSON.parse(JSON.stringify(body))).toEqual({ sendEmail: false });
    expect(warnings.map(({ field }) => field)).toEqual(["uses", "device.name", "extras.emailText"]);
  });
});
