import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withLedger } from "../ledger-session.js";
import { exitCodes, printResult, type ExitCode, type Terminal } from "../terminal.js";

/** `enrollkit ledger rotate-keys`: seals everything with the first key of the settings. */
export const ledgerRotateKeys = (terminal: Terminal, options: LedgerFileOptions): Promise<ExitCode> =>
  withLedger(terminal, options, async ({ ledger }) => {
    const { resealed } = await ledger.rotateKeys();
    printResult(terminal, options, { resealed }, () =>
      [
        `sealed again: ${resealed}`,
        "everything opens with the first key of the settings now; the others can go",
      ].join("\n"),
    );
    return exitCodes.done;
  });
