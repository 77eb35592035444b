import { toIsoInstant, type EnrollmentProvider, type EnrollmentRequest } from "@enrollkit/core";
import { sql } from "kysely";
import type { Storage } from "../storage/storage.js";
import type { Lease } from "../work/lease.js";
import { requestColumns } from "./columns.js";
import { sealRequest, singleRequestContext, type Vault } from "./vault.js";

/** A create outside of a run, about to be sent. */
export interface Intent {
  /** Names it for good; the same name again is the same record. */
  readonly name: string;
  /** A UUID of this try; requests that are sent by one call share it. */
  readonly attempt: string;
  readonly provider: EnrollmentProvider;
  /** With a key, always. */
  readonly request: EnrollmentRequest & { readonly key: string };
  /** The record that it replaces. */
  readonly renews?: number | undefined;
}

/**
 * Notes intents to send. Once this has returned, a crash leaves the records in doubt, not forgotten. It may be repeated.
 *
 * @returns the ids of the records by the intents' names: not those that somebody else has, or that are done. None if the
 *   lease is over.
 */
export const noteIntents = async (
  storage: Storage,
  vault: Vault,
  { workerId, name: by }: Lease,
  intents: readonly Intent[],
): Promise<ReadonlyMap<string, number>> => {
  const at = toIsoInstant(storage.clock.now());
  const rows = intents.map(({ name, attempt, provider, request, renews }) => ({
    intent: name,
    attempt,
    renews,
    key: request.key,
    provider: provider.name,
    vendor: provider.descriptor.vendor,
    ...requestColumns(request, vault),
    sealed_request: sealRequest(request, singleRequestContext(name), vault),
  }));
  const noted = await storage.repeatable((db) =>
    sql<{ id: number; intent: string }>`
      INSERT INTO records AS r (
          intent, attempt, renews, key, provider, vendor, profile, platform, management, ownership, recipient,
          recipient_hash, device, sealed_request, outcome, worker_id, sent_at, tries, recorded_at, changed_at, changed_by)
        SELECT n.*, 'sending', ${workerId}::bigint, ${at}::timestamptz, 1, ${at}::timestamptz, ${at}::timestamptz, ${by}
          FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS n (
            intent text, attempt uuid, renews bigint, key text, provider text, vendor text, profile text,
            platform text, management text, ownership text, recipient jsonb, recipient_hash text, device jsonb,
            sealed_request text)
          WHERE EXISTS (
            SELECT FROM workers w WHERE w.id = ${workerId} AND w.lease_until > clock_timestamp())
        ON CONFLICT (intent) DO UPDATE
          SET outcome = 'sending', attempt = excluded.attempt, worker_id = excluded.worker_id,
            sent_at = excluded.sent_at, provider = excluded.provider, vendor = excluded.vendor,
            tries = CASE WHEN r.attempt = excluded.attempt THEN r.tries ELSE r.tries + 1 END,
            key = excluded.key, profile = excluded.profile, platform = excluded.platform,
            management = excluded.management, ownership = excluded.ownership, recipient = excluded.recipient,
            recipient_hash = excluded.recipient_hash, device = excluded.device,
            sealed_request = excluded.sealed_request, erased_at = NULL,
            changed_at = excluded.changed_at, changed_by = excluded.changed_by
          WHERE r.outcome = 'failed'
            OR (r.outcome = 'sending' AND r.attempt = excluded.attempt)
        RETURNING r.id, r.intent`.execute(db),
  );
  return new Map(noted.rows.map(({ id, intent }) => [intent, id]));
};
