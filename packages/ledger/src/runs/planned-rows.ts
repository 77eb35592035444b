import { toIsoInstant, type EnrollmentErrorCode } from "@enrollkit/core";
import { sql } from "kysely";
import type { RecordedOutcome } from "../storage/tables.js";
import type { Storage } from "../storage/storage.js";

/** A row of a run as the ledger has it. */
export interface PlannedRow {
  readonly id: number;
  readonly position: number;
  readonly outcome: RecordedOutcome;
  /** How often it was sent. */
  readonly tries: number;
  /** Null once the person has been erased. */
  readonly fingerprint: string | null;
  /** Of the error that it failed with. */
  readonly code: EnrollmentErrorCode | null;
  readonly retryable: boolean | null;
}

const columns = sql`id, position, outcome, tries, request_fingerprint AS fingerprint, error ->> 'code' AS code,
  (error ->> 'retryable')::boolean AS retryable`;

/** @returns rows by their position. */
const byPosition = (rows: readonly PlannedRow[]) => new Map(rows.map((row) => [row.position, row]));

/** The rows at so many positions from `first` on. */
export const findRows = async (
  storage: Storage,
  runId: number,
  first: number,
  count: number,
): Promise<ReadonlyMap<number, PlannedRow>> => {
  const { rows } = await storage.repeatable((db) =>
    sql<PlannedRow>`
      SELECT ${columns} FROM records
        WHERE run_id = ${runId} AND position >= ${first} AND position < ${first + count}`.execute(db),
  );
  return byPosition(rows);
};

/** Notes rows that are new; another process may do so at the same time. */
export const insertRows = async (
  storage: Storage,
  runId: number,
  rows: readonly object[],
  by: string,
): Promise<ReadonlyMap<number, PlannedRow>> => {
  if (rows.length === 0) return new Map();
  const at = toIsoInstant(storage.clock.now());
  const inserted = await storage.repeatable((db) =>
    sql<PlannedRow>`
      INSERT INTO records (
          run_id, position, key, provider, vendor, profile, platform, management, ownership, recipient,
          recipient_hash, device, request_fingerprint, sealed_request, outcome, recorded_at, changed_at, changed_by)
        SELECT ${runId}, position, key, provider, vendor, profile, platform, management, ownership, recipient,
            recipient_hash, device, request_fingerprint, sealed_request, 'planned', ${at}, ${at}, ${by}
          FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n (
            position bigint, key text, provider text, vendor text, profile text, platform text, management text,
            ownership text, recipient jsonb, recipient_hash text, device jsonb, request_fingerprint text,
            sealed_request text)
          ORDER BY position
        ON CONFLICT (run_id, position) DO UPDATE SET position = excluded.position
        RETURNING ${columns}`.execute(db),
  );
  return byPosition(inserted.rows);
};

/** Rows that failed, and are worth another try. */
export const planAgain = async (storage: Storage, ids: readonly number[], by: string): Promise<void> => {
  if (ids.length === 0) return;
  await storage.repeatable((db) =>
    db
      .updateTable("records")
      .set({ outcome: "planned", changed_at: toIsoInstant(storage.clock.now()), changed_by: by })
      .where("id", "in", ids)
      .where("outcome", "=", "failed")
      .execute(),
  );
};
