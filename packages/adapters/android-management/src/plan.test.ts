import { EnrollmentError, Secret, type EnrollmentRequest } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { androidManagementDescriptorFor } from "./descriptor.js";
import { planEnrollment } from "./plan.js";
import { settingsSchema, type AndroidManagementExtras, type AndroidManagementSettings } from "./settings.js";

type Request = EnrollmentRequest<AndroidManagementExtras>;

const plan = (
  request: Request,
  changes: Partial<AndroidManagementSettings> = {},
  onUnsupported: "reject" | "warn" = "reject",
) => {
  const settings = settingsSchema.parse({ enterprise: "LC1", credentials: new Secret("{}"), ...changes });
  const descriptor = androidManagementDescriptorFor(settings);
  return planEnrollment(request, { settings, descriptor, onUnsupported, now: 0 });
};

const refusal = (...call: Parameters<typeof plan>): EnrollmentError => {
  try {
    plan(...call);
  } catch (error) {
    if (EnrollmentError.is(error)) return error;
    throw error;
  }
  throw new Error("it was not refused");
};

const hour = 3_600_000;

describe("what is asked for", () => {
  it.each<[string, Request, Partial<AndroidManagementSettings>, Record<string, unknown>]>([
    ["safe defaults", {}, {}, { lifetime: hour, uses: "one", usage: "unstated", policy: undefined }],
    [
      "settings as defaults",
      {},
      { policy: "p", validFor: "P1D", uses: "unlimited", management: "dedicated" },
      {
        policy: "p",
        lifetime: 24 * hour,
        uses: "unlimited",
        usage: "PERSONAL_USAGE_DISALLOWED_USERLESS",
        scope: { platform: "android", management: "dedicated" },
      },
    ],
    [
      "a profile, filled up from the settings",
      { profile: "sales" },
      { policy: "p", validFor: "P1D", profiles: { sales: { policy: "s", uses: "unlimited" } } },
      { policy: "s", lifetime: 24 * hour, uses: "unlimited" },
    ],
    [
      "a request over its profile",
      { profile: "sales", validFor: "PT2H", uses: 1, management: "fully-managed", additionalData: "r" },
      {
        profiles: {
          sales: { validFor: "P1D", uses: "unlimited", management: "dedicated", additionalData: "p" },
        },
      },
      {
        lifetime: 2 * hour,
        uses: "one",
        usage: "PERSONAL_USAGE_DISALLOWED",
        additionalData: "r",
        scope: { profile: "sales", platform: "android", management: "fully-managed" },
      },
    ],
    ["a policy in the extras", { extras: { policy: "x" } }, { policy: "p" }, { policy: "x" }],
    [
      "sign-in in the extras",
      { extras: { googleAuthenticationOptions: { authenticationRequirement: "OPTIONAL" } } },
      { googleAuthenticationOptions: { authenticationRequirement: "REQUIRED" } },
      { googleAuthenticationOptions: { authenticationRequirement: "OPTIONAL" } },
    ],
  ])("%s", (_name, request, settings, expected) => {
    expect(plan(request, settings)).toMatchObject(expected);
  });
});

describe("warnings", () => {
  it.each<[string, Request, Partial<AndroidManagementSettings>, (readonly [string, string])[]]>([
    ["none by default", {}, {}, []],
    ["90 days", { validFor: "P90D" }, { lifetimeCap: "vendor-maximum" }, []],
    ["91 days", { validFor: "P91D" }, { lifetimeCap: "vendor-maximum" }, [["security", "validFor"]]],
    ["anyone, any number", { uses: "unlimited" }, {}, [["security", "uses"]]],
    ["company devices, any number", { uses: "unlimited", management: "dedicated" }, {}, []],
    [
      "a work profile for company devices only",
      { management: "work-profile", ownership: "company" },
      {},
      [["ignored-by-vendor", "ownership"]],
    ],
    [
      "a work profile for company devices only, by the profile",
      { profile: "sales" },
      { profiles: { sales: { management: "work-profile", ownership: "company" } } },
      [["ignored-by-vendor", "ownership"]],
    ],
    ["a work profile for personal devices", { management: "work-profile", ownership: "personal" }, {}, []],
    [
      "the ignored account identifier",
      { extras: { user: { accountIdentifier: "u1" } } },
      {},
      [["ignored-by-vendor", "extras.user.accountIdentifier"]],
    ],
  ])("%s", (_name, request, settings, expected) => {
    expect(plan(request, settings).warnings.map(({ code, field }) => [code, field])).toEqual(expected);
  });
});

