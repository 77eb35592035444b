import { beforeEach, describe, expect, it } from "vitest";
import fc from "fast-check";
import { collect } from "../../test/collect.js";
import { fakeProvider } from "../../test/fake-provider.js";
import { createEnrollments } from "../bulk/create-enrollments.js";
import { EnrollmentError } from "../errors.js";
import type { EnrollmentProvider } from "../provider.js";
import { managementModes, platforms, type EnrollmentRequest } from "../request.js";
import type { RoutingConditions, RoutingRule } from "./conditions.js";
import { accountsOf, destinationOf, overAccounts } from "./destination.js";
import { personNumber } from "./person.js";
import { createRouter } from "./router.js";

const [east, west, north] = [fakeProvider("east"), fakeProvider("west", 3), fakeProvider("north")];
const providers = [east.provider, west.provider, north.provider];
const routerOf = (...rules: readonly RoutingRule[]) => createRouter({ name: "devices", rules, providers });
const goesTo = (router: EnrollmentProvider, request: EnrollmentRequest) =>
  destinationOf(router, request).member.name;

const refusal = (attempt: () => unknown): EnrollmentError => {
  try {
    attempt();
  } catch (error) {
    if (EnrollmentError.is(error)) return error;
  }
  throw new Error("it was not refused");
};

describe("a rule", () => {
  const person = (email: string): EnrollmentRequest => ({ recipient: { email } });

  it.each<[string, RoutingConditions, EnrollmentRequest, EnrollmentRequest]>([
    ["platform", { platform: ["ios", "macos"] }, { platform: "macos" }, { platform: "android" }],
    ["management", { management: "dedicated" }, { management: "dedicated" }, { management: "work-profile" }],
    ["profile", { profile: ["sales", "field"] }, { profile: "sales" }, { profile: "office" }],
    ["tenant", { tenant: "acme" }, { tenant: "acme" }, {}],
    ["tag", { tag: "pilot" }, { tags: ["new", "pilot"] }, { tags: ["pilots"] }],
    ["domain", { recipientDomain: "Example.com" }, person("Ana@EXAMPLE.com"), person("ana@sub.example.com")],
    [
      "several at once",
      { platform: "ios", tenant: "acme" },
      { platform: "ios", tenant: "acme" },
      { platform: "ios", tenant: "other" },
    ],
    ["percentage", { percentage: 50 }, { key: "person-1" }, { key: "person-2" }],
  ])("matches by %s", (_, when, matching, other) => {
    const router = routerOf({ when, provider: "west" }, { provider: "east" });
    expect([goesTo(router, matching), goesTo(router, other)]).toEqual(["west", "east"]);
  });

  it("is the first that matches, whatever follows", () => {
    const values = (condition: keyof RoutingConditions, all: readonly string[]) =>
      fc.subarray([...all], { minLength: 1 }).map((wanted): RoutingConditions => ({ [condition]: wanted }));
    const conditions = fc.oneof(
      values("platform", platforms),
      values("management", managementModes),
      values("tenant", ["a", "b", "c"]),
    );
    const requests = fc.record({
      platform: fc.constantFrom(...platforms),
      management: fc.constantFrom(...managementModes),
      tenant: fc.constantFrom("a", "b", "c"),
    });
    fc.assert(
      fc.property(fc.array(conditions, { maxLength: 6 }), requests, (whens, request) => {
        const names = ["east", "west", "north"];
        const rules = whens.map((when, place) => ({ when, provider: names[place % 3] as string }));
        let router: EnrollmentProvider;
        try {
          router = routerOf(...rules, { provider: "east" });
        } catch (error) {
          fc.pre(!EnrollmentError.is(error));
          throw error;
        }
        const first = rules.findIndex(({ when }) =>
          Object.entries(when).every(([field, wanted]) =>
            (wanted as readonly string[]).includes(request[field as keyof typeof request]),
          ),
        );
        const [step] = destinationOf(router, request).steps;
        expect(step?.rule).toBe(first === -1 ? rules.length : first);
        expect(goesTo(router, request)).toBe(first === -1 ? "east" : names[first % 3]);
      }),
    );
  });
});

