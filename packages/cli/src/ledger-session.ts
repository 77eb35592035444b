import { EnrollmentError } from "@enrollkit/core";
import type { Ledger } from "@enrollkit/ledger";
import {
  inSettingsOf,
  isLedgerConfigured,
  readLedgerFile,
  type LedgerFileOptions,
} from "./input/ledger-settings.js";
import type { Terminal } from "./terminal.js";

/** A ledger that is open while a command works. */
export interface OpenedLedger {
  readonly ledger: Ledger;
  /** Whether secrets are kept in it, sealed. */
  readonly hasKey: boolean;
}

/**
 * Opens the ledger for the time of some work.
 *
 * @throws UsageError without settings; EnrollmentError if they are wrong, or as `openLedger` does.
 */
export const withLedger = async <Result>(
  terminal: Terminal,
  options: LedgerFileOptions,
  work: (opened: OpenedLedger) => Promise<Result>,
): Promise<Result> => {
  const { path, settings } = readLedgerFile(terminal, options);
  const { openLedger } = await import("@enrollkit/ledger");
  const { clock } = terminal;
  let ledger: Ledger;
  try {
    ledger = await openLedger({ ...settings, ...(clock !== undefined && { clock }) });
  } catch (error) {
    throw inSettingsOf(path, error);
  }
  try {
    return await work({ ledger, hasKey: (settings.keys ?? []).length > 0 });
  } finally {
    await ledger.close();
  }
};

/** @throws EnrollmentError `failed-precondition` that says what to do. */
export const refuseWithoutKey = ({ hasKey }: OpenedLedger): void => {
  if (hasKey) return;
  throw new EnrollmentError("the ledger keeps no secrets: it has no key", {
    code: "failed-precondition",
    path: "keys",
    advice: "the files that `bulk`, `create` and `renew` wrote have them; with a key it keeps those to come",
  });
};

/** The same for work that can do without: it is handed no ledger if none is configured. */
export const withAnyLedger = <Result>(
  terminal: Terminal,
  options: LedgerFileOptions,
  work: (opened: Partial<OpenedLedger>) => Promise<Result>,
): Promise<Result> =>
  isLedgerConfigured(terminal, options) ? withLedger(terminal, options, work) : work({});
