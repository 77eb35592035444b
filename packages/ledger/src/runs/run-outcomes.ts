import {
  EnrollmentError,
  enrollmentErrorSchema,
  failureOf,
  type EnrollmentOutcome,
  type EnrollmentResult,
} from "@enrollkit/core";
import { sql } from "kysely";
import { toEnrollment, type RecordRow } from "../records/record.js";
import type { Vault } from "../records/vault.js";
import type { Storage } from "../storage/storage.js";
import type { Run } from "./run.js";
import { toOutcome } from "./to-outcome.js";

const pageSize = 500;

const resultOf = (row: RecordRow, vault: Vault): EnrollmentResult => {
  const enrollment = toEnrollment(row, vault);
  if (enrollment !== undefined) return { status: "created", enrollment };
  const error =
    row.error === null
      ? new EnrollmentError("what went wrong is not stored", { code: "unknown" })
      : enrollmentErrorSchema.parse(row.error);
  return row.outcome === "unknown" ? { status: "unknown", error } : { ...failureOf(error), status: "failed" };
};

/** The outcomes of a run's rows that are settled, in the order of the rows. */
export async function* runOutcomes(
  storage: Storage,
  vault: Vault,
  run: Run,
): AsyncGenerator<EnrollmentOutcome, void, void> {
  for (let after = -1; ;) {
    const { rows } = await storage.repeatable((db) =>
      sql<RecordRow>`
        SELECT r.*, ${run.name}::text AS run FROM records r
          WHERE r.run_id = ${run.id} AND r.position > ${after}
            AND r.outcome IN ('created', 'failed', 'unknown', 'set-aside')
          ORDER BY r.position LIMIT ${pageSize}`.execute(db),
    );
    for (const row of rows) {
      const position = row.position ?? 0;
      yield toOutcome(
        { row: { position, request: { key: row.key ?? "" } }, result: resultOf(row, vault) },
        run,
      );
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.position ?? after;
  }
}