describe("no match", () => {
  it("is a clear error before anything is sent", async () => {
    const router = routerOf(
      { when: { platform: "ios" }, provider: "west" },
      { when: { platform: ["android"] }, provider: "east" },
    );
    const calls = west.batches.length + east.batches.length;
    const error = await router.createEnrollment({ platform: "linux" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: "invalid-request",
      provider: "devices",
      path: "platform",
      message:
        'no rule of "devices" takes the request; its rules: platform ios → west, platform android → east',
      advice: "correct platform of the request, or add a last rule without conditions to the router",
    });
    expect(west.batches.length + east.batches.length).toBe(calls);
  });

  it("names the rules up to ten, and every field that they look at", async () => {
    const rules = Array.from({ length: 12 }, (_, at) => ({
      when: { tenant: `t${at}`, ...(at === 11 && { tag: "pilot" }) },
      provider: "east",
    }));
    const error = await routerOf(...rules)
      .createEnrollment({})
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      advice: "correct tenant or tags of the request, or add a last rule without conditions to the router",
    });
    expect((error as Error).message).toMatch(/: tenant t0 → east, .*, tenant t9 → east and 2 more$/);
    expect(error).not.toHaveProperty("path");
  });

  it("comes after the refusal of a malformed request", async () => {
    const router = routerOf({ when: { platform: "ios" }, provider: "west" });
    const request = { platform: "symbian" } as unknown as EnrollmentRequest;
    await expect(router.createEnrollment(request)).rejects.toMatchObject({ code: "invalid-request" });
    expect(refusal(() => destinationOf(router, request))).toMatchObject({
      code: "invalid-request",
      path: "platform",
    });
    expect(refusal(() => destinationOf(router, request)).message).toMatch(/^platform must be one of/);
  });

  it("needs a person where a share is asked for", () => {
    const router = routerOf({ when: { percentage: 5 }, provider: "west" }, { provider: "east" });
    for (const request of [{}, { recipient: { name: "Ana" } }])
      expect(refusal(() => destinationOf(router, request))).toMatchObject({
        code: "invalid-request",
        path: "recipient.email",
        message: "recipient.email is missing, and so is key: a share of all persons needs one",
        advice: "give the recipient's address, or a key that stays the same for the same person",
      });
  });
});

describe("a share of the persons", () => {
  const emails = fc
    .tuple(fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/), fc.stringMatching(/^[a-z][a-z0-9]{0,20}$/))
    .map(([name, domain]) => `${name}@${domain}.example`);

  it("is stable: the same person is on the same side, in whatever case the address is written", () => {
    const router = () => routerOf({ when: { percentage: 37 }, provider: "west" }, { provider: "east" });
    fc.assert(
      fc.property(emails, fc.stringMatching(/^[a-z]{0,9}$/), (email, key) => {
        const side = goesTo(router(), { recipient: { email } });
        const again = { recipient: { email: email.toUpperCase() }, ...(key !== "" && { key }) };
        expect(goesTo(router(), again)).toBe(side);
      }),
    );
  });

  it("only grows: whom 10% take, 20% take too", () => {
    const at = (percentage: number) =>
      routerOf({ when: { percentage }, provider: "west" }, { provider: "east" });
    fc.assert(
      fc.property(emails, fc.integer({ min: 1, max: 49 }), (email, percentage) => {
        const request = { recipient: { email } };
        if (goesTo(at(percentage), request) === "west") {
          expect(goesTo(at(percentage * 2), request)).toBe("west");
        }
      }),
    );
  });

  it("is close to what the config says, of each of three", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 39 }),
        fc.nat(),
        (first, second, seed) => {
          const router = routerOf(
            { when: { percentage: first }, provider: "west" },
            { when: { percentage: second }, provider: "north" },
            { provider: "east" },
          );
          const count = { west: 0, north: 0, east: 0 };
          const persons = 2000;
          for (let person = 0; person < persons; person += 1) {
            const { member } = destinationOf(router, { key: `${seed}-${person}` });
            count[member.name as keyof typeof count] += 1;
          }
          for (const [name, share] of Object.entries({ west: first, north: second })) {
            const part = (count[name as keyof typeof count] / persons) * 100;
            // Five standard deviations of 2000 tosses.
            expect(Math.abs(part - share)).toBeLessThan(5.6);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it("is of those who fulfil the other conditions, and the same persons on every platform", () => {
    const router = routerOf(
      { when: { platform: "ios", percentage: 30 }, provider: "west" },
      { when: { platform: "android", percentage: 30 }, provider: "north" },
      { provider: "east" },
    );
    fc.assert(
      fc.property(emails, (email) => {
        const [apple, android] = (["ios", "android"] as const).map((platform) =>
          goesTo(router, { platform, recipient: { email } }),
        );
        expect(apple === "west").toBe(android === "north");
      }),
    );
  });

  it("is told with the person's place, in hundredths, and its own bounds", () => {
    const router = routerOf(
      { when: { platform: "ios", percentage: 12.345 }, provider: "west" },
      { when: { platform: "ios", percentage: 87.655 }, provider: "north" },
    );
    const key = "person-2";
    const number = Math.floor(personNumber({ key }) * 100) / 100;
    const [step] = destinationOf(router, { key, platform: "ios" }).steps;
    expect(step?.why).toBe(`platform ios; 87.655% of the persons: ${number} is within 12.345 to 100`);
  });

  it("begins where the one before it ends: nobody is left out, nobody is taken twice", () => {
    const key = "person-1";
    const exact = personNumber({ key });
    const around = (percentage: number) =>
      goesTo(routerOf({ when: { percentage }, provider: "west" }, { provider: "east" }), { key });
    expect([around(exact), around(exact + 1e-6)]).toEqual(["east", "west"]);
    const second = routerOf(
      { when: { percentage: exact }, provider: "west" },
      { when: { percentage: 100 - exact }, provider: "north" },
    );
    expect(goesTo(second, { key })).toBe("north");
  });

  it("may add up to all in parts that are not exact as numbers", () => {
    const thirds = [33.3, 33.3, 33.4].map((percentage, at) => ({
      when: { percentage },
      provider: ["west", "north", "east"][at] as string,
    }));
    expect(() => routerOf(...thirds)).not.toThrow();
    expect(refusal(() => routerOf(...thirds, { provider: "east" })).message).toMatch(/can never match/);
  });

  it("is a number from 0 up to 100, by SHA-256", () => {
    expect(personNumber({ recipient: { email: "Ana@Example.com" } })).toBe(
      personNumber({ key: "ana@example.com" }),
    );
    fc.assert(
      fc.property(fc.string(), (key) => {
        const number = personNumber({ key });
        expect(number >= 0 && number < 100).toBe(true);
      }),
    );
  });
});

