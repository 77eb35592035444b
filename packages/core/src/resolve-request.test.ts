import { Duration } from "luxon";
import { describe, expect, it } from "vitest";
import { describedFields, type ProviderDescriptor } from "./descriptor.js";
import { EnrollmentError } from "./errors.js";
import type { IsoDuration } from "./duration.js";
import type { EnrollmentRequest } from "./request.js";
import { fieldValue, resolveRequest } from "./resolve-request.js";

const descriptor: ProviderDescriptor = {
  contractVersion: 1,
  vendor: "acme",
  product: "Acme MDM",
  documentation: "https://example.com",
  hosts: ["example.com"],
  platforms: ["ios", "macos"],
  managementModes: [],
  ownerships: ["company"],
  lifetime: { settable: true, min: "PT1M", max: "P30D", default: "P1D", granularity: "PT1S" },
  uses: { allowed: ["one"], default: "one" },
  additionalDataLength: 4,
  artifacts: ["enrollment-link"],
  deliveries: ["return"],
  fields: {
    profile: "sent",
    "recipient.email": "required",
    "recipient.name": "sent",
    "device.id": "unsupported",
    "device.name": "sent",
    "device.description": "echoed",
    "device.serialNumber": "echoed",
    tags: "unsupported",
  },
  uniqueFields: [],
  quotas: [],
  roles: [],
};
const now = Date.parse("2026-01-15T00:00:00Z");
const base: EnrollmentRequest = { recipient: { email: "ana@example.com" } };

const refusal = (request: unknown, changed: Partial<ProviderDescriptor> = {}) => {
  try {
    resolveRequest(request as EnrollmentRequest, { ...descriptor, ...changed }, { now });
  } catch (error) {
    if (EnrollmentError.is(error)) return [error.code, error.path, error.message];
    throw error;
  }
  return undefined;
};

describe("lifetime", () => {
  it.each<[unknown, number]>([
    ["PT1M", 60_000],
    ["PT1H", 3_600_000],
    ["P30D", 2_592_000_000],
    [Duration.fromObject({ days: 7 }), 604_800_000],
    ["PT1.5M", 90_000],
    ["P0.7D", 60_480_000],
    ["P1DT-1H", 82_800_000],
  ])("%s is honoured", (validFor, expected) => {
    const { lifetime } = resolveRequest({ ...base, validFor } as EnrollmentRequest, descriptor, { now });
    expect(lifetime).toBe(expected);
  });

  it.each<[unknown, string, string]>([
    ["PT0S", "invalid-request", "validFor is zero; an enrollment must live for some time"],
    ["-PT1H", "invalid-request", 'validFor "-PT1H" is negative; an enrollment must live for some time'],
    [
      "1h",
      "invalid-request",
      'validFor "1h" is not an ISO 8601 duration; write PT1H for one hour, P7D for seven days',
    ],
    [3600, "invalid-request", "validFor must be a duration such as PT1H or P7D"],
    [Duration.invalid("x"), "invalid-request", "validFor must be a duration such as PT1H or P7D"],
    ["PT59S", "unsupported", 'validFor "PT59S" is 59 seconds; Acme MDM allows 1 minute to 30 days'],
    ["P31D", "unsupported", 'validFor "P31D" is 31 days; Acme MDM allows 1 minute to 30 days'],
    ["P1M", "unsupported", 'validFor "P1M" is 31 days; Acme MDM allows 1 minute to 30 days'],
    [
      "PT90.5S",
      "unsupported",
      'validFor "PT90.5S" is 1 minute 30 seconds 500 milliseconds; Acme MDM allows 1 minute to 30 days, in steps of 1 second',
    ],
  ])("%s is refused as %s", (validFor, code, message) => {
    expect(refusal({ ...base, validFor })).toEqual([code, "validFor", message]);
  });

  it.each<[IsoDuration, string]>([
    ["PT60.0005S", 'validFor "PT60.0005S" is 1 minute 0.5 milliseconds; Acme MDM allows 1 minute to 30 days'],
    ["P999999Y", 'validFor "P999999Y" is about 999,315 years; Acme MDM allows 1 minute to 30 days'],
  ])("%s is refused for what it is", (validFor, message) => {
    expect(refusal({ ...base, validFor })?.[2]).toContain(message);
  });

  it("counts a month on the calendar, from now", () => {
    const february = Date.parse("2026-02-15T00:00:00Z");
    const { lifetime } = resolveRequest({ ...base, validFor: "P1M" }, descriptor, { now: february });
    expect(lifetime).toBe(28 * 86_400_000);
  });

  it("is refused where the vendor sets it", () => {
    expect(refusal({ ...base, validFor: "PT1H" }, { lifetime: { settable: false } })).toEqual([
      "unsupported",
      "validFor",
      "validFor is not possible; Acme MDM sets the lifetime itself",
    ]);
  });
});

