import { sql } from "kysely";
import { isLapsed, texts } from "../records/conditions.js";
import type { Storage } from "../storage/storage.js";

/**
 * Old enrollments that a migration to the same provider has already, with its name: what it has made lives or was used, or
 * may still come.
 */
export const findMoved = async (
  storage: Storage,
  { from, to }: { readonly from: string; readonly to: string },
  enrollmentIds: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const lapsed = isLapsed(storage.clock.now());
  const { rows } = await storage.repeatable((db) =>
    sql<{ id: string; run: string }>`
      SELECT m.enrollment_id AS id, runs.name AS run
        FROM moves m JOIN records r ON r.id = m.record_id JOIN runs ON runs.id = r.run_id
        WHERE m.provider = ${from} AND r.provider = ${to} AND m.enrollment_id IN ${texts(enrollmentIds)}
          AND (r.outcome IN ('planned', 'sending', 'in-doubt', 'unknown')
            OR (r.outcome = 'created' AND (r.state = 'used'
              OR (r.state IN ('pending', 'unknown') AND NOT ${lapsed}))))`.execute(db),
  );
  return new Map(rows.map(({ id, run }) => [id, run]));
};
