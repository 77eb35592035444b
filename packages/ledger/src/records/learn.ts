import {
  toIsoInstant,
  type DeviceReference,
  type EnrollmentState,
  type EnrollmentStatus,
  type IsoInstant,
} from "@enrollkit/core";
import { sql } from "kysely";
import type { Storage } from "../storage/storage.js";
import { hasManyUses, isLapsed, isOpen, isTakenOver, texts } from "./conditions.js";
import { mergeKnowledge } from "./learned.js";

/** What was heard of some enrollments of one provider. */
export interface Heard {
  readonly provider: string;
  /** By the vendor's ids. */
  readonly heard: readonly EnrollmentStatus[];
  /** Who changes the records, for the history. */
  readonly by: string;
  /** Whether the vendor was asked; else it has told of its own accord. */
  readonly isAnswer: boolean;
}

/** What has become of the records that were told of. */
export interface Learned {
  /** Records that were found. */
  readonly known: number;
  /** Of those, the states of the ones that something new was learned of. */
  readonly changed: readonly EnrollmentState[];
}

interface KnownRow {
  readonly id: number;
  readonly enrollmentId: string;
  readonly state: EnrollmentState;
  readonly devices: readonly DeviceReference[] | null;
  readonly usedAt: IsoInstant | null;
  readonly detail: string | null;
  readonly hasManyUses: boolean;
  readonly isErased: boolean;
}

const changeOf = (row: KnownRow, status: EnrollmentStatus, isAnswer: boolean) => {
  const { id, state, devices, usedAt, detail, isErased } = row;
  // Whoever was not asked has said nothing about what was said before.
  const told = isAnswer ? status.detail : status.state === state ? (detail ?? undefined) : undefined;
  // A person who was taken out does not come back by the name of a device.
  const heard = isErased
    ? { state: status.state, devices: [], usedAt: status.usedAt }
    : { ...status, detail: told };
  const { isNew, ...merged } = mergeKnowledge(
    { state, devices: devices ?? [], usedAt: usedAt ?? undefined, detail: detail ?? undefined },
    heard,
    row.hasManyUses ? "many-uses" : "one-use",
  );
  return { id, ...merged, isNew };
};

/** Writes down what was heard of enrollments. The same may be heard again, and in any order. */
export const learnStatuses = (
  storage: Storage,
  { provider, heard, by, isAnswer }: Heard,
): Promise<Learned> => {
  const statuses = new Map(heard.map((status) => [status.id, status]));
  return storage.repeatable((db) =>
    db.transaction().execute(async (transaction) => {
      const { rows } = await sql<KnownRow>`
        SELECT r.id, r.enrollment_id AS "enrollmentId", r.state, r.devices, r.used_at AS "usedAt", r.detail,
            ${hasManyUses} AS "hasManyUses", r.erased_at IS NOT NULL AS "isErased"
          FROM records r
          WHERE r.provider = ${provider} AND r.enrollment_id IN ${texts([...statuses.keys()])}
            AND r.outcome = 'created' AND NOT ${isTakenOver}
          ORDER BY r.id FOR UPDATE`.execute(transaction);
      const changes = rows.flatMap((row) => {
        const status = statuses.get(row.enrollmentId);
        return status === undefined ? [] : [changeOf(row, status, isAnswer)];
      });
      const at = toIsoInstant(storage.clock.now());
      const written = isAnswer ? changes : changes.filter(({ isNew }) => isNew);
      if (written.length > 0) {
        await sql`
          UPDATE records r
            SET state = n.state, devices = NULLIF(n.devices, '[]'::jsonb), used_at = n."usedAt", detail = n.detail,
              asked_at = CASE WHEN ${isAnswer}::boolean THEN ${at}::timestamptz ELSE r.asked_at END,
              changed_at = CASE WHEN n."isNew" THEN ${at}::timestamptz ELSE r.changed_at END,
              changed_by = CASE WHEN n."isNew" THEN ${by} ELSE r.changed_by END
            FROM jsonb_to_recordset(${JSON.stringify(written)}::jsonb) AS n (
              id bigint, state text, devices jsonb, "usedAt" timestamptz, detail text, "isNew" boolean)
            WHERE r.id = n.id`.execute(transaction);
      }
      return {
        known: rows.length,
        changed: changes.filter(({ isNew }) => isNew).map(({ state }) => state),
      };
    }),
  );
};

/** Notes that an enrollment was taken back. One that was used up, or has run out, stays what it is. */
export const noteRevoked = async (
  storage: Storage,
  {
    provider,
    enrollmentId,
    by,
  }: { readonly provider: string; readonly enrollmentId: string; readonly by: string },
): Promise<void> => {
  const now = storage.clock.now();
  await storage.repeatable((db) =>
    sql`
      UPDATE records r SET state = 'revoked', changed_at = ${toIsoInstant(now)}, changed_by = ${by}
        WHERE r.provider = ${provider} AND r.enrollment_id = ${enrollmentId}
          AND (${isOpen} OR (r.outcome = 'created' AND r.state IN ('unknown', 'failed')))
          AND NOT ${isLapsed(now)} AND NOT ${isTakenOver}`.execute(db),
  );
};