describe("refusals", () => {
  const long = "x".repeat(1025);
  it.each<[string, Request, Partial<AndroidManagementSettings>, string, string, RegExp]>([
    ["another platform", { platform: "ios" }, {}, "unsupported", "platform", /android/],
    ["another mode", { management: "user-enrollment" }, {}, "unsupported", "management", /dedicated/],
    ["tags", { tags: ["a"] }, {}, "unsupported", "tags", /no such field/],
    ["a number of uses", { uses: 3 }, {}, "unsupported", "uses", /one, unlimited/],
    ["delivery by the vendor", { delivery: "vendor-email" }, {}, "unsupported", "delivery", /return/],
    ["59 seconds", { validFor: "PT59S" }, {}, "unsupported", "validFor", /1 minute to 30 days/],
    ["31 days", { validFor: "P31D" }, {}, "unsupported", "validFor", /1 minute to 30 days/],
    [
      "beyond Google's own maximum",
      { validFor: "PT315576000001S" },
      { lifetimeCap: "vendor-maximum" },
      "unsupported",
      "validFor",
      /10,000 years/,
    ],
    ["too much data", { additionalData: long }, {}, "unsupported", "additionalData", /1024/],
    [
      "a fully managed personal device",
      { management: "fully-managed", ownership: "personal" },
      {},
      "unsupported",
      "ownership",
      /work profile/,
    ],
    [
      "a mode that the settings' ownership rules out",
      { management: "dedicated" },
      { ownership: "personal" },
      "unsupported",
      "management",
      /work profile/,
    ],
    [
      "an unknown profile",
      { profile: "x" },
      { profiles: { a: {}, b: {} } },
      "invalid-request",
      "profile",
      /a, b/,
    ],
    ["an inherited name", { profile: "toString" }, {}, "invalid-request", "profile", /none is configured/],
    [
      "an e-mail address without the requirement",
      {
        extras: {
          googleAuthenticationOptions: {
            authenticationRequirement: "OPTIONAL",
            requiredAccountEmail: "ada@example.com",
          },
        },
      },
      {},
      "invalid-request",
      "extras.googleAuthenticationOptions.requiredAccountEmail",
      /REQUIRED/,
    ],
    [
      "a policy with a path",
      { extras: { policy: "a/b" } },
      {},
      "invalid-request",
      "extras.policy",
      /bare policy id/,
    ],
    [
      "unknown extras",
      { extras: { colour: "red" } as AndroidManagementExtras },
      {},
      "invalid-request",
      "extras",
      /extras\.colour is not a known field/,
    ],
  ])("%s", (_name, request, settings, code, path, message) => {
    const error = refusal(request, settings);
    expect(error).toMatchObject({ code, path, retryable: false });
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain("@");
  });

  it("drops wishes with a warning if the caller says so", () => {
    const { usage, scope, warnings } = plan(
      { management: "dedicated", ownership: "personal", tags: ["a"] },
      { ownership: "personal" },
      "warn",
    );
    // Neither wish fits: without "dedicated" the ownership of the settings remains.
    expect(usage).toBe("PERSONAL_USAGE_ALLOWED");
    expect(scope).toEqual({ platform: "android", ownership: "personal" });
    expect(warnings.map(({ code, field }) => [code, field])).toEqual([
      ["unsupported", "tags"],
      ["unsupported", "ownership"],
      ["unsupported", "management"],
    ]);
  });
});
