import { describe, expect, it } from "vitest";
import { fakeProvider } from "../../test/fake-provider.js";
import {
  describedFields,
  type FieldSupport,
  type LifetimeLimits,
  type ProviderDescriptor,
  type RoleName,
} from "../descriptor.js";
import type { IsoDuration } from "../duration.js";
import { intersectDescriptors } from "./intersect-descriptors.js";

const nature = { vendor: "router", product: "the router", roles: ["bulk", "listing"] as readonly RoleName[] };

/** What holds for members that differ from a plain provider in what is given. */
const over = (...changes: readonly Partial<ProviderDescriptor>[]) =>
  intersectDescriptors(
    changes.map((change, place) => {
      const { provider } = fakeProvider(`member-${place}`);
      return { ...provider, descriptor: { ...provider.descriptor, ...change } };
    }),
    nature,
  );

const settable = (
  min: IsoDuration,
  max: IsoDuration,
  usual: IsoDuration,
  granularity: IsoDuration,
): LifetimeLimits => ({ settable: true, min, max, default: usual, granularity });

describe("what a composite says of itself", () => {
  it("is its own name and roles, and the documentation of the first", () => {
    const { vendor, product, roles, documentation, contractVersion } = over(
      { documentation: "https://one.example" },
      { documentation: "https://other.example" },
    );
    expect({ vendor, product, roles, documentation, contractVersion }).toEqual({
      ...nature,
      documentation: "https://one.example",
      contractVersion: 1,
    });
  });
});

describe("lists", () => {
  it.each<[keyof ProviderDescriptor, readonly string[], readonly string[], readonly string[]]>([
    ["platforms", ["macos", "ios", "android"], ["android", "macos"], ["macos", "android"]],
    ["managementModes", ["dedicated", "work-profile"], ["dedicated"], ["dedicated"]],
    ["ownerships", ["company"], ["personal"], []],
    ["ownerships", ["company", "personal"], ["personal"], ["personal"]],
    ["artifacts", ["enrollment-link", "enrollment-token"], ["enrollment-link"], ["enrollment-link"]],
    ["deliveries", ["return", "vendor-email"], ["return"], ["return"]],
    ["profiles", ["sales", "field"], ["field", "sales", "office"], ["sales", "field"]],
  ])("%s are those that all have, in the order of the first", (name, one, other, common) => {
    expect(over({ [name]: one }, { [name]: other })[name]).toEqual(common);
  });

  it.each<[keyof ProviderDescriptor, readonly unknown[], readonly unknown[], readonly unknown[]]>([
    [
      "hosts",
      ["a.example", "b.example"],
      ["b.example", "c.example"],
      ["a.example", "b.example", "c.example"],
    ],
    ["uniqueFields", ["device.name"], ["profile", "device.name"], ["device.name", "profile"]],
  ])("%s are those that any has, each once", (name, one, other, all) => {
    expect(over({ [name]: one }, { [name]: other })[name]).toEqual(all);
  });

  it("quotas are all there are", () => {
    const quota = { calls: 10, per: "PT1S", scope: "credentials" } as const;
    const another = { calls: 5, per: "PT1S", scope: "project" } as const;
    expect(over({ quotas: [quota] }, { quotas: [another, quota] }).quotas).toEqual([quota, another]);
  });

  it("profiles are not checked beforehand where no member names any, and are where one does", () => {
    expect(over({}, {})).not.toHaveProperty("profiles");
    expect(over({}, { profiles: ["sales"] }).profiles).toEqual(["sales"]);
    expect(over({}, { profiles: [] }).profiles).toEqual([]);
  });

  it("a field that no request may have is not called unique", () => {
    const { fields } = fakeProvider("any").provider.descriptor;
    const without = { fields: { ...fields, "device.name": "unsupported" } } as const;
    expect(over({ uniqueFields: ["device.name", "profile"] }, without).uniqueFields).toEqual(["profile"]);
  });
});

