import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mutate, mutations, unbroken, type Mutation } from "./mutants.js";
import { runPlan } from "./run-plan.js";
import type { VendorUnderTest } from "./vendor.js";
import { androidManagement } from "./vendors/android-management.js";
import { applivery } from "./vendors/applivery.js";
import { esetConnect } from "./vendors/eset-connect.js";

/** So many plans must be enough. */
const enough = 150;
const seed = 20260920;

/** The flaws of the first plan that shows one of this kind. */
const firstFlaws = async (vendor: VendorUnderTest, mutation: Mutation, kind: RegExp, numRuns: number) => {
  const broken: VendorUnderTest = {
    ...vendor,
    start: async (plan, start) => {
      const planned = await vendor.start(plan, start);
      return { ...planned, provider: mutate(planned.provider, mutation) };
    },
  };
  for (const plan of fc.sample(vendor.plans, { numRuns, seed })) {
    const flaws = await runPlan(broken, plan, mutation.engine);
    if (flaws.some((flaw) => kind.test(flaw))) return flaws;
  }
  return [];
};

describe.each([esetConnect, applivery, androidManagement])("plans of $name", (vendor) => {
  const possible = mutations.filter(({ needs }) => needs === undefined || vendor !== androidManagement);

  it.each(possible)(
    "catch what $what",
    async (mutation) => {
      expect(await firstFlaws(vendor, mutation, mutation.shows, enough)).not.toEqual([]);
    },
    60_000 + 1000 * enough,
  );

  it("find nothing where nothing is broken", async () => {
    expect(await firstFlaws(vendor, unbroken, /./, 20)).toEqual([]);
  }, 80_000);
});
