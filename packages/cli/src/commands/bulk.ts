import { resolve } from "node:path";
import { createRequestValidator, EnrollmentError, type EnrollmentRequest } from "@enrollkit/core";
import { enrollmentColumns } from "../input/columns.js";
import { openInput, type InputFile } from "../input/read-input.js";
import {
  createBulkReport,
  dryRunData,
  dryRunTable,
  exitCodeFor,
  failureLines,
  listedFailures,
  runTable,
  type BulkReport,
} from "../output/bulk-report.js";
import { outcomeLine } from "../output/outcome-line.js";
import { createProgressDisplay } from "../output/progress.js";
import { createRowPlaces } from "../output/row-places.js";
import { isSameFile, openSecretFile, refuseExisting } from "../output/secret-file.js";
import { UsageError } from "../output/usage-error.js";
import { openSession, type Session } from "../session.js";
import type { BulkCommandOptions } from "./bulk-options.js";
import { printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";
import { createProviderGate, providerOf, survey } from "./preflight.js";

/** Holds every row against what its vendor can do, and calls nobody. */
const dryRun = async (
  terminal: Terminal,
  input: InputFile,
  { service }: Session,
  options: BulkCommandOptions,
): Promise<ExitCode> => {
  const { provider, onUnsupported } = options;
  const { clock, stderr } = terminal;
  const validate = createRequestValidator((request) => service.providerFor(request, { provider }), {
    onUnsupported,
    ...(clock !== undefined && { clock }),
  });
  const report = createBulkReport();
  const places = createRowPlaces(input);
  for await (const { line, value } of input.rows()) {
    const index = report.rows;
    places.add(line);
    try {
      report.succeeded(validate(value, index).name);
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      report.failed("failed", error, places.failure(index, value["key"], error));
    }
  }
  const summary = report.summary(() => 0);
  if (!options.json) for (const line of failureLines(summary.failures)) writeLine(stderr, line);
  printResult(terminal, options, dryRunData(summary), () => dryRunTable(summary));
  return exitCodeFor(summary);
};

/** Sends every row, and writes an outcome for each as soon as it is known. */
const send = async (
  terminal: Terminal,
  input: InputFile,
  { service }: Session,
  options: BulkCommandOptions & { readonly output: string },
  report: BulkReport,
): Promise<void> => {
  const { provider, onUnsupported, concurrency, overwrite } = options;
  const { clock, folder, signal } = terminal;
  const path = resolve(folder, options.output);
  const refuseBroken = createProviderGate(service, signal);
  const seen = await survey(input, service, provider);
  for (const name of seen?.providers ?? []) await refuseBroken(name);

  const places = createRowPlaces(input);
  const requests = async function* () {
    for await (const { line, value } of input.rows()) {
      const name = providerOf(service, value, provider);
      if (name !== undefined) await refuseBroken(name);
      places.add(line);
      yield value as EnrollmentRequest;
    }
  };
  const output = await openSecretFile(path, overwrite);
  const progress = createProgressDisplay(terminal, seen?.rows);
  try {
    const outcomes = service.createMany(requests(), {
      provider,
      onUnsupported,
      concurrency,
      signal,
      clock,
      total: seen?.rows,
      onProgress: (each) => {
        progress.update(each);
      },
    });
    for await (const outcome of outcomes) {
      const { index, key, status } = outcome;
      await output.write(`${outcomeLine(outcome, { line: places.lineOf(index) })}\n`);
      if (status === "created") report.succeeded(outcome.enrollment.provider);
      else report.failed(status, outcome.error, places.failure(index, key, outcome.error));
    }
  } finally {
    progress.stop();
    await output.close();
  }
};

const outputPath = ({ output }: BulkCommandOptions, { name, path }: InputFile): string =>
  output ?? (path === undefined ? "outcomes.jsonl" : `${name.replace(/\.[^./\\]+$/, "")}.outcomes.jsonl`);

const refuseInput = async (output: string, outputFile: string, inputFile: string | undefined) => {
  if (inputFile === undefined || !(await isSameFile(outputFile, inputFile))) return;
  throw new UsageError(`${output} is the input itself`, "name another file with --output");
};

/** `enrollkit bulk`: an enrollment for each row of a file, and an outcome for each in a file of its own. */
export const bulk = async (
  terminal: Terminal,
  path: string,
  options: BulkCommandOptions,
): Promise<ExitCode> => {
  const input = openInput(path, options.format, enrollmentColumns, terminal);
  const { run, queue } = options;
  if (queue && run === undefined) {
    throw new UsageError("--queue leaves a run to workers, and the run has no name", "name it with --run");
  }
  const output = outputPath(options, input);
  const outputFile = resolve(terminal.folder, output);
  if (run !== undefined && !options.dryRun) {
    if (input.path === undefined) {
      throw new UsageError(
        "a run reads its input more than once",
        "give it a file instead of standard input",
      );
    }
    if (queue) return (await import("./queue.js")).queueRun(terminal, input, { ...options, run });
    await refuseInput(output, outputFile, input.path);
    return (await import("./bulk-run.js")).bulkRun(terminal, input, { ...options, run, output });
  }
  const session = await openSession(terminal, options);
  if (options.provider !== undefined) session.service.provider(options.provider);
  if (options.dryRun) return dryRun(terminal, input, session, options);

  await refuseInput(output, outputFile, input.path);
  await refuseExisting(outputFile, options.overwrite);
  const report = createBulkReport();
  const finish = (): ExitCode => {
    const summary = report.summary((name) => session.callsTo(name));
    if (!options.json) {
      for (const line of failureLines(summary.failures, listedFailures)) writeLine(terminal.stderr, line);
    }
    printResult(terminal, options, { ...summary, output }, () =>
      [runTable(summary), "", `outcomes, with their secrets: ${output} (only you can read it)`].join("\n"),
    );
    return exitCodeFor(summary);
  };
  try {
    await send(terminal, input, session, { ...options, output }, report);
  } catch (error) {
    if (report.rows > 0) finish();
    if (report.rows > 0 || terminal.signal?.aborted) {
      writeLine(terminal.stderr, `rows done before the run ended: ${report.rows}`);
    }
    throw error;
  }
  return finish();
};
