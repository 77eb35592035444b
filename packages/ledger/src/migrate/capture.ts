import { createHash } from "node:crypto";
import {
  EnrollmentError,
  enrollmentRequestSchema,
  instantMilliseconds,
  parseInput,
  toIsoInstant,
  type EnrollmentRequest,
} from "@enrollkit/core";
import { sql, type Kysely } from "kysely";
import type { LedgerParts } from "../ledger-parts.js";
import { requestColumns } from "../records/columns.js";
import { requestContext, requestFingerprint, sealRequest } from "../records/vault.js";
import { inChunks } from "../runs/in-chunks.js";
import type { Tables } from "../storage/tables.js";
import { newRequest } from "./new-request.js";
import { oldEnrollments, type OldEnrollment } from "./old-enrollments.js";
import type { StartedMigration } from "./start-migration.js";

const chunkSize = 1000;

/** What a vendor's list says may be no request: such a row has failed before it begins. */
const refusalOf = (request: EnrollmentRequest, position: number): EnrollmentError | undefined => {
  try {
    parseInput(enrollmentRequestSchema, request, "invalid-request");
    return undefined;
  } catch (error) {
    if (EnrollmentError.is(error)) return error.within(`requests[${position}]`);
    throw error;
  }
};

/** Enrollments that the ledger has never seen are on record from now on, so that what becomes of them is. */
const adopt = async (
  db: Kysely<Tables>,
  { storage, vault }: LedgerParts,
  { old }: StartedMigration,
  enrollments: readonly OldEnrollment[],
  by: string,
): Promise<ReadonlyMap<string, number>> => {
  const at = toIsoInstant(storage.clock.now());
  const rows = enrollments
    .filter(({ record }) => record === undefined)
    .map(({ id, state, createdAt, expiresAt, uses, recipient, device }) => ({
      ...requestColumns({ recipient, device }, vault),
      enrollment_id: id,
      state,
      created_at: createdAt,
      expiry: expiresAt,
      expires_at:
        expiresAt === "never" || expiresAt === "unknown"
          ? null
          : toIsoInstant(instantMilliseconds(expiresAt)),
      uses: uses === undefined ? null : String(uses),
    }));
  const adopted = await sql<{ id: number; enrollmentId: string }>`
    INSERT INTO records (
        provider, vendor, outcome, enrollment_id, state, created_at, expiry, expires_at, uses, recipient,
        recipient_hash, device, recorded_at, changed_at, changed_by)
      SELECT ${old.name}, ${old.descriptor.vendor}, 'created', enrollment_id, state, created_at, expiry, expires_at,
          uses, recipient, recipient_hash, device, ${at}, ${at}, ${by}
        FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n (
          enrollment_id text, state text, created_at timestamptz, expiry text, expires_at timestamptz, uses text,
          recipient jsonb, recipient_hash text, device jsonb)
      RETURNING id, enrollment_id AS "enrollmentId"`.execute(db);
  return new Map([
    ...enrollments.flatMap(({ id, record }) => (record === undefined ? [] : [[id, record] as const])),
    ...adopted.rows.map(({ id, enrollmentId }) => [enrollmentId, id] as const),
  ]);
};

interface NewRow {
  readonly old: OldEnrollment;
  readonly position: number;
  readonly request: EnrollmentRequest;
  readonly fingerprint: string;
}

const insertMoves = async (
  db: Kysely<Tables>,
  { storage, vault }: LedgerParts,
  { run, next, terms }: StartedMigration,
  rows: readonly NewRow[],
  records: ReadonlyMap<string, number>,
  by: string,
): Promise<void> => {
  const at = toIsoInstant(storage.clock.now());
  const columns = rows.map(({ old, position, request, fingerprint }) => {
    const refusal = refusalOf(request, position);
    return {
      position,
      key: request.key,
      ...requestColumns(refusal === undefined ? request : { recipient: request.recipient }, vault),
      request_fingerprint: fingerprint,
      sealed_request:
        refusal === undefined ? sealRequest(request, requestContext(run.id, position), vault) : null,
      renews: records.get(old.id),
      outcome: refusal === undefined ? "planned" : "failed",
      error: refusal?.toJSON(),
      enrollment_id: old.id,
      skipped: old.movedBy === undefined ? null : "moved",
    };
  });
  await sql`
    WITH n AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(columns)}::jsonb) AS n (
        position bigint, key text, profile text, recipient jsonb, recipient_hash text, device jsonb,
        request_fingerprint text, sealed_request text, renews bigint, outcome text, error jsonb,
        enrollment_id text, skipped text)
    ), made AS (
      INSERT INTO records (
          run_id, position, key, provider, vendor, profile, recipient, recipient_hash, device, request_fingerprint,
          sealed_request, renews, outcome, error, recorded_at, changed_at, changed_by)
        SELECT ${run.id}::bigint, position, key, ${next.name}, ${next.descriptor.vendor}, profile, recipient,
            recipient_hash, device, request_fingerprint, sealed_request, renews, outcome, error, ${at}, ${at}, ${by}
          FROM n ORDER BY position
        RETURNING id, position
    )
    INSERT INTO moves (record_id, provider, enrollment_id, skipped)
      SELECT made.id, ${terms.from}, n.enrollment_id, n.skipped FROM made JOIN n USING (position)`.execute(
    db,
  );
};

/**
 * Takes down what is live at the old provider, once and for all starts of the migration: wholly or not at all. Nothing is
 * sent but for the list.
 *
 * @returns the run as it is planned now.
 */
export const capture = async (
  parts: LedgerParts,
  started: StartedMigration,
  by: string,
  signal: AbortSignal,
): Promise<StartedMigration> => {
  const { storage, vault } = parts;
  const { run, old, terms } = started;
  if (run.rows !== undefined) return started;
  const rows: NewRow[] = [];
  const whole = createHash("sha256");
  for await (const each of oldEnrollments({ storage, vault, old, to: terms.to, signal })) {
    signal.throwIfAborted();
    const request = newRequest(each, terms);
    const fingerprint = requestFingerprint(request, vault);
    whole.update(fingerprint);
    rows.push({ old: each, position: rows.length, request, fingerprint });
  }
  const fingerprint = whole.digest("base64url");
  const count = await storage.repeatable((db) =>
    db.transaction().execute(async (transaction) => {
      const { rows: known } = await transaction
        .selectFrom("runs")
        .select("rows")
        .where("id", "=", run.id)
        .forUpdate()
        .executeTakeFirstOrThrow();
      if (known !== null) return known;
      for await (const chunk of inChunks(rows, chunkSize)) {
        const olds = chunk.map((row) => row.old);
        const records = await adopt(transaction, parts, started, olds, by);
        await insertMoves(transaction, parts, started, chunk, records, by);
      }
      await transaction
        .updateTable("runs")
        .set({ rows: rows.length, fingerprint, planned_at: toIsoInstant(storage.clock.now()) })
        .where("id", "=", run.id)
        .execute();
      return rows.length;
    }),
  );
  return { ...started, run: { ...run, rows: count } };
};
