import type { EnrollmentState, EnrollmentSummary, IsoInstant } from "@enrollkit/core";
import { sql } from "kysely";
import { hasManyUses, isLapsed } from "../records/conditions.js";
import { getRun, type Run } from "../runs/run.js";
import type { RecordedOutcome, SkipReason } from "../storage/tables.js";
import type { Storage } from "../storage/storage.js";
import { migrationOf } from "./start-migration.js";
import type { RevokeAfter } from "./terms.js";

/**
 * What becomes of an old enrollment.
 *
 * - `revoked`: it was taken back
 * - `waiting`: it will be, once that is due and the migration is started again
 * - `not-revoked`: it could not be taken back when that was tried; the next start tries again
 * - `not-supported`: its vendor cannot take it back; it stays until it expires
 * - `kept`: it stays, as was asked for, or because there is no new one
 * - `ended`: it has expired, was used or taken back without this migration
 */
const oldFates = ["revoked", "waiting", "not-revoked", "not-supported", "kept", "ended"] as const;
export type OldFate = (typeof oldFates)[number];

/** A row of a migration. No secret and no person is in it. */
export interface MigrationRow {
  /** Place in the migration, from 0. */
  readonly position: number;
  readonly key: string;
  /** The old enrollment, by its vendor's id. */
  readonly oldId: string;
  /** The ledger's record of it; absent if it was purged. */
  readonly oldRecord?: number | undefined;
  readonly oldExpiresAt?: EnrollmentSummary["expiresAt"] | undefined;
  readonly old: OldFate;
  /** Why it could not be taken back. */
  readonly oldError?: Readonly<Record<string, unknown>> | undefined;
  /** The ledger's record of the new one. */
  readonly record: number;
  readonly outcome: RecordedOutcome;
  /** The new enrollment, by its vendor's id. */
  readonly newId?: string | undefined;
  readonly state?: EnrollmentState | undefined;
  readonly expiresAt?: EnrollmentSummary["expiresAt"] | undefined;
  /** Why it was not moved although nothing went wrong. */
  readonly skipped?: SkipReason | undefined;
  /** Why there is no new one. */
  readonly error?: Readonly<Record<string, unknown>> | undefined;
}

/** How far a migration has come. */
export interface MigrationReport {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly revokeAfter: RevokeAfter;
  readonly startedAt: IsoInstant;
  /** Undefined until what is live at the old provider was taken down. */
  readonly rows: number | undefined;
  readonly created: number;
  readonly skipped: number;
  readonly failed: number;
  /** Nobody can tell whether there is a new one. */
  readonly unknown: number;
  /** Not sent yet, or under way. */
  readonly open: number;
  /** The old ones by what becomes of them. */
  readonly old: Readonly<Record<OldFate, number>>;
}

interface StoredRow {
  readonly position: number;
  readonly key: string;
  readonly old_id: string;
  readonly old_record: number | null;
  readonly old_expiry: EnrollmentSummary["expiresAt"] | null;
  readonly has_ended: boolean;
  readonly revoked_at: IsoInstant | null;
  readonly old_error: Readonly<Record<string, unknown>> | null;
  readonly record: number;
  readonly outcome: RecordedOutcome;
  readonly new_id: string | null;
  readonly state: EnrollmentState | null;
  readonly expiry: EnrollmentSummary["expiresAt"] | null;
  readonly skipped: SkipReason | null;
  readonly error: Readonly<Record<string, unknown>> | null;
}

const pageSize = 500;

const fateOf = (row: StoredRow, run: Run): OldFate => {
  const { revokeAfter, isRevocable } = migrationOf(run);
  if (row.revoked_at !== null) return "revoked";
  if (row.has_ended) return "ended";
  if (row.outcome === "failed" || row.outcome === "set-aside" || revokeAfter === "never") return "kept";
  if (!isRevocable) return "not-supported";
  return row.old_error === null ? "waiting" : "not-revoked";
};

const toRow = (row: StoredRow, run: Run): MigrationRow => ({
  position: row.position,
  key: row.key,
  oldId: row.old_id,
  oldRecord: row.old_record ?? undefined,
  oldExpiresAt: row.old_expiry ?? undefined,
  old: fateOf(row, run),
  oldError: row.old_error ?? undefined,
  record: row.record,
  outcome: row.outcome,
  newId: row.new_id ?? undefined,
  state: row.state ?? undefined,
  expiresAt: row.expiry ?? undefined,
  skipped: row.skipped ?? undefined,
  error: row.error ?? undefined,
});

/** A process may have died after it had noted that the old one is gone, and before it had noted it of the row. */
const revokedAt = sql`COALESCE(m.revoked_at,
  CASE WHEN n.outcome = 'created' AND r.state = 'revoked' AND r.changed_by = 'migrate' THEN r.changed_at END)`;

async function* rowsOf(storage: Storage, run: Run): AsyncGenerator<MigrationRow, void, void> {
  const ended = sql`COALESCE(r.state IN ('revoked', 'expired') OR (r.state = 'used' AND NOT ${hasManyUses})
    OR ${isLapsed(storage.clock.now())}, false)`;
  for (let after = -1; ;) {
    const { rows } = await storage.repeatable((db) =>
      sql<StoredRow>`
        SELECT n.position, n.key, m.enrollment_id AS old_id, r.id AS old_record, r.expiry AS old_expiry,
            ${ended} AS has_ended, ${revokedAt} AS revoked_at, m.error AS old_error, n.id AS record, n.outcome,
            n.enrollment_id AS new_id, n.state, n.expiry, m.skipped, n.error
          FROM moves m JOIN records n ON n.id = m.record_id LEFT JOIN records r ON r.id = n.renews
          WHERE n.run_id = ${run.id} AND n.position > ${after}
          ORDER BY n.position LIMIT ${pageSize}`.execute(db),
    );
    for (const row of rows) yield toRow(row, run);
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.position;
  }
}

/**
 * The rows of a migration, in their order.
 *
 * @throws EnrollmentError `not-found` that names the runs there are; `failed-precondition` if the run is no migration.
 */
export async function* migrationRows(
  storage: Storage,
  name: string,
): AsyncGenerator<MigrationRow, void, void> {
  const run = await getRun(storage, name);
  migrationOf(run);
  yield* rowsOf(storage, run);
}

const columnOf = ({ outcome, skipped }: MigrationRow) => {
  if (outcome === "created" || outcome === "unknown") return outcome;
  if (outcome !== "failed" && outcome !== "set-aside") return "open";
  return skipped === undefined ? "failed" : "skipped";
};

/** @throws EnrollmentError as {@link migrationRows} does. */
export const reportMigration = async (storage: Storage, name: string): Promise<MigrationReport> => {
  const run = await getRun(storage, name);
  const { terms, revokeAfter } = migrationOf(run);
  const counts = { created: 0, skipped: 0, failed: 0, unknown: 0, open: 0 };
  const old = Object.fromEntries(oldFates.map((fate) => [fate, 0])) as Record<OldFate, number>;
  for await (const row of rowsOf(storage, run)) {
    counts[columnOf(row)] += 1;
    old[row.old] += 1;
  }
  return {
    name,
    from: terms.from,
    to: terms.to,
    revokeAfter,
    startedAt: run.startedAt,
    rows: run.rows,
    ...counts,
    old,
  };
};
