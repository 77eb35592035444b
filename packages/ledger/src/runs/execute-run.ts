import type { EnrollmentRequest } from "@enrollkit/core";
import { sql } from "kysely";
import { settleDoubts, type DoubtfulRow, type DoubtParts } from "./doubts.js";
import { doubtAgain } from "./doubt-again.js";
import { inChunks } from "./in-chunks.js";
import { keyOfRow, planRun, type RowSource } from "./plan.js";
import { findRows } from "./planned-rows.js";
import type { SentRow } from "./recorder.js";
import { refusalsOf } from "./refusals.js";
import type { Run } from "./run.js";
import { sendRows } from "./send-rows.js";
import { setAside } from "./set-aside.js";

const chunkSize = 1000;
/** Milliseconds between two looks at rows that other workers have. */
const pause = 500;
/** Milliseconds until a vendor that could not be asked is asked again. */
const outage = 5000;

/** What rows are executed with, wherever they come from. */
export type ExecuteParts = Omit<DoubtParts, "requestsOf" | "runId" | "range">;

const toSentRow = (
  run: Run,
  request: EnrollmentRequest,
  { id, position, tries }: Pick<SentRow, "id" | "position" | "tries">,
): SentRow => ({
  id,
  position,
  tries,
  request: { ...request, key: keyOfRow(run, position, request) },
});

/** The rows of the source that are planned at the moment when their turn comes. */
const plannedRows = async function* (
  { storage }: ExecuteParts,
  run: Run,
  source: RowSource,
): AsyncGenerator<readonly SentRow[], void, void> {
  let first = 0;
  for await (const requests of inChunks(source(), chunkSize)) {
    const rows = await findRows(storage, run.id, first, requests.length);
    const planned: SentRow[] = [];
    for (const [place, request] of requests.entries()) {
      const row = rows.get(first + place);
      if (row?.outcome === "planned") planned.push(toSentRow(run, request, row));
    }
    first += requests.length;
    if (planned.length > 0) yield planned;
  }
};

const requestsFrom =
  (run: Run, source: RowSource) =>
  async (rows: readonly DoubtfulRow[]): Promise<ReadonlyMap<number, SentRow>> => {
    const wanted = new Map(rows.map((row) => [row.position, row]));
    const found = new Map<number, SentRow>();
    let position = 0;
    for await (const request of source()) {
      const row = wanted.get(position);
      if (row !== undefined) found.set(row.id, toSentRow(run, request, { ...row, tries: 0 }));
      position += 1;
      if (found.size === wanted.size) break;
    }
    return found;
  };

/** Whether rows are left that somebody has to do something about. */
const findOpen = async ({ storage }: ExecuteParts, run: Pick<Run, "id">) => {
  const { rows } = await storage.repeatable((db) =>
    sql<{ outcome: string }>`
      SELECT DISTINCT outcome FROM records
        WHERE run_id = ${run.id} AND outcome IN ('planned', 'sending', 'in-doubt')`.execute(db),
  );
  return rows.map(({ outcome }) => outcome);
};

/** Where the rows of a run come from. */
export interface RowAccess {
  /** The rows that are planned at the moment when their turn comes. */
  readonly planned: () => AsyncIterable<readonly SentRow[]>;
  readonly requestsOf: DoubtParts["requestsOf"];
}

/** Executes rows that are planned: what is in doubt is asked about first, the rest is sent, until all are settled. */
export const executeRows = async (
  parts: ExecuteParts,
  run: Run,
  { planned, requestsOf }: RowAccess,
): Promise<void> => {
  const { storage, lease, mostTries } = parts;
  const signal = AbortSignal.any([parts.signal, lease.signal]);
  await doubtAgain(storage, run, lease.name);
  const doubts: DoubtParts = { ...parts, signal, runId: run.id, requestsOf };
  for (;;) {
    const postponed = await settleDoubts(doubts);
    await setAside(parts, run.id, mostTries);
    await sendRows(parts, planned());
    const open = await findOpen(parts, run);
    if (open.length === 0) return;
    if (postponed > 0) await storage.clock.sleep(outage, signal);
    // Another worker has them; should it be gone, they are in doubt once its lease is over.
    else if (open.every((outcome) => outcome === "sending")) await storage.clock.sleep(pause, signal);
  }
};

/**
 * Brings a run to its end, from wherever an earlier start has left it: what is done stays done, what is in doubt is
 * asked about first, the rest is sent.
 *
 * @throws EnrollmentError `failed-precondition` if the input has changed since the run was started.
 * @throws the signal's reason after an abort; what was under way has been seen through and recorded.
 */
export const executeRun = async (parts: ExecuteParts, run: Run, source: RowSource): Promise<void> => {
  const { storage, vault, lease, choose } = parts;
  const signal = AbortSignal.any([parts.signal, lease.signal]);
  await planRun(
    { storage, vault, choose, by: lease.name, signal, refuse: refusalsOf(parts, run) },
    run,
    source,
  );
  await executeRows(parts, run, {
    planned: () => plannedRows(parts, run, source),
    requestsOf: requestsFrom(run, source),
  });
};