describe("wrong rules", () => {
  const problemOf = (...rules: readonly RoutingRule[]) => refusal(() => routerOf(...rules));
  const any = { provider: "east" };

  it.each<[string, readonly RoutingRule[], string, RegExp]>([
    ["none", [], "rules", /rules is empty/],
    ["an unknown name", [{ provider: "south" }], "rules[0].provider", /"south" is not one of the providers/],
    [
      "behind a catch-all",
      [any, { when: { tenant: "a" }, provider: "west" }],
      "rules[1]",
      /can never match: rules\[0\]/,
    ],
    [
      "behind a wider one",
      [
        { when: { platform: ["ios", "macos"] }, provider: "west" },
        { when: { platform: "ios", tenant: "a" }, provider: "north" },
      ],
      "rules[1]",
      /can never match: rules\[0\] takes all that it could \(platform ios; tenant a\)/,
    ],
    [
      "behind shares that add up to all",
      [
        { when: { percentage: 60 }, provider: "west" },
        { when: { percentage: 40 }, provider: "north" },
        { provider: "east" },
      ],
      "rules[2]",
      /can never match: the rules before it/,
    ],
    [
      "shares of more than all",
      [
        { when: { percentage: 60 }, provider: "west" },
        { when: { percentage: 50 }, provider: "north" },
      ],
      "rules[1].when.percentage",
      /is 50, and the rules before it leave 40/,
    ],
  ])("%s", (_, rules, path, message) => {
    const error = problemOf(...rules);
    expect(error).toMatchObject({ code: "invalid-config", path });
    expect(error.message).toMatch(message);
  });

  it("are not those that only overlap", () => {
    const rules = [
      { when: { tenant: "a" }, provider: "west" },
      { when: { platform: "ios" as const }, provider: "north" },
      { when: { tenant: ["a", "b"] }, provider: "west" },
      any,
    ];
    expect(() => routerOf(...rules)).not.toThrow();
  });
});

