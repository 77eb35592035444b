import { describe, expect, it } from "vitest";
import {
  comparedConditions,
  comparedFields,
  describeRule,
  wantedBy,
  type RoutingConditions,
} from "./conditions.js";

const rule = (when?: RoutingConditions) => ({ provider: "west", when });

describe("describeRule", () => {
  it.each<[RoutingConditions | undefined, string]>([
    [undefined, "whatever comes"],
    [{}, "whatever comes"],
    [{ platform: "ios" }, "platform ios"],
    [{ platform: ["ios", "ipados"], percentage: 20 }, "platform ios or ipados; 20% of the persons"],
    [{ percentage: 5 }, "5% of the persons"],
    [{ recipientDomain: "Example.COM", tag: "pilot" }, "tag pilot; recipient domain example.com"],
    [{ tenant: "q7Zk1m0tT3bVv4Yd2h9sWc8pLx" }, "tenant …"],
  ])("%j is: %s", (when, text) => {
    expect(describeRule(rule(when))).toBe(text);
  });
});

describe("wantedBy", () => {
  it("is a list, and only of domains in lower case", () => {
    const when = { profile: "Sales", tenant: ["North"], recipientDomain: ["Example.COM", "b.example"] };
    expect(comparedConditions.map((condition) => [condition, wantedBy(rule(when), condition)])).toEqual([
      ["platform", undefined],
      ["management", undefined],
      ["profile", ["Sales"]],
      ["tenant", ["North"]],
      ["tag", undefined],
      ["recipientDomain", ["example.com", "b.example"]],
    ]);
  });
});

describe("what conditions look at", () => {
  const request = {
    platform: "ios",
    management: "dedicated",
    profile: "sales",
    tenant: "north",
    tags: ["a", "b"],
    recipient: { email: "Ana@EXAMPLE.com" },
  } as const;
  it.each([
    ["platform", "platform", ["ios"]],
    ["management", "management", ["dedicated"]],
    ["profile", "profile", ["sales"]],
    ["tenant", "tenant", ["north"]],
    ["tag", "tags", ["a", "b"]],
    ["recipientDomain", "recipient.email", ["example.com"]],
  ] as const)("%s is %s", (condition, field, values) => {
    expect(comparedFields[condition].field).toBe(field);
    expect(comparedFields[condition].read(request)).toEqual(values);
    expect(comparedFields[condition].read({})).toEqual([]);
    expect(comparedFields[condition].read({ recipient: { name: "Ana" } })).toEqual([]);
  });
});
