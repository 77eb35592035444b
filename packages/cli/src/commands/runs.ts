import { resolve } from "node:path";
import { systemClock } from "@enrollkit/core";
import type { Ledger, RunProgress } from "@enrollkit/ledger";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { refuseWithoutKey, withLedger } from "../ledger-session.js";
import { outcomeLine } from "../output/outcome-line.js";
import { createPace } from "../output/pace.js";
import { hasFailures, isOver, runsTable, runWords, settledRows } from "../output/run-words.js";
import { refuseExisting, writeSecretPieces } from "../output/secret-file.js";
import { UsageError } from "../output/usage-error.js";
import { createWatchDisplay } from "../output/watch-display.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";

export interface RunsOptions extends LedgerFileOptions {
  readonly watch?: true;
  readonly output?: string;
  readonly overwrite?: true;
}

const findRuns = async (ledger: Ledger, name: string | undefined): Promise<readonly RunProgress[]> =>
  name === undefined ? ledger.runs() : [await ledger.progress(name)];

/** Looks again and again, until nothing is left to do or the person has seen enough. */
const watch = async (
  terminal: Terminal,
  ledger: Ledger,
  name: string | undefined,
): Promise<readonly RunProgress[]> => {
  const { clock = systemClock, signal } = terminal;
  const display = createWatchDisplay(terminal);
  const paces = new Map<string, ReturnType<typeof createPace>>();
  for (;;) {
    const runs = await findRuns(ledger, name);
    const lines = runs.map((run) => {
      const pace = paces.get(run.name) ?? createPace(clock, run.rows, settledRows(run));
      // How many rows there are shows only when all have been read.
      if (run.rows !== undefined) paces.set(run.name, pace);
      return runWords(run, pace(settledRows(run)));
    });
    display.show(lines);
    if (signal?.aborted || runs.every(isOver)) return runs;
    try {
      await clock.sleep(display.interval, signal);
    } catch (error) {
      if (!signal?.aborted) throw error;
      return runs;
    }
  }
};

/** Writes the outcomes of a run, with their secrets. @returns how many rows have lost theirs. */
const writeOutcomes = async (
  terminal: Terminal,
  ledger: Ledger,
  name: string,
  output: string,
  overwrite: boolean | undefined,
): Promise<number> => {
  let withoutSecrets = 0;
  const lines = async function* () {
    for await (const outcome of ledger.outcomes(name)) {
      if (outcome.status === "created" && outcome.enrollment.artifacts.length === 0) withoutSecrets += 1;
      yield `${outcomeLine(outcome, { run: name })}\n`;
    }
  };
  await writeSecretPieces(resolve(terminal.folder, output), lines(), overwrite);
  return withoutSecrets;
};

/** `enrollkit runs`: how far runs have come, over all their workers. */
export const runs = async (
  terminal: Terminal,
  name: string | undefined,
  options: RunsOptions,
): Promise<ExitCode> => {
  const { output, overwrite } = options;
  if (output !== undefined) {
    if (name === undefined)
      throw new UsageError("--output writes the outcomes of one run", "name the run before it");
    await refuseExisting(resolve(terminal.folder, output), overwrite);
  }
  return withLedger(terminal, options, async (opened) => {
    if (output !== undefined) refuseWithoutKey(opened);
    const { ledger } = opened;
    const found = options.watch ? await watch(terminal, ledger, name) : await findRuns(ledger, name);
    let withoutSecrets = 0;
    if (output !== undefined && name !== undefined && !terminal.signal?.aborted) {
      withoutSecrets = await writeOutcomes(terminal, ledger, name, output, overwrite);
    }
    printResult(terminal, options, name === undefined ? found : found[0], () =>
      [
        found.length === 0 ? "there is no run yet" : runsTable(found),
        ...(output === undefined
          ? []
          : ["", `outcomes, with their secrets: ${output} (only you can read it)`]),
      ].join("\n"),
    );
    if (withoutSecrets > 0) {
      writeLine(
        terminal.stderr,
        `rows without their secrets: ${withoutSecrets}; they were recorded without a key`,
      );
      return exitCodes.someFailed;
    }
    if (!options.watch) return exitCodes.done;
    if (terminal.signal?.aborted) return exitCodes.stopped;
    return found.some(hasFailures) ? exitCodes.someFailed : exitCodes.done;
  });
};
