import type { EnrollmentState, IsoInstant } from "@enrollkit/core";
import { sql } from "kysely";
import { getRecordRow } from "../records/find-records.js";
import type { RecordedOutcome } from "../storage/tables.js";
import type { Storage } from "../storage/storage.js";

/** Something that happened to a record. */
export interface HistoryEntry {
  /**
   * - `changed`: it came to this outcome, or state
   * - `erased`: the person was taken out of it
   * - `renews`: it was begun in order to replace the other record
   * - `renewed`: it was replaced by the other record
   */
  readonly event: "changed" | "erased" | "renews" | "renewed";
  readonly at: IsoInstant;
  /** A worker's name, or what was done: `sync`, `status`, `message`, `revoke`, `renew`, `migrate`, `erase`. */
  readonly by: string;
  /** How far it had come. */
  readonly outcome?: RecordedOutcome | undefined;
  /** Of the enrollment, if there was one. */
  readonly state?: EnrollmentState | undefined;
  /** The other record of a renewal or migration. */
  readonly record?: number | undefined;
}

interface HistoryRow {
  readonly event: HistoryEntry["event"];
  readonly at: IsoInstant;
  readonly by: string;
  readonly outcome: RecordedOutcome | null;
  readonly state: EnrollmentState | null;
  readonly record: number | null;
}

/** What has put a record `r` in the place of another. */
const replacedBy = sql<string>`CASE
  WHEN EXISTS (SELECT FROM moves m WHERE m.record_id = r.id) THEN 'migrate' ELSE 'renew' END`;

/** @throws EnrollmentError `not-found` */
export const findHistory = async (storage: Storage, id: number): Promise<readonly HistoryEntry[]> => {
  await getRecordRow(storage, id);
  const { rows } = await storage.repeatable((db) =>
    sql<HistoryRow>`
      SELECT * FROM (
        SELECT h.id, h.event, h.at, h.by, h.outcome, h.state, NULL::bigint AS record
          FROM history h WHERE h.record_id = ${id}
        UNION ALL
        SELECT 0, 'renews', r.recorded_at, ${replacedBy}, NULL, NULL, r.renews
          FROM records r WHERE r.id = ${id} AND r.renews IS NOT NULL
        UNION ALL
        SELECT min(h.id), 'renewed', min(h.at), ${replacedBy}, NULL, NULL, r.id
          FROM records r JOIN history h ON h.record_id = r.id AND h.outcome = 'created'
          WHERE r.renews = ${id} GROUP BY r.id
      ) entries ORDER BY at, id`.execute(db),
  );
  return rows.map(({ event, at, by, outcome, state, record }) => ({
    event,
    at,
    by,
    ...(outcome !== null && { outcome }),
    ...(state !== null && { state }),
    ...(record !== null && { record }),
  }));
};