describe("wishes that the vendor cannot honour", () => {
  const cases: [string, object, string][] = [
    ["platform", { platform: "android" }, 'platform "android" is not possible; Acme MDM offers: ios, macos'],
    [
      "management",
      { management: "dedicated" },
      'management "dedicated" is not possible; Acme MDM offers no choice',
    ],
    [
      "ownership",
      { ownership: "personal" },
      'ownership "personal" is not possible; Acme MDM offers: company',
    ],
    [
      "delivery",
      { delivery: "vendor-email" },
      'delivery "vendor-email" is not possible; Acme MDM offers: return',
    ],
    ["uses", { uses: "unlimited" }, "uses unlimited is not possible; Acme MDM offers: one"],
    ["uses", { uses: 3 }, "uses 3 is not possible; Acme MDM offers: one"],
    ["additionalData", { additionalData: "12345" }, "additionalData has 5 characters; Acme MDM allows 4"],
    ["tags", { tags: ["a"] }, "tags is not possible; Acme MDM has no such field"],
    [
      "device.id",
      { device: { id: "d", name: "n" } },
      "device.id is not possible; Acme MDM has no such field",
    ],
  ];
  it.each(cases)("%s is refused", (path, wish, message) => {
    expect(refusal({ ...base, ...wish })).toEqual(["unsupported", path, message]);
  });

  it.each(cases)("%s is dropped with a warning when the caller says so", (field, wish, message) => {
    const resolved = resolveRequest({ ...base, ...wish }, descriptor, {
      now,
      onUnsupported: "warn",
    });
    expect(resolved.warnings).toEqual([{ code: "unsupported", field, message }]);
    const kept = field === "device.id" ? { ...base, device: { name: "n" } } : base;
    expect(resolved.request).toEqual(kept);
  });

  it("a lifetime that is dropped leaves none behind", () => {
    const resolved = resolveRequest({ ...base, validFor: "P31D" }, descriptor, {
      now,
      onUnsupported: "warn",
    });
    expect(resolved).not.toHaveProperty("lifetime");
    expect(resolved.request).toEqual(base);
  });

  it("additionalData is refused where the vendor has no field for it", () => {
    expect(refusal({ ...base, additionalData: "x" }, { additionalDataLength: 0 })).toEqual([
      "unsupported",
      "additionalData",
      "additionalData has 1 characters; Acme MDM has no such field",
    ]);
  });

  it("are listed all at once", () => {
    const [, path, message] = refusal({ ...base, platform: "android", tags: ["a"] }) ?? [];
    expect(path).toBe("platform");
    expect(message).toContain("; tags is not possible");
  });

  it("additionalData counts characters as a reader does", () => {
    expect(refusal({ ...base, additionalData: "😀😀😀😀" })).toBeUndefined();
  });

  it("extras pass through, and only where an adapter has given them a type", () => {
    const extras = { policy: "p" };
    const typed: EnrollmentRequest<typeof extras> = { ...base, extras };
    // @ts-expect-error -- the neutral request has none
    const neutral: EnrollmentRequest = typed;
    expect(neutral).toBe(typed);
    expect(resolveRequest(typed, descriptor, { now }).request.extras).toEqual(extras);
  });

  it("one use may be written as 1", () => {
    expect(resolveRequest({ ...base, uses: 1 }, descriptor, { now }).uses).toBe("one");
  });

  it("an empty list of tags is no wish", () => {
    expect(refusal({ ...base, tags: [] })).toBeUndefined();
  });
});

describe("wishes that the vendor can honour", () => {
  it("and nothing else is in what becomes of a request that wishes nothing", () => {
    expect(resolveRequest(base, descriptor, { now })).toStrictEqual({
      request: base,
      uses: "one",
      delivery: "return",
      scope: { ownership: "company" },
      warnings: [],
    });
  });

  it("stay as they are", () => {
    const wishes: EnrollmentRequest = {
      ...base,
      profile: "sales",
      tenant: "north",
      platform: "macos",
      management: "dedicated",
      ownership: "personal",
      validFor: "PT1H",
      uses: "unlimited",
      delivery: "vendor-email",
    };
    const able: ProviderDescriptor = {
      ...descriptor,
      managementModes: ["dedicated", "fully-managed"],
      ownerships: ["company", "personal"],
      uses: { allowed: ["one", "unlimited"], default: "one" },
      deliveries: ["return", "vendor-email"],
    };
    expect(resolveRequest(wishes, able, { now })).toStrictEqual({
      request: wishes,
      lifetime: 3_600_000,
      uses: "unlimited",
      delivery: "vendor-email",
      scope: {
        profile: "sales",
        tenant: "north",
        platform: "macos",
        management: "dedicated",
        ownership: "personal",
      },
      warnings: [],
    });
  });

  it("the vendor's own default of uses holds where none are wished", () => {
    const shared = { ...descriptor, uses: { allowed: ["one", "unlimited"], default: "unlimited" } } as const;
    expect(resolveRequest(base, shared, { now }).uses).toBe("unlimited");
    expect(resolveRequest({ ...base, uses: 1 }, shared, { now }).uses).toBe("one");
  });

  it("what the vendor has but one of is told, and what it has more of is not", () => {
    const one = {
      platforms: ["ios"],
      managementModes: ["device-enrollment"],
      ownerships: ["company", "personal"],
    } as const;
    expect(resolveRequest(base, { ...descriptor, ...one }, { now }).scope).toStrictEqual({
      platform: "ios",
      management: "device-enrollment",
    });
  });
});

