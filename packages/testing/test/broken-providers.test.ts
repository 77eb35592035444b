import { describe as nodeDescribe, it as nodeIt } from "node:test";
import type { EnrollmentProvider } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import {
  createTestClock,
  describeEnrollmentProvider,
  type ConformanceSetup,
  type TestRunner,
} from "../src/index.js";
import type { Change } from "./broken/changes.js";
import { brokenBatches } from "./broken/batches.js";
import { brokenResults } from "./broken/results.js";
import { brokenRoles } from "./broken/roles.js";
import { brokenEveryRole } from "./broken/role-stubs.js";
import { brokenWishes } from "./broken/wishes.js";
import { memorySetup } from "./memory-setup.js";
import { createRecordingRunner, failuresOf } from "./recording-runner.js";

/** The setup of a provider that is as good as the in-memory one, but for one thing. */
const setupWith = (change: Change): ConformanceSetup => {
  const setup = memorySetup();
  return {
    ...setup,
    start: async (options) => {
      const vendor = await setup.start(options);
      const broken = (provider: EnrollmentProvider) => ({ ...provider, ...change(provider, vendor) });
      return {
        ...vendor,
        provider: broken(vendor.provider),
        withWrongCredentials: broken(vendor.withWrongCredentials),
      };
    },
  };
};

/** Runs some rules against a setup; gives the names of those that fail. */
const brokenRules = async (setup: ConformanceSetup, rules: readonly string[]) => {
  const { runner, tests } = createRecordingRunner();
  describeEnrollmentProvider("broken", setup, runner);
  const named = tests.filter(({ name }) => rules.includes(name));
  expect(named.map(({ name }) => name).sort()).toEqual([...rules].sort());
  return [...(await failuresOf(named)).keys()].sort();
};

const brokenProviders = [
  ...brokenWishes,
  ...brokenResults,
  ...brokenRoles,
  ...brokenBatches,
  ...brokenEveryRole,
];

describe("the suite notices a provider that", () => {
  it.each(brokenProviders)("$fault", async ({ rules, change }) => {
    expect(await brokenRules(setupWith(change), rules)).toEqual([...rules].sort());
  });
});

/** A setup whose vendor, or whose way of starting it, is not as it should be. */
const brokenSetups: readonly (readonly [
  string,
  readonly string[],
  (start: ConformanceSetup["start"]) => ConformanceSetup["start"],
])[] = [
  [
    "waits on another clock after a 429",
    ["faults/create-429-with-retry-after", "faults/create-429-without-retry-after"],
    (start) => (options) => start({ ...options, clock: createTestClock() }),
  ],
  [
    "plants no secrets",
    ["secrets/planted"],
    (start) => async (options) => ({ ...(await start(options)), plantedSecrets: [] }),
  ],
  [
    "reports no calls",
    ["secrets/log"],
    (start) => async (options) => ({ ...(await start(options)), log: () => "" }),
  ],
  [
    "reports its access token",
    ["secrets/log", "secrets/errors-under-html"],
    (start) => async (options) => ({ ...(await start(options)), log: () => "canary-of-the-access-token" }),
  ],
  [
    "lets used and expired enrollments in",
    [
      "uses/one",
      "uses/the-number-one",
      "uses/default",
      "lifetime/ends-when-it-expires",
      "revocation/ends-it",
    ],
    (start) => async (options) => ({
      ...(await start(options)),
      consume: () => Promise.resolve("device"),
    }),
  ],
  [
    "stumbles over fields that it does not know",
    ["faults/create-unknown-fields", "faults/listing"],
    (start) => async (options) => {
      const vendor = await start(options);
      return {
        ...vendor,
        failNext: (fault, target, times) => {
          vendor.failNext(fault.kind === "unknown-fields" ? { kind: "truncate" } : fault, target, times);
        },
      };
    },
  ],
  [
    "takes a 401 for a lack of rights",
    ["faults/create-401-once"],
    (start) => async (options) => {
      const vendor = await start(options);
      return {
        ...vendor,
        failNext: (fault, target) => {
          vendor.failNext(fault.kind === "status" ? { ...fault, status: 403 } : fault, target);
        },
      };
    },
  ],
  [
    "lets nobody in",
    ["create/makes-exactly-one", "uses/unlimited", "lifetime/works-until-it-expires"],
    (start) => async (options) => ({
      ...(await start(options)),
      consume: () => Promise.reject(new Error("no")),
    }),
  ],
];

