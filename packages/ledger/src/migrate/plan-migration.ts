import {
  createRequestValidator,
  EnrollmentError,
  supports,
  type EnrollmentService,
  type EnrollmentSummary,
} from "@enrollkit/core";
import type { LedgerParts } from "../ledger-parts.js";
import type { SkipReason } from "../storage/tables.js";
import { endsOf, limitsOf, refuseBlindWait, type Ends, type MigrationLimit } from "./limits.js";
import { newRequest, withLifetime } from "./new-request.js";
import { endOf, hasManyUses, oldEnrollments, type OldEnrollment } from "./old-enrollments.js";
import { requireTerms, type MigrationTerms, type RevokeAfter } from "./terms.js";

/** What a migration would do. */
export interface PlanMigrationOptions extends MigrationTerms {
  /** The providers. */
  readonly service: EnrollmentService;
  /** Default: `created`. */
  readonly revokeAfter?: RevokeAfter | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What would become of an old enrollment. No person is named in it. */
export interface PlannedMove {
  /** The old enrollment, by its vendor's id. */
  readonly enrollmentId: string;
  /** The ledger's record of it; absent if it has none. */
  readonly record?: number | undefined;
  readonly expiresAt: EnrollmentSummary["expiresAt"];
  /** The key of the new one. */
  readonly key: string;
  /** The profile of the new one; absent: the new provider decides. */
  readonly profile?: string | undefined;
  /** `refuse`: the new vendor cannot honour it, see `error`. `skip`: there is nothing to move, see `skipped`. */
  readonly action: "create" | "refuse" | "skip";
  readonly error?: EnrollmentError | undefined;
  readonly skipped?: SkipReason | undefined;
  /** The name of the migration that has it. */
  readonly movedBy?: string | undefined;
}

/** How long old enrollments stay valid that nobody takes back. */
export interface Validity {
  /** The last of those that expire; absent if there is none. */
  readonly until?: EnrollmentSummary["expiresAt"] | undefined;
  /** How many never expire, or nobody knows when. */
  readonly endless: number;
}

/** What a migration would do; nothing was changed, and nothing sent but for the list. */
export interface MigrationPlan {
  readonly from: string;
  readonly to: string;
  readonly revokeAfter: RevokeAfter;
  /** What old enrollments are known by. */
  readonly source: "listing" | "records";
  /** What has to be known before it is begun. */
  readonly limits: readonly MigrationLimit[];
  readonly create: number;
  readonly refuse: number;
  readonly skip: number;
  /** Of the old ones that a new one would be made for. */
  readonly oldValidity: Validity;
  readonly rows: readonly PlannedMove[];
}

const never = new AbortController().signal;

const examiner = (
  { next }: Ends,
  terms: MigrationTerms,
  { storage }: LedgerParts,
): ((old: OldEnrollment, index: number) => PlannedMove) => {
  const { clock } = storage;
  const validate = createRequestValidator(next, { onUnsupported: terms.onUnsupported, clock });
  return (old, index) => {
    const now = clock.now();
    const request = newRequest(old, terms);
    const { id: enrollmentId, record, expiresAt, movedBy } = old;
    const { key = "", profile } = request;
    const row = { enrollmentId, record, expiresAt, key, profile };
    if (movedBy !== undefined) return { ...row, action: "skip", skipped: "moved", movedBy };
    try {
      const ended = endOf({ ...old, hasManyUses: hasManyUses(old.uses) }, now);
      const wish = ended === undefined ? withLifetime(request, old, terms, next, now) : undefined;
      if (wish === undefined) return { ...row, action: "skip", skipped: ended ?? "expired" };
      validate(wish, index);
      return { ...row, action: "create" };
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      return { ...row, action: "refuse", error };
    }
  };
};

const validityOf = (rows: readonly PlannedMove[]): Validity => {
  const expiries = rows.filter(({ action }) => action === "create").map(({ expiresAt }) => expiresAt);
  const instants = expiries.filter((each) => each !== "never" && each !== "unknown");
  const until = instants.reduce<EnrollmentSummary["expiresAt"] | undefined>(
    (last, each) => (last === undefined || Date.parse(each) > Date.parse(last) ? each : last),
    undefined,
  );
  return { until, endless: expiries.length - instants.length };
};

/** Says what a migration would do. It changes nothing, and asks the old vendor for its list alone. */
export const planMigration = async (
  parts: LedgerParts,
  { service, revokeAfter = "created", signal = never, ...given }: PlanMigrationOptions,
): Promise<MigrationPlan> => {
  const terms = requireTerms(given);
  const ends = endsOf(service, terms);
  refuseBlindWait(ends, revokeAfter);
  const examine = examiner(ends, terms, parts);
  const { storage, vault } = parts;
  const rows: PlannedMove[] = [];
  for await (const old of oldEnrollments({ storage, vault, old: ends.old, to: terms.to, signal })) {
    rows.push(examine(old, rows.length));
  }
  const count = (wanted: PlannedMove["action"]) => rows.filter(({ action }) => action === wanted).length;
  return {
    from: terms.from,
    to: terms.to,
    revokeAfter,
    source: supports(ends.old, "listing") ? "listing" : "records",
    limits: limitsOf(ends),
    create: count("create"),
    refuse: count("refuse"),
    skip: count("skip"),
    oldValidity: validityOf(rows),
    rows,
  };
};
