import { EnrollmentError, enrollmentErrorSchema, toIsoInstant } from "@enrollkit/core";
import { sql } from "kysely";
import type { SendParts } from "./send-rows.js";

/** The reason of a row that never got as far as an error: whoever sent it did not live to record one. */
const unfinished = (tries: number) =>
  new EnrollmentError(`its worker ended before there was an outcome, ${tries} times`, {
    code: "outcome-unknown",
    retryable: false,
    advice:
      "look at what is unusual about this row; nothing was created for it when the vendor was last asked",
  });

interface TiredRow {
  readonly id: number;
  readonly position: number;
  readonly key: string;
  readonly tries: number;
  readonly error: unknown;
}

/** Takes rows out of the run that were sent too often, with the last reason; nobody sends them again by himself. */
export const setAside = async (
  { storage, lease, deliver }: Pick<SendParts, "storage" | "lease" | "deliver">,
  runId: number,
  mostTries: number,
): Promise<void> => {
  const { rows } = await storage.repeatable((db) =>
    sql<TiredRow>`
      SELECT id, position, key, tries, error FROM records
        WHERE run_id = ${runId} AND outcome = 'planned' AND tries >= ${mostTries}`.execute(db),
  );
  if (rows.length === 0) return;
  const tired = rows.map(({ id, position, key, tries, error }) => ({
    row: { id, position, tries, request: { key } },
    error: error === null ? unfinished(tries) : enrollmentErrorSchema.parse(error),
  }));
  await deliver(tired.map(({ row, error }) => ({ row, result: { status: "failed", error } })));
  const at = toIsoInstant(storage.clock.now());
  const reasons = tired.map(({ row: { id }, error }) => ({ id, error }));
  await storage.repeatable((db) =>
    sql`
      UPDATE records r
        SET outcome = 'set-aside', error = n.error, changed_at = ${at}, changed_by = ${lease.name}
        FROM jsonb_to_recordset(${JSON.stringify(reasons)}::jsonb) AS n (id bigint, error jsonb)
        WHERE r.id = n.id AND r.outcome = 'planned'`.execute(db),
  );
};
