import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withLedger } from "../ledger-session.js";
import { exitCodes, printResult, type ExitCode, type Terminal } from "../terminal.js";

export interface EraseOptions extends LedgerFileOptions {
  readonly email: string;
}

/** `enrollkit ledger erase`: takes every trace of a person out. */
export const ledgerErase = (terminal: Terminal, options: EraseOptions): Promise<ExitCode> =>
  withLedger(terminal, options, async ({ ledger }) => {
    const result = await ledger.erase(options.email);
    const { erased, live } = result;
    printResult(terminal, options, result, () =>
      [
        erased === 0 ? "the ledger has no record of this person" : `records erased: ${erased}`,
        ...(live.length === 0
          ? []
          : [
              `enrollments that still live: records ${live.join(", ")}; ` +
                "`enrollkit status` shows them, and `enrollkit revoke` takes them back",
            ]),
        "what the vendors and the files of outcomes hold is not touched",
      ].join("\n"),
    );
    return exitCodes.done;
  });
