import { resolve } from "node:path";
import {
  createRequestValidator,
  EnrollmentError,
  revealEnrollment,
  type EnrollmentOutcome,
  type EnrollmentRequest,
  type EnrollmentService,
} from "@enrollkit/core";
import { columnFor, enrollmentColumns } from "../input/columns.js";
import { openInput, type InputFile } from "../input/read-input.js";
import { explainRow, UsageError } from "../output/failure.js";
import { createProgressDisplay } from "../output/progress.js";
import { createSecretFile } from "../output/secret-file.js";
import { openSession, type Session } from "../session.js";
import {
  exitCodes,
  printResult,
  writeLine,
  type ExitCode,
  type GlobalOptions,
  type Terminal,
} from "../terminal.js";
import { createBulkReport, reportWords, type BulkReport } from "../output/bulk-report.js";

export interface BulkCommandOptions extends GlobalOptions {
  readonly format?: "csv" | "jsonl";
  readonly output?: string;
  readonly overwrite?: true;
  readonly provider?: string;
  readonly concurrency?: number;
  readonly onUnsupported?: "reject" | "warn";
  readonly dryRun?: true;
}

/** What a first look at the input tells. */
interface Survey {
  readonly rows: number;
  /** The providers that rows go to. */
  readonly providers: ReadonlySet<string>;
}

/** Reads the whole file once before anything is sent, so that a broken line 5,000 stops nothing half-way. */
const survey = async (
  input: InputFile,
  service: EnrollmentService,
  provider: string | undefined,
): Promise<Survey | undefined> => {
  if (!input.isFile) return undefined;
  const providers = new Set<string>();
  let rows = 0;
  for await (const { value } of input.rows()) {
    rows += 1;
    const { profile } = value;
    try {
      providers.add(service.providerFor(typeof profile === "string" ? { profile } : {}, { provider }).name);
    } catch (error) {
      // Such a row fails by itself when its turn comes.
      if (!EnrollmentError.is(error)) throw error;
    }
  }
  if (rows === 0)
    throw new UsageError(
      `${input.name} has no rows`,
      "put one row for each device or person under the heading",
    );
  return { rows, providers };
};

/** A vendor that refuses the credentials would refuse every row: better to say so once, before the first. */
const refuseBrokenProviders = async (
  service: EnrollmentService,
  names: Iterable<string>,
  signal?: AbortSignal,
) => {
  for (const name of names) {
    const [report] = await service.check({ provider: name, signal });
    const failed = report?.findings.find(({ status }) => status === "failed");
    if (failed === undefined) continue;
    throw new EnrollmentError(`the check of ${name} failed: ${failed.message}`, {
      code: "failed-precondition",
      provider: name,
      advice: "nothing was sent; `enrollkit check` shows every finding",
    });
  }
};

/** The outcome as a line of the output file, its secrets in clear text. */
const outcomeLine = (outcome: EnrollmentOutcome, line: number): string => {
  const { key, index, status } = outcome;
  const position = { key, index, line, status };
  return JSON.stringify(
    outcome.status === "created"
      ? { ...position, enrollment: revealEnrollment(outcome.enrollment) }
      : { ...position, error: outcome.error, advice: explainRow(outcome.error) },
  );
};

/** Where in the input a failure lies, in the words of the input's own format. */
const placeOf = (input: InputFile, line: number, { path }: EnrollmentError): string => {
  const field = path?.replace(/^requests\[\d+\]\.?/, "") ?? "";
  if (field === "") return `line ${line}`;
  return `line ${line}, ${input.isCsv ? `column ${columnFor(field)}` : field}`;
};

const dryRun = async (
  input: InputFile,
  service: EnrollmentService,
  { provider, onUnsupported }: BulkCommandOptions,
  report: BulkReport,
): Promise<void> => {
  const validate = createRequestValidator((request) => service.providerFor(request, { provider }), {
    onUnsupported,
  });
  let index = 0;
  for await (const { line, value } of input.rows()) {
    const request = value as EnrollmentRequest;
    try {
      report.valid(validate(request, index).name);
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      report.failed(placeOf(input, line, error), request.key, error);
    }
    index += 1;
  }
};

const run = async (
  terminal: Terminal,
  input: InputFile,
  { service }: Session,
  options: BulkCommandOptions,
  total: number | undefined,
  report: BulkReport,
): Promise<void> => {
  const { provider, onUnsupported, concurrency, overwrite } = options;
  const output = await createSecretFile(resolve(terminal.folder, outputPath(options, input)), overwrite);
  const progress = createProgressDisplay(terminal, total);
  const lines = new Map<number, number>();
  const requests = async function* () {
    let index = 0;
    for await (const { line, value } of input.rows()) {
      lines.set(index++, line);
      yield value as EnrollmentRequest;
    }
  };
  try {
    for await (const outcome of service.createMany(requests(), {
      provider,
      onUnsupported,
      concurrency,
      signal: terminal.signal,
      onProgress: (each) => {
        progress.update(each);
      },
    })) {
      const line = lines.get(outcome.index) ?? 0;
      lines.delete(outcome.index);
      await output.writeLine(outcomeLine(outcome, line));
      if (outcome.status === "created") report.created(outcome.enrollment);
      else report.failed(placeOf(input, line, outcome.error), outcome.key, outcome.error, outcome.status);
    }
  } finally {
    progress.stop();
    await output.close();
  }
};

const outputPath = ({ output }: BulkCommandOptions, { name, isFile }: InputFile): string =>
  output ?? (isFile ? `${name.replace(/\.[^./]+$/, "")}.outcomes.jsonl` : "outcomes.jsonl");

/** `enrollkit bulk`: an enrollment for each row of a file, and an outcome for each in a file of its own. */
export const bulk = async (
  terminal: Terminal,
  path: string,
  options: BulkCommandOptions,
): Promise<ExitCode> => {
  const input = openInput(path, options.format, enrollmentColumns, terminal);
  const session = await openSession(terminal, options);
  const { service } = session;
  const seen = await survey(input, service, options.provider);
  const report = createBulkReport();
  if (options.dryRun) {
    await dryRun(input, service, options, report);
  } else {
    await refuseBrokenProviders(service, seen?.providers ?? service.names, terminal.signal);
    await run(terminal, input, session, options, seen?.rows, report);
  }

  const summary = report.summary((name) => session.callsTo(name));
  const file = options.dryRun ? undefined : outputPath(options, input);
  for (const line of reportWords.failures(summary)) writeLine(terminal.stderr, line);
  printResult(terminal, options, { ...summary, ...(file !== undefined && { output: file }) }, () =>
    [
      reportWords.table(summary),
      ...(file === undefined ? [] : ["", `outcomes, with their secrets: ${file} (only you can read it)`]),
    ].join("\n"),
  );
  return summary.failures.length === 0 ? exitCodes.done : exitCodes.someFailed;
};
