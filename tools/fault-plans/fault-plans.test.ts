import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { knownPlans } from "./known-plans.js";
import type { FaultPlan } from "./plan.js";
import { runPlan } from "./run-plan.js";
import type { VendorUnderTest } from "./vendor.js";
import { androidManagement } from "./vendors/android-management.js";
import { applivery } from "./vendors/applivery.js";
import { esetConnect } from "./vendors/eset-connect.js";

/** `PLANS=50000` for a long run; `SEED=random` for another seed, or the one that a run has printed. */
const { PLANS = "150", SEED = "20260920" } = process.env;
const numRuns = Number(PLANS);
const seed = SEED === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(SEED);

const vendors = [esetConnect, androidManagement, applivery];

describe("known plans", () => {
  it.each(knownPlans)("$vendor: $found", async ({ vendor, plan }) => {
    const [underTest] = vendors.filter(({ name }) => name === vendor);
    expect(underTest && (await runPlan(underTest, plan))).toEqual([]);
  });
});

const checkRandomPlans = async (vendor: VendorUnderTest) => {
  const property = fc.asyncProperty(vendor.plans, async (plan) => {
    const flaws = await runPlan(vendor, plan);
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

describe(`${numRuns} random plans, seed ${seed}`, () => {
  it.each(vendors)(
    "$name: outcomes are what the vendor's records show",
    checkRandomPlans,
    30_000 + 300 * numRuns,
  );
});
