import { sql } from "kysely";
import { openRequest, requestContext, type Vault } from "../records/vault.js";
import type { Storage } from "../storage/storage.js";
import type { DoubtfulRow } from "./doubts.js";
import type { SentRow } from "./recorder.js";

/** Rows of a run whose requests are stored with it. */
export interface StoredRange {
  readonly runId: number;
  readonly first: number;
  readonly last: number;
}

interface StoredRow {
  readonly id: number;
  readonly position: number;
  readonly tries: number;
  readonly key: string;
  readonly sealed: string;
}

const chunkSize = 1000;

const toSentRow = (
  runId: number,
  vault: Vault,
  { id, position, tries, key, sealed }: StoredRow,
): SentRow => ({
  id,
  position,
  tries,
  request: { ...openRequest(sealed, requestContext(runId, position), vault), key },
});

/** The rows of a range that are planned, chunk by chunk. */
export async function* storedRows(
  storage: Storage,
  vault: Vault,
  { runId, first, last }: StoredRange,
): AsyncGenerator<readonly SentRow[], void, void> {
  for (let from = first; from <= last;) {
    const { rows } = await storage.repeatable((db) =>
      sql<StoredRow>`
        SELECT id, position, tries, key, sealed_request AS sealed FROM records
          WHERE run_id = ${runId} AND position BETWEEN ${from} AND ${last}
            AND outcome = 'planned' AND sealed_request IS NOT NULL
          ORDER BY position LIMIT ${chunkSize}`.execute(db),
    );
    if (rows.length === 0) return;
    yield rows.map((row) => toSentRow(runId, vault, row));
    from = (rows.at(-1)?.position ?? last) + 1;
  }
}

/** The requests of some rows, by the rows' ids; those that were erased are missing. */
export const storedRequests =
  (storage: Storage, vault: Vault, runId: number) =>
  async (doubtful: readonly DoubtfulRow[]): Promise<ReadonlyMap<number, SentRow>> => {
    const ids = JSON.stringify(doubtful.map(({ id }) => id));
    const { rows } = await storage.repeatable((db) =>
      sql<StoredRow>`
        SELECT id, position, tries, key, sealed_request AS sealed FROM records
          WHERE id IN (SELECT jsonb_array_elements_text(${ids}::jsonb)::bigint)
            AND sealed_request IS NOT NULL`.execute(db),
    );
    return new Map(rows.map((row) => [row.id, toSentRow(runId, vault, row)]));
  };
