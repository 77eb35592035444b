import { toIsoInstant } from "@enrollkit/core";
import { sql } from "kysely";
import { settleDoubts, type DoubtParts } from "../runs/doubts.js";
import type { ExecuteParts } from "../runs/execute-run.js";
import { sendRows } from "../runs/send-rows.js";
import { setAside } from "../runs/set-aside.js";
import { storedRequests, storedRows } from "../runs/stored-rows.js";
import type { JobData } from "./job-queue.js";

/** Milliseconds between two looks at rows that another worker has. */
const pause = 500;

/** Rows that failed and may succeed later are planned once more. */
const planFailed = async ({ storage, lease }: ExecuteParts, { runId, first, last }: JobData) => {
  const at = toIsoInstant(storage.clock.now());
  await storage.repeatable((db) =>
    sql`
      UPDATE records SET outcome = 'planned', changed_at = ${at}, changed_by = ${lease.name}
        WHERE run_id = ${runId} AND position BETWEEN ${first} AND ${last}
          AND outcome = 'failed' AND (error ->> 'retryable')::boolean`.execute(db),
  );
};

const openOutcomes = async ({ storage }: ExecuteParts, { runId, first, last }: JobData) => {
  const { rows } = await storage.repeatable((db) =>
    sql<{ outcome: string }>`
      SELECT DISTINCT outcome FROM records
        WHERE run_id = ${runId} AND position BETWEEN ${first} AND ${last}
          AND outcome IN ('planned', 'sending', 'in-doubt')`.execute(db),
  );
  return rows.map(({ outcome }) => outcome);
};

/**
 * Brings the rows of a job to their end.
 *
 * @returns `later`: some failed, or could not be asked about, in a way that waiting may mend.
 */
export const executeJob = async (parts: ExecuteParts, job: JobData): Promise<"done" | "later"> => {
  const { storage, vault, lease, mostTries } = parts;
  const signal = AbortSignal.any([parts.signal, lease.signal]);
  const doubts: DoubtParts = {
    ...parts,
    signal,
    runId: job.runId,
    range: job,
    requestsOf: storedRequests(storage, vault, job.runId),
  };
  for (;;) {
    signal.throwIfAborted();
    const postponed = await settleDoubts(doubts);
    await setAside(parts, job.runId, mostTries);
    await sendRows(parts, storedRows(storage, vault, job));
    const open = await openOutcomes(parts, job);
    if (open.length === 0) break;
    // Others may be served while that vendor comes round.
    if (postponed > 0) return "later";
    if (open.every((outcome) => outcome === "sending")) await storage.clock.sleep(pause, signal);
  }
  await planFailed(parts, job);
  await setAside(parts, job.runId, mostTries);
  return (await openOutcomes(parts, job)).length === 0 ? "done" : "later";
};
