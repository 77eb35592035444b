import { EnrollmentError, type EnrollmentRequest } from "@enrollkit/core";
import type { Ledger, RunProgress, SubmitOptions } from "@enrollkit/ledger";
import type { InputFile } from "../input/read-input.js";
import { createRowPlaces, type RowPlaces } from "../output/row-places.js";
import { UsageError } from "../output/usage-error.js";
import { openSession, type Session } from "../session.js";
import { writeLine, type Terminal } from "../terminal.js";
import type { BulkCommandOptions } from "./bulk-options.js";
import { createProviderGate, survey } from "./preflight.js";

export interface RunCommandOptions extends BulkCommandOptions {
  readonly run: string;
}

/** A run whose input has been read and whose providers work. */
export interface PreparedRun {
  readonly session: Session;
  readonly places: RowPlaces;
  readonly rows: number;
  /** How far earlier starts have come; undefined if there was none. */
  readonly before: RunProgress | undefined;
  readonly submit: SubmitOptions;
}

const findRun = async (ledger: Ledger, name: string): Promise<RunProgress | undefined> => {
  try {
    return await ledger.progress(name);
  } catch (error) {
    if (EnrollmentError.is(error) && error.code === "not-found") return undefined;
    throw error;
  }
};

/** Rows of which nobody knows what became; what a worker that lives is sending is not among them. */
const inDoubt = ({ counts, workers }: RunProgress): number =>
  (workers === 0 ? counts.sending : 0) + counts["in-doubt"] + counts.unknown;

/** Reads the whole input, and asks the vendors whether the config works, before anything is recorded. */
export const prepareRun = async (
  terminal: Terminal,
  ledger: Ledger,
  input: InputFile,
  { run, provider, onUnsupported, ...options }: RunCommandOptions,
): Promise<PreparedRun> => {
  const session = await openSession(terminal, options, ledger);
  const { service } = session;
  if (provider !== undefined) service.provider(provider);
  const places = createRowPlaces(input);
  const refuseBroken = createProviderGate(service, terminal.signal);
  const seen = await survey(input, service, provider, places);
  for (const name of seen?.providers ?? []) await refuseBroken(name);
  const before = await findRun(ledger, run);
  const doubts = before === undefined ? 0 : inDoubt(before);
  if (doubts > 0) {
    writeLine(terminal.stderr, `rows in doubt from an earlier start: ${doubts}; their vendor is asked first`);
  }
  const requests = async function* () {
    for await (const { value } of input.rows()) yield value as EnrollmentRequest;
  };
  const { signal } = terminal;
  return {
    session,
    places,
    rows: seen?.rows ?? 0,
    before,
    submit: { name: run, requests, service, provider, onUnsupported, signal },
  };
};

const changedRows = /changed rows: (\d+(?:, \d+)*)/;

/** What the ledger says of an input that has changed, in lines of the file. */
export const inLines = (error: unknown, { name }: InputFile, places: RowPlaces): unknown => {
  if (!EnrollmentError.is(error) || error.code !== "failed-precondition" || error.path !== "run")
    return error;
  const message = error.message.replace(changedRows, (_, rows: string) => {
    const lines = rows.split(", ").map((row) => places.lineOf(Number(row) - 1));
    return `changed lines: ${lines.join(", ")}`;
  });
  return new UsageError(`${name}: ${message}`, error.advice);
};