describe("bulk through a router", () => {
  it("keeps batches whole for each member, and the outcomes in the order of the requests", async () => {
    const [single, batched] = [fakeProvider("single"), fakeProvider("batched", 3)];
    const router = createRouter({
      name: "devices",
      rules: [{ when: { tenant: "b" }, provider: "batched" }, { provider: "single" }],
      providers: [single.provider, batched.provider],
    });
    const requests = Array.from({ length: 12 }, (_, place) => ({
      key: `k${place}`,
      tenant: place % 2 === 0 ? "a" : "b",
    }));
    const outcomes = await collect(createEnrollments(router, requests));
    expect(batched.batches).toEqual([
      ["k1", "k3", "k5"],
      ["k7", "k9", "k11"],
    ]);
    expect(single.batches).toEqual(["k0", "k2", "k4", "k6", "k8", "k10"].map((key) => [key]));
    expect(outcomes.map(({ key }) => key)).toEqual(requests.map(({ key }) => key));
    expect(
      outcomes.map((each) => (each.status === "created" ? each.enrollment.provider : each.error)),
    ).toEqual(requests.map(({ tenant }) => (tenant === "a" ? "single" : "batched")));
  });

  it("holds a request against its own member, not against what all have in common", async () => {
    const wide = fakeProvider("wide");
    const provider = {
      ...wide.provider,
      descriptor: { ...wide.provider.descriptor, platforms: ["ios", "tvos"] as const },
    };
    const router = createRouter({
      name: "devices",
      rules: [{ when: { platform: "tvos" }, provider: "wide" }, { provider: "east" }],
      providers: [provider, east.provider],
    });
    expect(router.descriptor.platforms).toEqual(["ios"]);
    const requests: EnrollmentRequest[] = [{ platform: "tvos" }, { platform: "linux" }];
    const [created, refused] = await collect(createEnrollments(router, requests));
    expect(created).toMatchObject({ status: "created", enrollment: { provider: "wide" } });
    expect(refused).toMatchObject({ status: "failed", error: { code: "unsupported", provider: "east" } });
  });

  it("passes errors on as they are", async () => {
    const lost = new EnrollmentError("the answer was lost", {
      code: "outcome-unknown",
      provider: "east",
      requestId: "r-7",
      vendorCode: 4711,
    });
    const provider: EnrollmentProvider = { ...east.provider, createEnrollment: () => Promise.reject(lost) };
    const router = createRouter({ name: "devices", rules: [{ provider: "east" }], providers: [provider] });
    await expect(router.createEnrollment({})).rejects.toBe(lost);
  });
});

describe("createBatch of a router", () => {
  it("gives each request its member's result, in order, and a refusal where no rule matches", async () => {
    const router = routerOf(
      { when: { tenant: "w" }, provider: "west" },
      { when: { tenant: "e" }, provider: "east" },
    );
    const tenants = ["w", "e", "none", "w"];
    const results = await router.bulk?.createBatch(
      tenants.map((tenant, place) => ({ tenant, key: `b${place}` })),
    );
    expect(
      results?.map((each) => (each.status === "created" ? each.enrollment.id : each.error.code)),
    ).toEqual(["west/b0", "east/b1", "invalid-request", "west/b3"]);
  });
});

describe("composition", () => {
  let outer: EnrollmentProvider;
  beforeEach(() => {
    const inner = routerOf({ when: { tenant: "w" }, provider: "west" }, { provider: "east" });
    outer = createRouter({
      name: "outer",
      rules: [{ when: { profile: "x" }, provider: "north" }, { provider: "devices" }],
      providers: [...providers, inner],
    });
  });

  it("tells its rules with their members, and every account within", () => {
    expect(outer.composition?.rules?.map(({ text, member }) => [text, member.name])).toEqual([
      ["profile x", "north"],
      ["whatever comes", "devices"],
    ]);
    expect(accountsOf(outer).map(({ name }) => name)).toEqual(["north", "west", "east"]);
  });

  it("tells the way of a request, and why", () => {
    expect(destinationOf(outer, { tenant: "w" })).toMatchObject({
      lane: { name: "west" },
      member: { name: "west" },
      steps: [
        { provider: "outer", rule: 1, why: "whatever comes" },
        { provider: "devices", rule: 0, why: "tenant w" },
      ],
    });
  });

  it("is kept over other members", () => {
    const renamed = overAccounts(outer, (account) => ({
      ...account,
      check: () => Promise.reject(new Error()),
    }));
    expect(renamed.name).toBe("outer");
    expect(accountsOf(renamed).map(({ name }) => name)).toEqual(["north", "west", "east"]);
    expect(destinationOf(renamed, { tenant: "w" }).member).not.toBe(west.provider);
  });
});