describe("lifetimes", () => {
  it.each<[string, LifetimeLimits, LifetimeLimits, LifetimeLimits]>([
    [
      "the narrower range, the shorter default, the larger step",
      settable("PT1M", "P30D", "PT1H", "PT1S"),
      settable("PT10M", "P7D", "P1D", "PT1M"),
      settable("PT10M", "P7D", "PT1H", "PT1M"),
    ],
    [
      "only what both can step to",
      settable("PT1S", "PT15S", "PT5S", "PT2S"),
      settable("PT1S", "PT20S", "PT7S", "PT3S"),
      settable("PT6S", "PT12S", "PT6S", "PT6S"),
    ],
    [
      "a default that the other allows: not less",
      settable("PT1M", "P30D", "PT1H", "PT1S"),
      settable("PT2H", "P7D", "P1D", "PT1S"),
      settable("PT2H", "P7D", "PT2H", "PT1S"),
    ],
    [
      "and not more",
      settable("PT1S", "PT50S", "PT50S", "PT1S"),
      settable("PT40S", "PT80S", "PT80S", "PT40S"),
      settable("PT40S", "PT40S", "PT40S", "PT40S"),
    ],
    [
      "none, if the ranges have nothing in common",
      settable("PT1M", "PT1H", "PT1H", "PT1S"),
      settable("PT2H", "P1D", "P1D", "PT1S"),
      { settable: false },
    ],
    [
      "a single one, if they touch",
      settable("PT1M", "PT1H", "PT1M", "PT1S"),
      settable("PT1H", "P1D", "P1D", "PT1S"),
      settable("PT1H", "PT1H", "PT1H", "PT1S"),
    ],
    [
      "none, if one of them sets it itself",
      settable("PT1M", "PT1H", "PT1H", "PT1S"),
      { settable: false },
      { settable: false },
    ],
    ["none, if nobody lets one choose", { settable: false }, { settable: false }, { settable: false }],
  ])("%s", (_, one, other, both) => {
    expect(over({ lifetime: one }, { lifetime: other }).lifetime).toEqual(both);
    expect(over({ lifetime: other }, { lifetime: one }).lifetime).toEqual(both);
  });
});

describe("uses", () => {
  type UseLimits = ProviderDescriptor["uses"];
  const one: UseLimits = { allowed: ["one"], default: "one" };
  it.each<[string, UseLimits, UseLimits, UseLimits]>([
    ["what both allow", { allowed: ["unlimited", "one"], default: "unlimited" }, one, one],
    [
      "the first's own default, if there is no other",
      { allowed: ["unlimited"], default: "unlimited" },
      one,
      { allowed: [], default: "unlimited" },
    ],
    [
      "the default of the first who has one that both allow",
      one,
      { allowed: ["one", "unlimited"], default: "unlimited" },
      one,
    ],
  ])("%s", (_, first, second, both) => {
    expect(over({ uses: first }, { uses: second }).uses).toEqual(both);
  });
});

describe("defaults in which members differ", () => {
  const hour = settable("PT1M", "P30D", "PT1H", "PT1S");
  const day = settable("PT1M", "P30D", "P1D", "PT1S");
  const shared = { allowed: ["one", "unlimited"], default: "unlimited" } as const;
  it.each<[string, Partial<ProviderDescriptor>, Partial<ProviderDescriptor>, readonly string[] | undefined]>([
    ["none", { lifetime: hour }, { lifetime: settable("PT1M", "P1D", "PT60M", "PT1S") }, undefined],
    ["the lifetime", { lifetime: hour }, { lifetime: day }, ["lifetime"]],
    ["the lifetime, if one sets it itself", { lifetime: hour }, {}, ["lifetime"]],
    ["none, if each sets it itself", {}, {}, undefined],
    ["the uses", {}, { uses: shared }, ["uses"]],
    ["both", { lifetime: hour }, { uses: shared }, ["lifetime", "uses"]],
  ])("%s", (_, one, other, differing) => {
    expect(over(one, other).differingDefaults).toEqual(differing);
  });
});

describe("fields", () => {
  const all = (support: FieldSupport) => ({
    fields: Object.fromEntries(
      describedFields.map((field) => [field, support]),
    ) as ProviderDescriptor["fields"],
  });
  it.each<[FieldSupport, FieldSupport, FieldSupport]>([
    ["sent", "sent", "sent"],
    ["sent", "echoed", "echoed"],
    ["echoed", "required", "required"],
    ["required", "sent", "required"],
    ["required", "unsupported", "unsupported"],
    ["unsupported", "sent", "unsupported"],
  ])("%s here and %s there is %s", (one, other, both) => {
    expect(over(all(one), all(other)).fields).toEqual(all(both).fields);
    expect(over(all(other), all(one)).fields).toEqual(all(both).fields);
  });

  it.each([
    [1024, 4, 4],
    [0, 4, 0],
  ])("additional data of %d and %d characters is %d", (one, other, both) => {
    expect(over({ additionalDataLength: one }, { additionalDataLength: other }).additionalDataLength).toBe(
      both,
    );
  });
});

describe("batches", () => {
  const batch = (maxItems: number, atomicity: "all-or-nothing" | "counts-only" | "per-item") => ({
    batch: { maxItems, atomicity },
  });
  it.each([
    [batch(100, "per-item"), batch(1000, "all-or-nothing"), { maxItems: 100, atomicity: "all-or-nothing" }],
    [batch(100, "per-item"), batch(10, "counts-only"), { maxItems: 10, atomicity: "counts-only" }],
    [batch(7, "per-item"), {}, { maxItems: 7, atomicity: "per-item" }],
    [{}, {}, undefined],
  ])("%j and %j", (one, other, both) => {
    expect(over(one, other).batch).toEqual(both);
  });

  it("are told by nobody who has none", () => {
    const { provider } = fakeProvider("any", 10);
    expect(intersectDescriptors([provider], { ...nature, roles: ["listing"] })).not.toHaveProperty("batch");
  });
});
