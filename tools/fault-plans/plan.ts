import type { VendorFault } from "@enrollkit/testing";
import * as fc from "fast-check";

/** Which calls a fault waits for: those that make something, those for an access token, those that only look, all. */
export type StruckCalls = "create" | "token" | "read" | "any";

export interface PlannedFault {
  readonly fault: VendorFault;
  readonly calls: StruckCalls;
  /** Calls of the kind that are let through first. */
  readonly skip: number;
  /** Calls of the kind that are struck after those. */
  readonly times: number;
}

/** An answer of 202, where the vendor has such a thing. */
export interface PlannedSlowAnswer {
  readonly calls: "create" | "read" | "any";
  readonly skip: number;
  readonly times: number;
  readonly polls: number;
  readonly ending: "result" | "timeout" | "lost";
}

/** Time that passes all at once: access tokens expire, deadlines run out. */
export interface TimeJump {
  /** After so many calls. */
  readonly afterCall: number;
  readonly seconds: number;
}

/** One bulk run with everything that goes wrong in it. Plain JSON: a plan that failed is pasted into a table. */
export interface FaultPlan {
  /** Seeds the ids and secrets of the vendor and the back-off of the provider. */
  readonly seed: number;
  /** One number for each row; the vendor says what kind of a request it stands for. */
  readonly rows: readonly number[];
  /** The vendor's largest batch, lowered to this. */
  readonly batchSize: number;
  readonly concurrency: number;
  /** A choice of the provider's settings, and one of the vendor's habits: numbers that the vendor reads modulo their count. */
  readonly settings: number;
  readonly habits: number;
  readonly faults: readonly PlannedFault[];
  readonly slowAnswers: readonly PlannedSlowAnswer[];
  readonly jumps: readonly TimeJump[];
}

const html = { "content-type": "text/html" };

/** Each is a fault that has been seen in the field. */
const faults = {
  "429": { kind: "status", status: 429 },
  "429-retry-after": { kind: "status", status: 429, headers: { "retry-after": "7" } },
  "401": { kind: "status", status: 401 },
  "500-before": { kind: "status", status: 500 },
  "500-after": { kind: "status", status: 500, when: "after" },
  "502-html": { kind: "status", status: 502, body: "<html>bad gateway</html>", headers: html },
  "503-before": { kind: "status", status: 503, headers: { "retry-after": "2" } },
  "503-after": { kind: "status", status: 503, when: "after" },
  "504-before": { kind: "status", status: 504 },
  "504-after": { kind: "status", status: 504, when: "after" },
  "reset-before": { kind: "reset", when: "before" },
  "reset-after": { kind: "reset", when: "after" },
  delay: { kind: "delay", milliseconds: 1 },
  html: { kind: "body", body: "<html>welcome to the hotel</html>", contentType: "text/html" },
  "empty-object": { kind: "body", body: "{}", contentType: "application/json" },
  truncated: { kind: "truncate" },
  "unknown-fields": { kind: "unknown-fields" },
} as const satisfies Record<string, VendorFault>;

/** Rarer, because seventeen megabytes take their time. */
const oversized: VendorFault = { kind: "oversize", bytes: 17 * 1024 * 1024 };

/** What kinds of calls a vendor has. */
export interface Protocol {
  readonly calls: readonly StruckCalls[];
  /** Whether it answers slow calls with 202. */
  readonly answersSlowly: boolean;
  /** Where it is an empty object, such an answer to a look is a lie that nobody can see through: none is planned. */
  readonly emptyList: "empty-object" | "spelt-out";
}

const plannedFault = ({ calls, emptyList }: Protocol): fc.Arbitrary<PlannedFault> => {
  const planned: fc.Arbitrary<PlannedFault> = fc.record({
    fault: fc.oneof(
      { weight: 2000, arbitrary: fc.constantFrom<VendorFault>(...Object.values(faults)) },
      { weight: 1, arbitrary: fc.constant(oversized) },
    ),
    calls: fc.constantFrom<StruckCalls>("create", "create", ...calls),
    skip: fc.nat({ max: 4 }),
    times: fc.oneof(
      { weight: 3, arbitrary: fc.constant(1) },
      { weight: 2, arbitrary: fc.integer({ min: 2, max: 6 }) },
    ),
  });
  const isLie = (each: PlannedFault) => each.fault === faults["empty-object"] && each.calls !== "create";
  return planned.map((each) =>
    emptyList === "empty-object" && isLie(each) ? { ...each, fault: faults.html } : each,
  );
};

const slowAnswer: fc.Arbitrary<PlannedSlowAnswer> = fc.record({
  calls: fc.constantFrom("create" as const, "create" as const, "read" as const, "any" as const),
  skip: fc.nat({ max: 3 }),
  times: fc.integer({ min: 1, max: 3 }),
  polls: fc.constantFrom(1, 2, 3, 99),
  ending: fc.constantFrom("result" as const, "result" as const, "timeout" as const, "lost" as const),
});

const jump: fc.Arbitrary<TimeJump> = fc.record({
  afterCall: fc.nat({ max: 12 }),
  seconds: fc.constantFrom(1, 45, 120, 290, 1000, 3500, 3700),
});

const rowKind = fc.nat({ max: 7 });

export const faultPlans = (protocol: Protocol): fc.Arbitrary<FaultPlan> =>
  fc.record({
    seed: fc.nat({ max: 0xffff_ffff }),
    rows: fc.oneof(
      { weight: 6, arbitrary: fc.array(rowKind, { minLength: 1, maxLength: 3 }) },
      { weight: 1, arbitrary: fc.array(rowKind, { minLength: 4, maxLength: 12 }) },
    ),
    batchSize: fc.oneof(
      { weight: 2, arbitrary: fc.integer({ min: 1, max: 3 }) },
      { weight: 1, arbitrary: fc.constant(12) },
    ),
    concurrency: fc.constantFrom(1, 1, 2, 4),
    settings: fc.nat({ max: 5 }),
    habits: fc.nat({ max: 11 }),
    faults: fc.array(plannedFault(protocol), { maxLength: 3 }),
    slowAnswers: protocol.answersSlowly ? fc.array(slowAnswer, { maxLength: 2 }) : fc.constant([]),
    jumps: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(jump, { minLength: 1, maxLength: 2 }) },
    ),
  });
