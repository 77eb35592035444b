import {
  durationFrom,
  parseDuration,
  parseInstant,
  quote,
  systemClock,
  toIsoInstant,
  type IsoInstant,
} from "@enrollkit/core";
import { readDuration } from "../input/duration.js";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withLedger } from "../ledger-session.js";
import { counted } from "../output/counted.js";
import { UsageError } from "../output/usage-error.js";
import { exitCodes, printResult, type ExitCode, type Terminal } from "../terminal.js";

export interface PurgeOptions extends LedgerFileOptions {
  readonly before?: string;
  readonly olderThan?: string;
  readonly run?: string;
  readonly dryRun?: true;
}

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;

const instantOf = (text: string): IsoInstant => {
  try {
    const whole = dateOnly.test(text) ? `${text}T00:00:00Z` : text;
    parseInstant(whole);
    return whole as IsoInstant;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `--before ${quote(text)} is neither a date nor an instant`,
      "write 2026-09-21, which begins at midnight UTC, or 2026-09-21T10:15:30Z",
    );
  }
};

const limitOf = ({ clock = systemClock }: Terminal, { before, olderThan }: PurgeOptions): IsoInstant => {
  if (before !== undefined) return instantOf(before);
  if (olderThan === undefined) {
    throw new UsageError("how old is old enough is not said", "give --before or --older-than");
  }
  const age = parseDuration(readDuration(olderThan, "--older-than")).negate();
  const now = clock.now();
  return toIsoInstant(now + durationFrom(age, now));
};

/** `enrollkit ledger purge`: deletes what is over and done with. */
export const ledgerPurge = async (terminal: Terminal, options: PurgeOptions): Promise<ExitCode> => {
  const before = limitOf(terminal, options);
  return withLedger(terminal, options, async ({ ledger }) => {
    const { run, dryRun = false } = options;
    const { records, runs } = await ledger.purge({ before, filter: { run }, dryRun });
    printResult(terminal, options, { before, dryRun, records, runs }, () => {
      const words = `${counted(records, "record")} and ${counted(runs, "run")}, unchanged since ${before}`;
      return dryRun ? `would delete: ${words}; nothing was deleted` : `deleted: ${words}`;
    });
    return exitCodes.done;
  });
};
