import type { Enrollment, EnrollmentProvider, EnrollmentRequest, LifecycleHooks } from "@enrollkit/core";
import type { TestClock } from "@enrollkit/testing";
import type * as fc from "fast-check";
import type { FaultPlan, PlannedFault, PlannedSlowAnswer } from "./plan.js";

/** A request, and what is known of it before the run. */
export interface PlannedRow {
  readonly request: EnrollmentRequest;
  /** Whom or what it is for. Rows of one owner cannot be told apart at the vendor, and are judged together. */
  readonly owner: string;
  /** Whether what it asks for is at the vendor before the run, and nothing new is made for it. */
  readonly existed?: boolean;
  /** Whether the vendor refuses it and keeps the reason to itself. */
  readonly isUnexplained?: boolean;
  /** Whether the vendor can never grant it. */
  readonly isHopeless?: boolean;
}

/** A vendor that a plan runs against. */
export interface PlannedVendor {
  readonly provider: EnrollmentProvider;
  readonly rows: readonly PlannedRow[];
  readonly failNext: (planned: PlannedFault) => void;
  readonly answerSlowly?: (planned: PlannedSlowAnswer) => void;
  /** By the simulator's own records: the ids of everything alive that the run made, by owner. */
  readonly made: () => ReadonlyMap<string, readonly string[]>;
  /** Why the enrollment is not what its row was promised, by the simulator's own records; undefined if it is. */
  readonly flawOf: (enrollment: Enrollment, row: PlannedRow) => string | undefined;
  /** Whether nobody can know, at this vendor, what became of a row, by the calls that the vendor has recorded. */
  readonly mayBeUnknown: (row: PlannedRow) => boolean;
  readonly stop: () => Promise<void>;
}

/** What a plan gives to its vendor. */
export interface VendorStart {
  readonly clock: TestClock;
  readonly random: () => number;
  readonly hooks: LifecycleHooks;
}

export interface VendorUnderTest {
  readonly name: string;
  readonly plans: fc.Arbitrary<FaultPlan>;
  readonly start: (plan: FaultPlan, start: VendorStart) => Promise<PlannedVendor>;
}

/** The choice that a number of a plan stands for. */
export const choose = <Choice>(choices: readonly [Choice, ...Choice[]], number: number): Choice =>
  choices[number % choices.length] ?? choices[0];

/** Values by their keys, in order. */
export const grouped = <Value>(
  pairs: readonly (readonly [key: string, value: Value])[],
): ReadonlyMap<string, readonly Value[]> => {
  const groups = new Map<string, Value[]>();
  for (const [key, value] of pairs) {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
};
