import { toIsoInstant } from "@enrollkit/core";
import { sql } from "kysely";
import type { Storage } from "../storage/storage.js";
import type { Lease } from "../work/lease.js";
import type { ResultColumns } from "./columns.js";

/** One try of one record. What is written about it counts only as long as nobody has begun another. */
export interface Attempt {
  /** The record's id. */
  readonly id: number;
  /** A UUID of its own; requests that are sent by one call share it. */
  readonly attempt: string;
}

/** A try that sets out. */
export interface BegunAttempt extends Attempt {
  /** Whom it goes to, if that is settled. Default: as it was planned. */
  readonly provider?: string | undefined;
  /** That provider's vendor. */
  readonly vendor?: string | undefined;
}

/** Writes what a worker does, before it does it and after. Every statement may be repeated. */
export interface Attempts {
  /**
   * Notes the intent to send. Once this has returned, a crash leaves the records in doubt, not forgotten. The same try may
   * be begun again for another provider, to which it passes on.
   *
   * @returns the records that may be sent: not those that another worker has, or that are done.
   */
  begin(attempts: readonly BegunAttempt[], signal?: AbortSignal): Promise<ReadonlySet<number>>;
  /** @returns the records whose results were written: not those that have passed to another worker. */
  settle(results: readonly ResultColumns[]): Promise<ReadonlySet<number>>;
  /** The vendor could not be asked; it will be, later. */
  postpone(attempts: readonly Attempt[]): Promise<void>;
  /** Nothing came of them: they may be sent again. */
  release(attempts: readonly Attempt[]): Promise<void>;
}

const ids = (rows: readonly { readonly id: number }[]): ReadonlySet<number> =>
  new Set(rows.map(({ id }) => id));

export const createAttempts = (storage: Storage, lease: Lease): Attempts => {
  const { clock } = storage;
  const { workerId, name } = lease;
  const now = () => toIsoInstant(clock.now());

  return {
    begin: async (attempts, signal) => {
      const at = now();
      const { rows } = await storage.repeatable(
        (db) =>
          sql<{ id: number }>`
            UPDATE records r
              SET outcome = 'sending', attempt = n.attempt, worker_id = ${workerId}, sent_at = ${at},
                provider = COALESCE(n.provider, r.provider), vendor = COALESCE(n.vendor, r.vendor),
                tries = CASE WHEN r.attempt = n.attempt THEN r.tries ELSE r.tries + 1 END,
                changed_at = ${at}, changed_by = ${name}
              FROM jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) AS n (
                id bigint, attempt uuid, provider text, vendor text)
              WHERE r.id = n.id
                AND (r.outcome = 'planned' OR (r.outcome = 'sending' AND r.attempt = n.attempt))
                AND EXISTS (SELECT FROM workers w WHERE w.id = ${workerId} AND w.lease_until > clock_timestamp())
              RETURNING r.id`.execute(db),
        signal,
      );
      return ids(rows);
    },

    settle: async (results) => {
      if (results.length === 0) return new Set();
      const at = now();
      const { rows } = await storage.repeatable((db) =>
        sql<{ id: number }>`
          UPDATE records r
            SET outcome = n.outcome, asks = 0, state = n.state, enrollment_id = n.enrollment_id,
              platform = COALESCE(n.platform, r.platform),
              management = COALESCE(n.management, r.management),
              ownership = COALESCE(n.ownership, r.ownership),
              device = COALESCE(n.device, r.device),
              created_at = n.created_at, expires_at = n.expires_at, expiry = n.expiry, uses = n.uses,
              request_ids = n.request_ids, warnings = n.warnings, error = n.error,
              secret_fingerprint = n.secret_fingerprint, sealed_secrets = n.sealed_secrets,
              changed_at = ${at}, changed_by = ${name}
            FROM jsonb_to_recordset(${JSON.stringify(results)}::jsonb) AS n (
              id bigint, attempt uuid, outcome text, state text, enrollment_id text, platform text,
              management text, ownership text, device jsonb, created_at timestamptz, expires_at timestamptz,
              expiry text, uses text, request_ids jsonb, warnings jsonb, error jsonb,
              secret_fingerprint text, sealed_secrets text)
            WHERE r.id = n.id AND r.attempt = n.attempt
            RETURNING r.id`.execute(db),
      );
      return ids(rows);
    },

    postpone: async (attempts) => {
      if (attempts.length === 0) return;
      await storage.repeatable((db) =>
        sql`
          UPDATE records r SET asks = asks + 1
            FROM jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) AS n (id bigint, attempt uuid)
            WHERE r.id = n.id AND r.attempt = n.attempt AND r.outcome = 'in-doubt'`.execute(db),
      );
    },

    release: async (attempts) => {
      if (attempts.length === 0) return;
      const at = now();
      await storage.repeatable((db) =>
        sql`
          UPDATE records r
            SET outcome = 'planned', asks = 0, changed_at = ${at}, changed_by = ${name}
            FROM jsonb_to_recordset(${JSON.stringify(attempts)}::jsonb) AS n (id bigint, attempt uuid)
            WHERE r.id = n.id AND r.attempt = n.attempt AND r.outcome IN ('sending', 'in-doubt')`.execute(db),
      );
    },
  };
};
