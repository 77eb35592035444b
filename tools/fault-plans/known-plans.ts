import type { FaultPlan } from "./plan.js";

/** A plan that once failed, with what it showed. It runs before all random ones. */
export interface KnownPlan {
  readonly vendor: string;
  readonly found: string;
  readonly plan: FaultPlan;
}

export const knownPlans: readonly KnownPlan[] = [
  {
    vendor: "eset-connect",
    found: "two lost results of one call for links: the failure says which device was imported",
    plan: {
      seed: 0,
      rows: [0],
      batchSize: 1,
      concurrency: 1,
      settings: 0,
      habits: 0,
      faults: [],
      slowAnswers: [{ calls: "create", skip: 1, times: 2, polls: 1, ending: "lost" }],
      jumps: [],
    },
  },
];
