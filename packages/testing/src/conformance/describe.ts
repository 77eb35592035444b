import assert from "node:assert/strict";
import { createTestClock } from "../clock.js";
import { settle } from "./expectations.js";
import type { Rule } from "./rule.js";
import { rules } from "./rules/index.js";
import type { ConformanceSetup, KnownDeviation, TestRunner } from "./setup.js";

const defaultListingSize = 25;

/** Numbers in [0, 1) that look random and are the same in every run (a linear congruential generator). */
const createRandom = () => {
  let state = 20_260_920;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
};

/** Holds one fresh vendor and provider against a rule. */
const run = async (rule: Rule, setup: ConformanceSetup): Promise<void> => {
  const clock = createTestClock(rule.startsAt);
  const vendor = await setup.start({ clock, random: createRandom() });
  const { descriptor, listingSize = defaultListingSize } = setup;
  try {
    await rule.check({ vendor, provider: vendor.provider, descriptor, clock, listingSize });
  } finally {
    await vendor.stop();
  }
};

const reasonToSkip = ({ needs = [], skip }: Rule, setup: ConformanceSetup): string | undefined => {
  const { descriptor } = setup;
  const absent = needs.find((role) => !descriptor.roles.includes(role));
  return absent === undefined ? skip?.(descriptor, setup) : `no ${absent} role`;
};

const requireSound = ({ rule: name, issue }: KnownDeviation, setup: ConformanceSetup) => {
  const rule = rules.find((each) => each.name === name);
  if (rule === undefined) throw new TypeError(`knownDeviations: there is no rule "${name}"`);
  const skipped = reasonToSkip(rule, setup);
  if (skipped !== undefined) throw new TypeError(`knownDeviations: ${name} does not apply: ${skipped}`);
  if (!URL.canParse(issue)) throw new TypeError(`knownDeviations: the issue of ${name} must be a URL`);
};

/**
 * Registers the conformance suite for an adapter: one test for each rule, each with a fresh vendor.
 *
 * A rule that needs a role the adapter does not have is registered as skipped, with the role in its name. A known
 * deviation still runs, and fails once the rule is kept.
 *
 * @param name - what the group of tests is called; the adapter's name.
 * @param runner - vitest's or node:test's `describe` and `it`.
 * @throws TypeError if a known deviation names no rule that applies, or no issue.
 */
export const describeEnrollmentProvider = (
  name: string,
  setup: ConformanceSetup,
  runner: TestRunner,
): void => {
  const { knownDeviations = [] } = setup;
  for (const deviation of knownDeviations) requireSound(deviation, setup);
  runner.describe(name, () => {
    for (const rule of rules) {
      const skipped = reasonToSkip(rule, setup);
      const deviation = knownDeviations.find((each) => each.rule === rule.name);
      if (skipped !== undefined) {
        runner.it.skip(`${rule.name} (${skipped})`);
      } else if (deviation === undefined) {
        runner.it(rule.name, () => run(rule, setup));
      } else {
        runner.it(`${rule.name} (known deviation: ${deviation.issue})`, async () => {
          const { status } = await settle(() => run(rule, setup));
          assert.equal(status, "rejected", `${rule.name} is kept now: take it out of knownDeviations`);
        });
      }
    }
  });
};
