import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Run } from "../runs/run.js";
import type { Storage } from "../storage/storage.js";
import type { Job, JobQueue } from "./job-queue.js";

interface Part {
  readonly first: number;
  readonly last: number;
  /** The job that it has, if it has one. */
  readonly id: string | null;
}

/** The parts of a run in which something is still to do. */
const openParts = async (storage: Storage, runId: number, size: number): Promise<readonly Part[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<Part>`
      WITH open AS (
        SELECT DISTINCT position / ${size} AS part FROM records
          WHERE run_id = ${runId} AND outcome IN ('planned', 'sending', 'in-doubt')
      )
      SELECT open.part * ${size} AS first, open.part * ${size} + ${size} - 1 AS last, jobs.id
        FROM open LEFT JOIN jobs ON jobs.run_id = ${runId} AND jobs.first = open.part * ${size}
        ORDER BY open.part`.execute(db),
  );
  return rows;
};

/**
 * Cuts what is open of a run into jobs, as far as it has none. It may be repeated at any time.
 *
 * @param size - rows for one job; always the same for a run.
 * @returns how many jobs were added.
 */
export const addJobs = async (
  storage: Storage,
  queue: JobQueue,
  { id: runId }: Pick<Run, "id">,
  size: number,
): Promise<number> => {
  const jobless: Part[] = [];
  for (const part of await openParts(storage, runId, size)) {
    if (part.id === null || (await queue.find(part.id)).state === "over") jobless.push(part);
  }
  // Jobs of one moment are handed out by their ids.
  const ids = jobless.map(() => randomUUID()).sort();
  const added = jobless.map(({ first, last }, place): Job => ({
    id: ids[place] ?? randomUUID(),
    runId,
    first,
    last,
  }));
  if (added.length === 0) return 0;
  // First here, so that a job that was never added to the queue is found, and replaced.
  await storage.repeatable((db) =>
    sql`
      INSERT INTO jobs (id, run_id, first, last)
        SELECT id, "runId", first, last FROM jsonb_to_recordset(${JSON.stringify(added)}::jsonb)
          AS n (id uuid, "runId" bigint, first bigint, last bigint)
        ON CONFLICT (run_id, first) DO UPDATE SET id = excluded.id, worker_id = NULL`.execute(db),
  );
  await queue.add(added);
  return added.length;
};
