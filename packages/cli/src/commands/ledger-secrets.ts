import { resolve } from "node:path";
import { revealEnrollment } from "@enrollkit/core";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { readRecordId } from "../input/record-id.js";
import { refuseWithoutKey, withLedger } from "../ledger-session.js";
import { counted } from "../output/counted.js";
import { refuseExisting, writeSecretPieces } from "../output/secret-file.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";

export interface SecretsOptions extends LedgerFileOptions {
  readonly output: string;
  readonly overwrite?: true;
}

/** `enrollkit ledger secrets`: the enrollments of some records with the secrets that were sealed, into a file. */
export const ledgerSecrets = async (
  terminal: Terminal,
  words: readonly string[],
  options: SecretsOptions,
): Promise<ExitCode> => {
  const ids = words.map(readRecordId);
  const { output, overwrite } = options;
  const path = resolve(terminal.folder, output);
  await refuseExisting(path, overwrite);
  return withLedger(terminal, options, async (opened) => {
    refuseWithoutKey(opened);
    let written = 0;
    const lines = async function* () {
      for await (const enrollment of opened.ledger.enrollments({ ids })) {
        if (enrollment.artifacts.length === 0) continue;
        written += 1;
        yield `${JSON.stringify(revealEnrollment(enrollment))}\n`;
      }
    };
    await writeSecretPieces(path, lines(), overwrite);
    const missing = new Set(ids).size - written;
    printResult(
      terminal,
      options,
      { output, written, missing },
      () => `wrote ${output}: ${counted(written, "enrollment")} (only you can read it)`,
    );
    if (missing === 0) return exitCodes.done;
    writeLine(terminal.stderr, `records without sealed secrets, or none of that id: ${missing}`);
    return exitCodes.someFailed;
  });
};
