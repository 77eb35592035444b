import { EnrollmentError, parseInput, Secret } from "@enrollkit/core";
import { Duration } from "luxon";
import { describe, expect, it } from "vitest";
import { configSchema, settingsSchema } from "./settings.js";

const key = new Secret("{}");
const valid = { enterprise: "LC01abcdef", credentials: key };

const refusal = (settings: unknown, schema: typeof settingsSchema | typeof configSchema = settingsSchema) => {
  try {
    parseInput(schema, settings, "invalid-config");
  } catch (error) {
    if (EnrollmentError.is(error)) return error;
    throw error;
  }
  throw new Error("they were not refused");
};

describe("settings", () => {
  it("fills in what Google and this adapter take by default", () => {
    expect(settingsSchema.parse(valid)).toMatchObject({
      name: "android-management",
      enterprise: "LC01abcdef",
      profiles: {},
      lifetimeCap: "30-days",
      lostTokens: "report",
      verifyPolicy: false,
      callsPer100Seconds: 1000,
      timeout: 60_000,
      baseUrl: "https://androidmanagement.googleapis.com",
      enrollmentLinkUrl: "https://enterprise.google.com/android/enroll",
    });
  });

  it.each([
    ["a resource name", { enterprise: "enterprises/LC01abcdef" }, { enterprise: "LC01abcdef" }],
    ["ISO 8601", { validFor: "PT2H" }, { validFor: 7_200_000 }],
    ["luxon", { validFor: Duration.fromObject({ hours: 2 }) }, { validFor: 7_200_000 }],
    ["hours that floating point cannot write", { validFor: "PT1.1H" }, { validFor: 3_960_000 }],
    ["a slash at the end of a URL", { baseUrl: "http://127.0.0.1:1/" }, { baseUrl: "http://127.0.0.1:1" }],
    [
      "the vendor's maximum",
      { lifetimeCap: "vendor-maximum", validFor: "P365D" },
      { validFor: 31_536_000_000 },
    ],
  ])("takes %s", (_name, changes, expected) => {
    expect(settingsSchema.parse({ ...valid, ...changes })).toMatchObject(expected);
  });

  it.each([
    ["no enterprise", { enterprise: undefined }, "enterprise", /enterprise/],
    ["an enterprise with a stray comma", { enterprise: "LC01,abc" }, "enterprise", /LC01abcdef/],
    ["a literal key", { credentials: "{}" }, "credentials", /must be a secret/],
    ["two ways to authenticate", { accessToken: () => Promise.resolve("t") }, "credentials", /not both/],
    ["no way to authenticate", { credentials: undefined }, "credentials", /accessToken must be given/],
    ["an unknown setting", { enterprize: "x" }, undefined, /enterprize is not a known field/],
    ["a policy's full name", { policy: "enterprises/e/policies/p" }, "policy", /bare policy id/],
    ["a policy that a URL swallows", { policy: ".." }, "policy", /bare policy id/],
    ["a duration in Google's own form", { validFor: "3600s" }, "validFor", /PT1H/],
    ["a month", { validFor: "P1M" }, "validFor", /write days/],
    ["too short a lifetime", { validFor: "PT30S" }, "validFor", /30 seconds; .* 1 minute to 30 days/],
    ["too long a lifetime", { validFor: "P90D" }, "validFor", /90 days; lifetimeCap "30-days"/],
    ["an impossible mode", { management: "dedicated", ownership: "personal" }, "ownership", /work profile/],
    [
      "an impossible mode in a profile, together with the defaults",
      { ownership: "personal", profiles: { kiosk: { management: "dedicated" } } },
      "profiles.kiosk.ownership",
      /work profile/,
    ],
    [
      "a mode of Apple's",
      { management: "user-enrollment" },
      "management",
      /fully-managed, work-profile, dedicated/,
    ],
    ["a lifetime in a profile", { profiles: { a: { validFor: "P31D" } } }, "profiles.a.validFor", /31 days/],
    ["a typo in a profile", { profiles: { a: { polcy: "x" } } }, "profiles.a", /profiles\.a\.polcy/],
    ["too much data", { additionalData: "x".repeat(1025) }, "additionalData", /1024/],
    ["no calls at all", { callsPer100Seconds: 0 }, "callsPer100Seconds", /callsPer100Seconds/],
    ["no time to answer", { timeout: "PT0S" }, "timeout", /timeout must be longer than zero/],
    ["less than no time to answer", { timeout: "-PT5S" }, "timeout", /timeout must be longer than zero/],
    ["a policy that no URL can hold", { policy: "a\ud800" }, "policy", /bare policy id/],
    ["another way with lost tokens", { lostTokens: "ignore" }, "lostTokens", /report, adopt or revoke/],
  ])("refuses %s", (_name, changes, path, message) => {
    const error = refusal({ ...valid, ...changes });
    expect(error).toMatchObject({ code: "invalid-config", ...(path !== undefined && { path }) });
    expect(error.message).toMatch(message);
  });

  it("a config takes a key only: a function cannot be written in one", () => {
    expect(refusal({ ...valid, credentials: undefined }, configSchema).path).toBe("credentials");
    expect(refusal({ ...valid, name: "x" }, configSchema).message).toContain("name is not a known field");
    expect(configSchema.parse(valid).credentials).toBe(key);
  });
});
