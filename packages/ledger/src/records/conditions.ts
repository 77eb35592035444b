import { toIsoInstant } from "@enrollkit/core";
import { sql } from "kysely";

// Conditions over a table `records` that goes by the name `r`.

/** It lets more than one device in. */
export const hasManyUses = sql<boolean>`COALESCE(r.uses, 'one') NOT IN ('one', '1')`;

/** It was not used up, taken back or refused: only its expiry may have ended it. */
export const isOpen = sql<boolean>`(r.outcome = 'created'
  AND (r.state = 'pending' OR (r.state = 'used' AND ${hasManyUses})))`;

/** @param now - milliseconds since the Unix epoch. */
export const isLapsed = (now: number) =>
  sql<boolean>`(r.expires_at IS NOT NULL AND r.expires_at <= ${toIsoInstant(now)}::timestamptz)`;

/** A device may still come in by it. One whose vendor does not say when it expires is believed to live. */
export const isLive = (now: number) => sql<boolean>`(${isOpen} AND NOT ${isLapsed(now)})`;

/** Its worker is alive. */
export const hasWorker = sql<boolean>`EXISTS (
  SELECT FROM workers w WHERE w.id = r.worker_id AND w.lease_until > clock_timestamp())`;

/** The same enrollment of the vendor's is on record once more, by a renewal: what becomes of it is told of that one. */
export const isTakenOver = sql<boolean>`EXISTS (
  SELECT FROM records n
    WHERE n.renews = r.id AND n.outcome = 'created' AND n.provider = r.provider
      AND n.enrollment_id = r.enrollment_id)`;

/** A list of texts, of any length. */
export const texts = (values: readonly string[]) =>
  sql`(SELECT jsonb_array_elements_text(${JSON.stringify(values)}::jsonb))`;

/** A list of whole numbers, of any length. */
export const integers = (values: readonly number[]) =>
  sql`(SELECT jsonb_array_elements_text(${JSON.stringify(values)}::jsonb)::bigint)`;
