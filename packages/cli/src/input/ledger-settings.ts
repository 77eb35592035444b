import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { EnrollmentError, parseInput } from "@enrollkit/core";
import { ledgerSettingsSchema, type LedgerSettings } from "@enrollkit/ledger";
import { UsageError } from "../output/usage-error.js";
import type { GlobalOptions, Terminal } from "../terminal.js";
import { readSettings } from "./settings-file.js";

/** Options of the commands that know a ledger. */
export interface LedgerFileOptions extends GlobalOptions {
  /** The file of its settings. */
  readonly ledger?: string;
}

/** A ledger's settings, and the file that they stand in. */
export interface LedgerFile {
  /** As the person knows it. */
  readonly path: string;
  readonly settings: LedgerSettings;
}

/** What to do about wrong settings that say nothing of their own. */
const advice = "`enrollkit work --help` shows what such a file holds, and --ledger names it";

/** What is wrong with settings, with the file that they stand in. */
export const inSettingsOf = (path: string, error: unknown): unknown => {
  if (!EnrollmentError.is(error) || error.code !== "invalid-config") return error;
  const message = error.message.startsWith(path) ? error.message : `${path}: ${error.message}`;
  return error.with({ message, advice: error.advice ?? advice });
};

const pathOf = ({ config, ledger }: LedgerFileOptions): string =>
  ledger ?? join(dirname(config), "enrollkit.ledger.json");

/** Whether there is a ledger to be used beside the work: the file is there, or was asked for. */
export const isLedgerConfigured = (terminal: Terminal, options: LedgerFileOptions): boolean =>
  options.ledger !== undefined || existsSync(resolve(terminal.folder, pathOf(options)));

/**
 * Reads where the ledger is kept and how. A relative folder starts at the file's own.
 *
 * @throws UsageError if there is no such file; EnrollmentError that names it, and every field at fault.
 */
export const readLedgerFile = (terminal: Terminal, options: LedgerFileOptions): LedgerFile => {
  const path = pathOf(options);
  const whole = resolve(terminal.folder, path);
  if (!existsSync(whole)) {
    throw new UsageError(
      `${path}: there is no such file; it says where the ledger is`,
      'write {"folder": "ledger"} into it, or name another with --ledger',
    );
  }
  // Checked, and not changed: the ledger reads it once more.
  const read = (raw: unknown): LedgerSettings => {
    parseInput(ledgerSettingsSchema, raw, "invalid-config");
    return raw as LedgerSettings;
  };
  let settings: LedgerSettings;
  try {
    settings = readSettings(path, terminal, read, advice);
  } catch (error) {
    throw inSettingsOf(path, error);
  }
  const { folder } = settings;
  return {
    path,
    settings: folder === undefined ? settings : { ...settings, folder: resolve(dirname(whole), folder) },
  };
};
