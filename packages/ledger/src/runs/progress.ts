import type { IsoInstant } from "@enrollkit/core";
import { sql } from "kysely";
import { outcomes, type RecordedOutcome } from "../storage/tables.js";
import type { Storage } from "../storage/storage.js";

/** How far a run has come, over all its workers. */
export interface RunProgress {
  readonly name: string;
  /** Undefined until the whole input has been planned. */
  readonly rows: number | undefined;
  readonly startedAt: IsoInstant;
  /** Rows by how far they have come. */
  readonly counts: Readonly<Record<RecordedOutcome, number>>;
  /** Workers whose lease holds and who have rows of it under way. */
  readonly workers: number;
}

interface CountRow {
  readonly id: number;
  readonly name: string;
  readonly rows: number | null;
  readonly startedAt: IsoInstant;
  readonly outcome: RecordedOutcome | null;
  readonly count: number;
  readonly workers: number;
}

/** @returns the newest first. */
export const findProgress = async (storage: Storage, name?: string): Promise<readonly RunProgress[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<CountRow>`
      SELECT runs.id, runs.name, runs.rows, runs.started_at AS "startedAt", n.outcome,
          COALESCE(n.count, 0)::bigint AS count, (
            SELECT count(DISTINCT w.id) FROM records r JOIN workers w ON w.id = r.worker_id
              WHERE r.run_id = runs.id AND r.outcome = 'sending' AND w.lease_until > clock_timestamp()
          ) AS workers
        FROM runs LEFT JOIN (
          SELECT run_id, outcome, count(*) AS count FROM records GROUP BY run_id, outcome
        ) n ON n.run_id = runs.id
        WHERE ${name === undefined ? sql`true` : sql`runs.name = ${name}`}
        ORDER BY runs.id DESC`.execute(db),
  );
  const runs = new Map<number, RunProgress>();
  const none = Object.fromEntries(outcomes.map((outcome) => [outcome, 0])) as RunProgress["counts"];
  for (const { id, name: run, rows: planned, startedAt, outcome, count, workers } of rows) {
    const known = runs.get(id) ?? { name: run, rows: planned ?? undefined, startedAt, counts: none, workers };
    runs.set(id, {
      ...known,
      counts: outcome === null ? known.counts : { ...known.counts, [outcome]: count },
    });
  }
  return [...runs.values()];
};
