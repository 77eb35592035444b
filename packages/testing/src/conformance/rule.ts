import assert from "node:assert/strict";
import type { EnrollmentProvider, ProviderDescriptor, RoleName } from "@enrollkit/core";
import type { TestClock } from "../clock.js";
import type { ConformanceSetup, ConformanceVendor } from "./setup.js";

/** What a rule works with: one fresh vendor, and the provider for it. */
export interface RuleContext {
  readonly vendor: ConformanceVendor;
  readonly provider: EnrollmentProvider;
  /** The descriptor that the setup names. */
  readonly descriptor: ProviderDescriptor;
  readonly clock: TestClock;
  /** How many enrollments fill more than two pages of a listing. */
  readonly listingSize: number;
}

/** One thing that every adapter must do. */
export interface Rule {
  /** `topic/what-must-hold`; an adapter's known deviations name it. */
  readonly name: string;
  /** Roles without which it says nothing. */
  readonly needs?: readonly RoleName[];
  /** Why it says nothing about a provider of this descriptor; undefined if it does. */
  readonly skip?: (descriptor: ProviderDescriptor, setup: ConformanceSetup) => string | undefined;
  /** When the clock starts. Default: that of a test clock. */
  readonly startsAt?: string;
  /** Rejects if the rule is broken. */
  check(context: RuleContext): Promise<void>;
}

/** A role that the descriptor declares; the rule fails if the provider lacks it. */
export const roleOf = <Role extends RoleName>(
  { provider }: RuleContext,
  role: Role,
): NonNullable<EnrollmentProvider[Role]> => {
  const found = provider[role];
  assert.ok(found !== undefined, `the descriptor declares the role ${role}, and the provider lacks it`);
  return found;
};