describe("fieldValue", () => {
  const whole: EnrollmentRequest = {
    profile: "sales",
    recipient: { email: "ana@example.com", name: "Ana" },
    device: { id: "d", name: "n", description: "t", serialNumber: "s" },
    tags: ["a"],
  };
  it("finds each field that is there, and none that is not", () => {
    expect(describedFields.map((field) => fieldValue(whole, field))).toEqual([
      ...["sales", "ana@example.com", "Ana", "d", "n", "t", "s"],
      ["a"],
    ]);
    expect(describedFields.map((field) => fieldValue({}, field))).toEqual(
      describedFields.map(() => undefined),
    );
  });
});

describe("malformed input", () => {
  it.each<[object, string | undefined, string]>([
    [{}, "recipient.email", "recipient.email is missing; Acme MDM needs it"],
    [
      { recipient: { email: "ana.example.com" } },
      "recipient.email",
      "recipient.email is not an e-mail address; it takes a name, an @ and a domain",
    ],
    [{ ...base, uses: 0 }, "uses", "uses must be one, unlimited, or a whole number above zero"],
    [{ ...base, platform: "symbian" }, "platform", "platform must be one of: android, ios,"],
    [{ ...base, device: { nmae: "x" } }, "device", "device.nmae is not a known field"],
    [{ ...base, validfor: "PT1H" }, undefined, "validfor is not a known field"],
    [{ ...base, tags: ["ok", ""] }, "tags[1]", "tags[1] must not be empty"],
    [{ ...base, key: "x".repeat(513) }, "key", "key must have at most 512 characters"],
  ])("%j", (request, path, message) => {
    const [code, actualPath, actualMessage] = refusal(request) ?? [];
    expect([code, actualPath]).toEqual(["invalid-request", path]);
    expect(actualMessage).toContain(message);
  });

  it.each([
    [["sales", "field"], 'profile "slaes" is not known here; configured are: sales, field'],
    [[], 'profile "slaes" is not known here; none is configured'],
  ])("an unknown profile, where %j are known", (profiles, message) => {
    expect(refusal({ ...base, profile: "slaes" }, { profiles })).toEqual([
      "invalid-request",
      "profile",
      message,
    ]);
    expect(() => resolveRequest({ ...base, profile: "slaes" }, { ...descriptor, profiles }, { now })).toThrow(
      expect.objectContaining({
        advice: "add the profile to the provider's settings, or correct its name",
      }) as Error,
    );
  });

  it.each([
    { recipient: { email: "ana(at)example.com" } },
    { ...base, profile: "ana@example.com" },
    { ...base, validFor: "ana@example.com" },
    { ...base, uses: "ana@example.com" },
    { ...base, platform: "ana@example.com" },
    { ...base, profile: "ana".repeat(100) },
    { ...base, validFor: "ana".repeat(100) },
  ])("does not repeat in the error what got into the wrong column: %j", (request) => {
    const refused = refusal(request, { profiles: ["sales"] });
    expect(refused?.[0]).toBe("invalid-request");
    expect(JSON.stringify(refused)).not.toContain("ana");
  });

  it.each<[unknown, string]>([
    [{ ...base, key: 7 }, "key must be text, not a number"],
    [{ ...base, recipient: "x" }, "recipient must be an object, not a string"],
    [null, "must be an object, not null"],
  ])("%j is told in words", (request, message) => {
    expect(refusal(request)?.[2]).toBe(message);
  });

  it.each(["o'brien@example.com", "a+b@sub.example.co.uk"])("takes %s", (email) => {
    expect(refusal({ recipient: { email } })).toBeUndefined();
  });
});

describe("the scope of the result", () => {
  it.each<[string, EnrollmentRequest, object]>([
    ["what the vendor has no choice in", {}, { ownership: "company" }],
    [
      "what was wished",
      { profile: "sales", platform: "macos" },
      { profile: "sales", platform: "macos", ownership: "company" },
    ],
  ])("is %s", (_, wishes, expected) => {
    expect(resolveRequest({ ...base, ...wishes }, descriptor, { now }).scope).toEqual(expected);
  });

  it("leaves out a wish that was dropped", () => {
    const dropped = resolveRequest({ ...base, platform: "android" }, descriptor, {
      onUnsupported: "warn",
      now,
    });
    expect(dropped.scope).toEqual({ ownership: "company" });
  });
});
