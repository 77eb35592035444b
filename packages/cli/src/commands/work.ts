import type { WorkEvent } from "@enrollkit/ledger";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withLedger } from "../ledger-session.js";
import { explainRow } from "../output/failure.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";
import { createProviderGate } from "./preflight.js";

export interface WorkCommandOptions extends LedgerFileOptions {
  readonly concurrency: number;
  readonly untilEmpty?: true;
}

const jobWords = {
  "job-taken": "taken",
  "job-done": "done",
  "job-later": "given back, some of its rows are to be tried again",
} as const;

const eventWords = (event: WorkEvent): string => {
  if (event.kind === "lease-lost") return "the lease is lost: others may have taken over; starting anew";
  if (event.kind === "database-lost") return `the database is lost: ${explainRow(event.error)}`;
  const { first, last } = event.job;
  return `${jobWords[event.kind]}: run ${event.run}, rows ${first + 1} to ${last + 1} at most`;
};

/** `enrollkit work`: does what was left to workers, until it is stopped. */
export const work = (terminal: Terminal, options: WorkCommandOptions): Promise<ExitCode> =>
  withLedger(terminal, options, async ({ ledger }) => {
    const { service } = await openSession(terminal, options, ledger);
    const { signal, stderr } = terminal;
    // A worker whose credentials are wrong would fail every row that it takes from the others.
    const refuseBroken = createProviderGate(service, signal);
    for (const name of service.names) await refuseBroken(name);
    let done = 0;
    const onEvent = (event: WorkEvent) => {
      if (event.kind === "job-done") done += 1;
      writeLine(stderr, options.json ? JSON.stringify(event) : eventWords(event));
    };
    const { concurrency, untilEmpty } = options;
    await ledger.work({ service, concurrency, until: untilEmpty ? "empty" : "stopped", signal, onEvent });
    printResult(terminal, options, { jobsDone: done }, () => `jobs done: ${done}`);
    return exitCodes.done;
  });
