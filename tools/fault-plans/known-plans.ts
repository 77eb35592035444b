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
    found: "two lost results of one call for links: the imported device gets its link after all",
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
  {
    vendor: "applivery",
    found: "a person in two bulk calls, the second lost: the token of the first is not taken for both",
    plan: {
      seed: 0,
      rows: [0, 0, 4, 4, 0, 0, 0, 0],
      batchSize: 3,
      concurrency: 1,
      settings: 0,
      habits: 0,
      faults: [
        {
          fault: { kind: "status", status: 503, headers: { "retry-after": "2" } },
          calls: "create",
          skip: 1,
          times: 2,
        },
      ],
      slowAnswers: [],
      jumps: [],
    },
  },
  {
    vendor: "applivery",
    found: "the same of two calls at once: nor while the first still waits for its answer",
    plan: {
      seed: 0,
      rows: [4, 3, 3, 0, 0, 3, 4, 0],
      batchSize: 2,
      concurrency: 4,
      settings: 0,
      habits: 0,
      faults: [
        { fault: { kind: "reset", when: "before" }, calls: "create", skip: 1, times: 1 },
        {
          fault: { kind: "body", body: "{}", contentType: "application/json" },
          calls: "create",
          skip: 0,
          times: 2,
        },
      ],
      slowAnswers: [],
      jumps: [{ afterCall: 0, seconds: 1 }],
    },
  },
];
