import { EnrollmentError, toIsoInstant } from "@enrollkit/core";
import { sql, type Kysely } from "kysely";
import { hasWorker, integers, isLive } from "../records/conditions.js";
import type { Vault } from "../records/vault.js";
import type { Storage } from "../storage/storage.js";
import type { Tables } from "../storage/tables.js";

/** A person who was taken out. */
export interface Erased {
  /** How many records the person was in. */
  readonly erased: number;
  /** Those whose enrollment still lives, by the records' ids: by their `enrollmentId` they can be revoked. */
  readonly live: readonly number[];
}

const beingSent = (ids: readonly number[]) =>
  new EnrollmentError(`records of this person are being sent right now: ${ids.join(", ")}`, {
    code: "failed-precondition",
    path: "email",
    advice: "erase the person once that is done; nothing was changed",
  });

const reason = (code: string, message: string) =>
  sql`jsonb_build_object(
    'name', 'EnrollmentError', 'code', ${code}::text, 'message', ${message}::text, 'retryable', false)`;

/**
 * Why there is no enrollment, in words that are about nobody. Errors that a start of the run would try again become such as
 * it does not: the input may still name the person.
 */
const error = sql`CASE
  WHEN r.outcome = 'created' THEN NULL
  WHEN r.outcome = 'planned'
    THEN ${reason("failed-precondition", "the person was erased before it was sent")}
  WHEN r.outcome IN ('sending', 'in-doubt', 'unknown')
    THEN ${reason("outcome-unknown", "the person was erased before it was known what became of it")}
  ELSE ${reason("failed-precondition", "the person was erased; it had failed")}
    || jsonb_build_object('vendorCode', COALESCE(r.error ->> 'code', 'unknown')) END`;

const isUnsettled = sql<boolean>`r.outcome IN ('planned', 'sending', 'in-doubt', 'unknown')`;

/** Without its attempt, what anybody still finds out about an open record is not written into it. */
const eraseRecords = async (
  transaction: Kysely<Tables>,
  ids: readonly number[],
  at: string,
): Promise<void> => {
  await sql`
    UPDATE records r
      SET key = CASE WHEN r.run_id IS NULL THEN NULL
          ELSE (SELECT runs.name FROM runs WHERE runs.id = r.run_id) || '#' || r.position END,
        recipient = NULL, recipient_hash = NULL, device = NULL, devices = NULL, detail = NULL,
        request_ids = NULL, request_fingerprint = NULL, sealed_request = NULL,
        secret_fingerprint = NULL, sealed_secrets = NULL,
        warnings = (
          SELECT jsonb_agg(jsonb_build_object('code', w -> 'code', 'message', 'erased'))
            FROM jsonb_array_elements(r.warnings) w),
        error = ${error},
        outcome = CASE WHEN ${isUnsettled} THEN 'failed' ELSE r.outcome END,
        attempt = CASE WHEN ${isUnsettled} THEN NULL ELSE r.attempt END,
        changed_at = CASE WHEN ${isUnsettled} THEN ${at}::timestamptz ELSE r.changed_at END,
        changed_by = CASE WHEN ${isUnsettled} THEN 'erase' ELSE r.changed_by END,
        erased_at = ${at}::timestamptz
      WHERE r.id IN ${integers(ids)}`.execute(transaction);
  await sql`
    INSERT INTO history (record_id, at, by, outcome, state, event)
      SELECT id, ${at}::timestamptz, 'erase', outcome, state, 'erased' FROM records
        WHERE id IN ${integers(ids)} ORDER BY id`.execute(transaction);
  await sql`UPDATE moves SET error = NULL WHERE record_id IN ${integers(ids)}`.execute(transaction);
  // That of a run with one row says as much as that of the row.
  await sql`
    UPDATE runs SET fingerprint = NULL WHERE id IN (
      SELECT run_id FROM records WHERE id IN ${integers(ids)})`.execute(transaction);
};

/**
 * Takes a person out of all records: whom it was for, what was asked for, what would let the person in, by which devices
 * the person came in. What is left says that there was an enrollment, when, and what became of it.
 */
export const erase = (storage: Storage, { fingerprints }: Vault, email: string): Promise<Erased> => {
  const address = email.toLowerCase();
  if (address === "") {
    throw new EnrollmentError("email must not be empty", { code: "invalid-request", path: "email" });
  }
  const now = storage.clock.now();
  const at = toIsoInstant(now);
  return storage.once((db) =>
    db.transaction().execute(async (transaction) => {
      const { rows } = await sql<{ id: number; isBeingSent: boolean; isLive: boolean }>`
        SELECT r.id, (r.outcome = 'sending' AND ${hasWorker}) AS "isBeingSent", ${isLive(now)} AS "isLive"
          FROM records r
          WHERE r.recipient_hash = ${fingerprints.ofRecipient(email)} OR lower(r.key) = ${address}
            OR (r.renews IS NOT NULL AND starts_with(lower(r.key), ${`${address}~`}))
          ORDER BY r.id FOR UPDATE`.execute(transaction);
      const sending = rows.filter(({ isBeingSent }) => isBeingSent).map(({ id }) => id);
      if (sending.length > 0) throw beingSent(sending);
      if (rows.length > 0)
        await eraseRecords(
          transaction,
          rows.map(({ id }) => id),
          at,
        );
      return { erased: rows.length, live: rows.filter((row) => row.isLive).map(({ id }) => id) };
    }),
  );
};
