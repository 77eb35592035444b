import { resolve } from "node:path";
import { systemClock, type EnrollmentOutcome } from "@enrollkit/core";
import type { CapturedMigration, MigrationRun } from "@enrollkit/ledger";
import { migrationTermsOf, type MigrationTermsOptions } from "../input/migration-terms.js";
import { withLedger } from "../ledger-session.js";
import { listedFailures } from "../output/bulk-report.js";
import { explainRow } from "../output/failure.js";
import { reportWords } from "../output/migration-words.js";
import { outcomeLine } from "../output/outcome-line.js";
import { createPace } from "../output/pace.js";
import { createProgressDisplay, type ProgressDisplay } from "../output/progress.js";
import { openRunFile, type RunFile } from "../output/run-file.js";
import { settledRows } from "../output/run-words.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";
import { finishRunFile, lostSecrets } from "./finished-run-file.js";
import { createProviderGate } from "./preflight.js";

export interface MigrateRunOptions extends MigrationTermsOptions {
  readonly name: string;
  readonly output?: string;
  readonly overwrite?: true;
  readonly concurrency: number;
}

/** What is opened once it is known how many rows there are. */
interface Opened {
  readonly file: RunFile;
  readonly progress: ProgressDisplay;
}

/** Lists what did not work out, for a person; more than a screen of it is in the file. */
const failureLines = (failures: readonly string[]): readonly string[] => {
  const more = failures.length - listedFailures;
  return more > 0
    ? [...failures.slice(0, listedFailures), `… and ${more} more; the outcomes say which and why`]
    : failures;
};

const exitCodeOf = (run: MigrationRun, withoutSecrets: number): ExitCode => {
  const { failed, unknown, open, old, trackingError } = run;
  const isWell = failed + unknown + open + old["not-revoked"] + withoutSecrets === 0;
  return isWell && trackingError === undefined ? exitCodes.done : exitCodes.someFailed;
};

/** `enrollkit migrate run`: moves what is live at one provider to another; killed, and started again, it goes on. */
export const migrateRun = async (terminal: Terminal, options: MigrateRunOptions): Promise<ExitCode> => {
  const { name, concurrency, overwrite = false, json } = options;
  const { output = `${name}.outcomes.jsonl` } = options;
  const { stderr, signal } = terminal;
  const terms = migrationTermsOf(options, terminal);
  return withLedger(terminal, options, async ({ ledger, hasKey }) => {
    const { service } = await openSession(terminal, options, ledger);
    const refuseBroken = createProviderGate(service, signal);
    let opened: Opened | undefined;
    let told = 0;
    const open = async ({ to, rows, isResumed }: CapturedMigration): Promise<Opened> => {
      await refuseBroken(to);
      const path = resolve(terminal.folder, output);
      const file = await openRunFile(path, { run: name, rows, isKnown: isResumed, overwrite });
      return { file, progress: createProgressDisplay(terminal, rows) };
    };
    const counts = { created: 0, failed: 0, unknown: 0 };
    let update = () => {};
    const hearCaptured = async (captured: CapturedMigration) => {
      opened = await open(captured);
      const { progress } = opened;
      const { rows } = captured;
      const settled = settledRows(await ledger.progress(name));
      const pace = createPace(terminal.clock ?? systemClock, rows, settled);
      update = () => {
        const done = Math.min(rows, settled + told);
        progress.update({ ...counts, read: rows, done, inFlight: 0, ...pace(done) });
      };
    };
    const deliver = async (outcomes: readonly EnrollmentOutcome[]) => {
      await opened?.file.append(outcomes.map((each) => outcomeLine(each, { run: name })));
      for (const { status } of outcomes) counts[status] += 1;
      told += outcomes.length;
      update();
    };
    try {
      const run = await ledger
        .runMigration({ ...terms, name, service, concurrency, signal, deliver, onCaptured: hearCaptured })
        .finally(() => opened?.progress.stop());
      const failures: string[] = [];
      const hear = ({ index, key, ...outcome }: EnrollmentOutcome) => {
        if (outcome.status === "created") return;
        failures.push(
          `row ${index + 1}${key === undefined ? "" : ` (${key})`}: ${explainRow(outcome.error)}`,
        );
      };
      const withoutSecrets =
        opened === undefined ? 0 : await finishRunFile(ledger, opened.file, { run: name, hear });
      if (!json) for (const line of failureLines(failures)) writeLine(stderr, line);
      if (run.trackingError !== undefined) {
        writeLine(stderr, `${run.to} was not asked who has enrolled: ${explainRow(run.trackingError)}`);
      }
      printResult(terminal, options, { ...run, withoutSecrets, output }, () =>
        [reportWords(run), "", `outcomes, with their secrets: ${output} (only you can read it)`].join("\n"),
      );
      if (withoutSecrets > 0) writeLine(stderr, lostSecrets(withoutSecrets, hasKey));
      return exitCodeOf(run, withoutSecrets);
    } catch (error) {
      if (told > 0 || signal?.aborted) {
        writeLine(stderr, `rows done before the migration ended: ${told}; the same command goes on with it`);
      }
      throw error;
    } finally {
      await opened?.file.close();
    }
  });
};
