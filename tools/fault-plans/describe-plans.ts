import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownPlans } from "./known-plans.js";
import type { FaultPlan } from "./plan.js";
import { runPlan } from "./run-plan.js";
import type { VendorUnderTest } from "./vendor.js";

/** `npm run soak` sets both. `SEED=random` for another seed, or the one that a run has printed. */
const { PLANS = "2000", SEED = "20260920" } = process.env;
const numRuns = Number(PLANS);
const seed = SEED === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(SEED);

/** A run of more plans than that tells every so often how far it is. */
const between = 2500;

const createProgress = (name: string): (() => void) => {
  let plans = 0;
  return () => {
    plans += 1;
    if (numRuns > between && plans % between === 0) {
      process.stdout.write(`${new Date().toISOString()} ${name}: ${plans} of ${numRuns} plans\n`);
    }
  };
};

const checkRandomPlans = async (vendor: VendorUnderTest): Promise<void> => {
  const advance = createProgress(vendor.name);
  const property = fc.asyncProperty(vendor.plans, async (plan) => {
    const flaws = await runPlan(vendor, plan);
    advance();
    if (flaws.length > 0) throw new Error(flaws.join("\n"));
  });
  const result = await fc.check<[FaultPlan]>(property, { numRuns, seed });
  if (!result.failed) return;
  const [plan] = result.counterexample ?? [];
  const line = `{ vendor: "${vendor.name}", found: "…", plan: ${JSON.stringify(plan)} },`;
  const { message = "" } = result.errorInstance instanceof Error ? result.errorInstance : {};
  throw new Error(
    `${message}\n\n${await fc.asyncDefaultReportMessage(result)}\n\nFor known-plans.ts:\n  ${line}`,
  );
};

/** Runs the plans of one vendor that once failed, and then as many random ones. */
export const describePlans = (vendor: VendorUnderTest): void => {
  describe(vendor.name, () => {
    it.each(knownPlans.filter((known) => known.vendor === vendor.name))("$found", async ({ plan }) => {
      expect(await runPlan(vendor, plan)).toEqual([]);
    });

    it(
      `outcomes are what the vendor's records show: ${numRuns} random plans, seed ${seed}`,
      () => checkRandomPlans(vendor),
      60_000 + 1000 * numRuns,
    );
  });
};