describe("the suite notices a setup that", () => {
  it.each(brokenSetups)("%s", async (_fault, rules, change) => {
    const setup = memorySetup();
    expect(await brokenRules({ ...setup, start: change(setup.start.bind(setup)) }, rules)).toEqual(
      [...rules].sort(),
    );
  });
});

/** Rules that differ only in the fault or the value that they try: one of them stands for all. */
const families = [/^truth\/.*-(once|for-ever)$/, /^secrets\/errors-under-/, /^fields\/invalid-/];

describe("the suite", () => {
  it("is known to notice something by each of its rules", () => {
    const { runner, tests } = createRecordingRunner();
    describeEnrollmentProvider("memory", memorySetup(), runner);
    const noticing = new Set([
      ...brokenProviders.flatMap(({ rules }) => rules),
      ...brokenSetups.flatMap(([, rules]) => rules),
    ]);
    const applying = tests.flatMap(({ name, body }) => (body === undefined ? [] : [name]));
    const proves = (family: RegExp) => [...noticing].some((name) => family.test(name));
    const proven = families.filter(proves);
    const unproven = applying.filter(
      (name) => !noticing.has(name) && !proven.some((family) => family.test(name)),
    );
    expect(unproven).toEqual([]);
  });

  it("has a name of its own for each rule", () => {
    const { runner, tests } = createRecordingRunner();
    describeEnrollmentProvider("memory", memorySetup(), runner);
    const names = tests.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThan(150);
  });

  it("names the role in what it skips", () => {
    const { runner, tests } = createRecordingRunner();
    describeEnrollmentProvider("memory", memorySetup({ roles: [] }), runner);
    const skipped = tests.filter(({ body }) => body === undefined).map(({ name }) => name);
    expect(skipped).toContain("revocation/idempotent (no revocation role)");
    expect(tests.map(({ name }) => name)).not.toContain("revocation/idempotent");
  });
});

it("fits node:test as it is", () => {
  const runner: TestRunner = { describe: nodeDescribe, it: nodeIt };
  expect(runner.it.skip).toBeTypeOf("function");
});

describe("a known deviation", () => {
  const issue = "https://example.com/issues/12";
  const registered = (setup: ConformanceSetup) => {
    const { runner, tests } = createRecordingRunner();
    describeEnrollmentProvider("memory", setup, runner);
    return tests.filter(({ name }) => name.startsWith("lifetime/above-maximum"));
  };
  const knownDeviations = [{ rule: "lifetime/above-maximum", issue }];

  it("passes while the rule is broken", async () => {
    const [clamps] = brokenWishes;
    const tests = registered({ ...setupWith(clamps?.change ?? (() => ({}))), knownDeviations });
    expect(tests.map(({ name }) => name)).toEqual([`lifetime/above-maximum (known deviation: ${issue})`]);
    expect(await failuresOf(tests)).toEqual(new Map());
  });

  it("fails once the rule is kept", async () => {
    const failures = await failuresOf(registered({ ...memorySetup(), knownDeviations }));
    expect([...failures.values()]).toEqual([expect.stringContaining("take it out of knownDeviations")]);
  });

  it.each([
    ["no rule", { rule: "lifetime/no-such-rule", issue }, /there is no rule/],
    ["a rule that does not apply", { rule: "lifetime/not-a-choice", issue }, /does not apply/],
    ["no issue", { rule: "lifetime/zero", issue: "soon" }, /must be a URL/],
  ])("is refused if it names %s", (_what, deviation, message) => {
    expect(() => registered({ ...memorySetup(), knownDeviations: [deviation] })).toThrow(message);
  });
});

describe("a quota", () => {
  it("is noticed if it is declared and not kept", async () => {
    const quotas = [{ calls: 20, per: "PT1H" as const, scope: "account" }];
    expect(await brokenRules(memorySetup({ quotas }), ["limits/quota-kept"])).toEqual(["limits/quota-kept"]);
  });
});
