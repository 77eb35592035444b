import type { RunProgress } from "@enrollkit/ledger";
import { counted } from "./counted.js";
import type { Pace } from "./pace.js";
import { speedWords } from "./progress.js";
import { table } from "./table.js";

/** Rows that nobody has to do anything about any more. */
export const settledRows = ({ counts }: RunProgress): number =>
  counts.created + counts.failed + counts.unknown + counts["set-aside"];

/** Whether every row of it is settled. */
export const isOver = (run: RunProgress): boolean => run.rows !== undefined && settledRows(run) >= run.rows;

/** Whether some rows have no enrollment. */
export const hasFailures = ({ counts }: RunProgress): boolean =>
  counts.failed + counts.unknown + counts["set-aside"] > 0;

/** Runs as a table, a row for each. */
export const runsTable = (runs: readonly RunProgress[]): string =>
  table(
    [
      "RUN",
      "ROWS",
      "CREATED",
      "FAILED",
      "SET ASIDE",
      "UNKNOWN",
      "IN DOUBT",
      "SENDING",
      "PLANNED",
      "WORKERS",
      "STARTED",
    ],
    runs.map(({ name, rows, counts, workers, startedAt }) => [
      name,
      rows ?? "being read",
      counts.created,
      counts.failed,
      counts["set-aside"],
      counts.unknown,
      counts["in-doubt"],
      counts.sending,
      counts.planned,
      workers,
      startedAt,
    ]),
  );

/** How far a run is, in a line. */
export const runWords = (run: RunProgress, pace: Pace): string => {
  const { name, rows, counts, workers } = run;
  const failed = counts.failed + counts["set-aside"];
  const doubts = counts.unknown + counts["in-doubt"];
  return [
    `${name}: ${settledRows(run)} of ${rows ?? "…"} rows`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(doubts > 0 ? [`${doubts} unknown`] : []),
    ...(isOver(run) ? [] : [counted(workers, "worker")]),
    ...speedWords(pace),
  ].join(", ");
};
