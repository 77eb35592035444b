import {
  EnrollmentError,
  supports,
  type EnrollmentProvider,
  type EnrollmentService,
  type RoleName,
} from "@enrollkit/core";
import { unrecorded } from "../records/record-provider.js";
import type { MigrationTerms, RevokeAfter } from "./terms.js";

/** The two ends of a migration. */
export interface Ends {
  readonly old: EnrollmentProvider;
  readonly next: EnrollmentProvider;
}

/** What a vendor cannot do, and what that means for a migration. */
export interface MigrationLimit {
  readonly provider: string;
  readonly role: RoleName;
  readonly message: string;
}

export const endsOf = (service: EnrollmentService, { from, to }: MigrationTerms): Ends => ({
  old: unrecorded(service.provider(from)),
  next: unrecorded(service.provider(to)),
});

/**
 * A migration that could never come to its end is not begun.
 *
 * @throws EnrollmentError `unsupported` if old enrollments wait for devices of which the new vendor cannot tell.
 */
export const refuseBlindWait = ({ next }: Pick<Ends, "next">, revokeAfter: RevokeAfter): void => {
  if (revokeAfter !== "enrolled" || supports(next, "tracking")) return;
  throw new EnrollmentError(
    `${next.descriptor.product} cannot tell who has enrolled, and the old enrollments would wait for it for ever`,
    {
      code: "unsupported",
      provider: next.name,
      path: "revokeAfter",
      advice: "take them back after created, or never",
    },
  );
};

/** What has to be known before a migration is begun. */
export const limitsOf = ({ old, next }: Ends): readonly MigrationLimit[] => {
  const limits: MigrationLimit[] = [];
  const unless = ({ name, descriptor, ...provider }: EnrollmentProvider, role: RoleName, means: string) => {
    if (provider[role as keyof typeof provider] !== undefined) return;
    limits.push({ provider: name, role, message: `${descriptor.product} ${means}` });
  };
  unless(
    old,
    "listing",
    "cannot list its enrollments: what the ledger has on record is moved, and what it never saw is not",
  );
  unless(old, "revocation", "cannot take enrollments back: the old ones stay valid until they expire");
  unless(
    old,
    "tracking",
    "cannot tell what became of an enrollment: one that is used in the meantime is moved all the same",
  );
  unless(next, "tracking", "cannot tell who has enrolled: old enrollments cannot wait for that");
  unless(
    next,
    "reconciliation",
    "cannot be asked what became of a lost answer: such a row stays unknown, and its old enrollment as it is",
  );
  return limits;
};
