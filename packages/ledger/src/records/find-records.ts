import { EnrollmentError } from "@enrollkit/core";
import { sql, type RawBuilder } from "kysely";
import type { Storage } from "../storage/storage.js";
import { conditionOf, requireIds, type RecordFilter } from "./filter.js";
import type { RecordRow } from "./record.js";
import type { Vault } from "./vault.js";

/** Records that are read at once. */
export const pageSize = 500;

/** A query for whole records; the table goes by the name `r`. */
export const selectRecords = (where: RawBuilder<boolean>, orderBy: RawBuilder<unknown>, limit: number) =>
  sql<RecordRow>`
    SELECT r.*, runs.name AS run, (
        SELECT min(n.id) FROM records n WHERE n.renews = r.id AND n.outcome = 'created'
      ) AS renewed_by
      FROM records r LEFT JOIN runs ON runs.id = r.run_id
      WHERE ${where} ORDER BY ${orderBy} LIMIT ${limit}`;

/** Every record that a filter means, in the order of their ids, page by page as they are consumed. */
export async function* findRecords(
  storage: Storage,
  vault: Vault,
  filter: RecordFilter,
): AsyncGenerator<RecordRow, void, void> {
  const meant = conditionOf(filter, vault, storage.clock.now());
  for (let after = 0; ;) {
    const page = selectRecords(sql`${meant} AND r.id > ${after}`, sql`r.id`, pageSize);
    const { rows } = await storage.repeatable((db) => page.execute(db));
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.id;
  }
}

/** @throws EnrollmentError `not-found`; `invalid-request` if it is no id. */
export const getRecordRow = async (storage: Storage, id: number): Promise<RecordRow> => {
  requireIds([id], "id");
  const { rows } = await storage.repeatable((db) =>
    selectRecords(sql`r.id = ${id}`, sql`r.id`, 1).execute(db),
  );
  const [row] = rows;
  if (row !== undefined) return row;
  throw new EnrollmentError(`there is no record ${id}`, {
    code: "not-found",
    path: "id",
    advice: "it may have been purged",
  });
};
