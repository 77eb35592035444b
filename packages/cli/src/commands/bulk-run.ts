import { resolve } from "node:path";
import { systemClock, type EnrollmentOutcome } from "@enrollkit/core";
import type { Ledger } from "@enrollkit/ledger";
import type { InputFile } from "../input/read-input.js";
import { withLedger, type OpenedLedger } from "../ledger-session.js";
import {
  createBulkReport,
  exitCodeFor,
  failureLines,
  listedFailures,
  runTable,
  type BulkReport,
} from "../output/bulk-report.js";
import { counted } from "../output/counted.js";
import { outcomeLine } from "../output/outcome-line.js";
import { createPace } from "../output/pace.js";
import { createProgressDisplay } from "../output/progress.js";
import type { RowPlaces } from "../output/row-places.js";
import { openRunFile, type RunFile } from "../output/run-file.js";
import { settledRows } from "../output/run-words.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";
import { finishRunFile, lostSecrets } from "./finished-run-file.js";
import { inLines, prepareRun, type PreparedRun, type RunCommandOptions } from "./prepared-run.js";

interface BulkRunOptions extends RunCommandOptions {
  readonly output: string;
}

const addTo = (report: BulkReport, places: RowPlaces, outcome: EnrollmentOutcome): void => {
  const { index, key, status } = outcome;
  if (status === "created") report.succeeded(outcome.enrollment.provider);
  else report.failed(status, outcome.error, places.failure(index, key, outcome.error));
};

/** Executes the run; each outcome is in the file before the ledger counts its row as done. */
const execute = async (
  terminal: Terminal,
  ledger: Ledger,
  { submit, places, rows, before }: PreparedRun,
  file: RunFile,
  { run, concurrency }: BulkRunOptions,
  report: BulkReport,
): Promise<{ readonly own: number }> => {
  const settled = before === undefined ? 0 : settledRows(before);
  const pace = createPace(terminal.clock ?? systemClock, rows, settled);
  const progress = createProgressDisplay(terminal, rows);
  const own = new Uint8Array(rows);
  const counts = { created: 0, failed: 0, unknown: 0 };
  try {
    await ledger.run({
      ...submit,
      concurrency,
      deliver: async (outcomes) => {
        await file.append(
          outcomes.map((each) => outcomeLine(each, { run, line: places.lineOf(each.index) })),
        );
        for (const outcome of outcomes) {
          own[outcome.index] = 1;
          counts[outcome.status] += 1;
          addTo(report, places, outcome);
        }
        const done = Math.min(rows, settled + report.rows);
        progress.update({ ...counts, read: rows, done, inFlight: 0, ...pace(done) });
      },
    });
  } finally {
    progress.stop();
  }
  return { own: own.reduce((sum, each) => sum + each, 0) };
};

/** Leaves one line for each row in the file, and counts them. */
const finish = async (
  ledger: Ledger,
  { places }: PreparedRun,
  file: RunFile,
  { run }: BulkRunOptions,
): Promise<{ readonly report: BulkReport; readonly withoutSecrets: number }> => {
  const report = createBulkReport();
  const withoutSecrets = await finishRunFile(ledger, file, {
    run,
    lineOf: (index) => places.lineOf(index),
    hear: (outcome) => {
      addTo(report, places, outcome);
    },
  });
  return { report, withoutSecrets };
};

/** `enrollkit bulk --run`: the same as without, except that it can be killed at any time and started again. */
export const bulkRun = (terminal: Terminal, input: InputFile, options: BulkRunOptions): Promise<ExitCode> =>
  withLedger(terminal, options, async ({ ledger, hasKey }: OpenedLedger) => {
    const { run, output, overwrite = false, json } = options;
    const { stderr } = terminal;
    const prepared = await prepareRun(terminal, ledger, input, options);
    const { rows, before, places, session } = prepared;
    const isKnown = before !== undefined;
    const file = await openRunFile(resolve(terminal.folder, output), { run, rows, isKnown, overwrite });
    const print = (
      report: BulkReport,
      withoutSecrets: number,
      remark: string,
      earlier?: number,
    ): ExitCode => {
      const summary = report.summary((name) => session.callsTo(name));
      if (!json) for (const line of failureLines(summary.failures, listedFailures)) writeLine(stderr, line);
      const data = { run, rows, earlier, ...summary, withoutSecrets, output };
      printResult(terminal, options, data, () =>
        [
          runTable(summary),
          "",
          remark,
          `outcomes, with their secrets: ${output} (only you can read it)`,
        ].join("\n"),
      );
      if (withoutSecrets === 0) return exitCodeFor(summary);
      writeLine(stderr, lostSecrets(withoutSecrets, hasKey));
      return exitCodes.someFailed;
    };
    const report = createBulkReport();
    try {
      const { own } = await execute(terminal, ledger, prepared, file, options, report);
      const finished = await finish(ledger, prepared, file, options);
      const earlier = rows - own;
      const remark = `run ${run}: ${counted(rows, "row")}, ${earlier} of them done before this start or by other processes`;
      return print(finished.report, finished.withoutSecrets, remark, earlier);
    } catch (error) {
      if (report.rows > 0) print(report, 0, `run ${run}: the rows of this start; it is not over`);
      if (report.rows > 0 || terminal.signal?.aborted) {
        writeLine(stderr, `rows done before the run ended: ${report.rows}; the same command goes on with it`);
      }
      throw inLines(error, input, places);
    } finally {
      await file.close();
    }
  });
