import type { HistoryEntry } from "@enrollkit/ledger";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withLedger } from "../ledger-session.js";
import { table } from "../output/table.js";
import { exitCodes, printResult, type ExitCode, type Terminal } from "../terminal.js";

const eventWords = ({ event, record, outcome, state }: HistoryEntry): string => {
  if (event === "renews") return `made to replace record ${record ?? "-"}`;
  if (event === "renewed") return `replaced by record ${record ?? "-"}`;
  const now = state === undefined ? (outcome ?? "") : `${outcome ?? ""}, ${state}`;
  return event === "erased" ? `person erased; ${now}` : now;
};

/** `enrollkit ledger history`: everything that has become of a record. */
export const ledgerHistory = (
  terminal: Terminal,
  id: number,
  options: LedgerFileOptions,
): Promise<ExitCode> =>
  withLedger(terminal, options, async ({ ledger }) => {
    const entries = await ledger.history(id);
    printResult(terminal, options, entries, () =>
      table(
        ["AT", "BY", "WHAT"],
        entries.map((entry) => [entry.at, entry.by, eventWords(entry)]),
      ),
    );
    return exitCodes.done;
  });
