import type { ProviderSync, SettleReport } from "@enrollkit/ledger";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withLedger } from "../ledger-session.js";
import { explainRow } from "../output/failure.js";
import { table } from "../output/table.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";

export interface SyncOptions extends LedgerFileOptions {
  readonly provider?: string;
  /** A file of messages. */
  readonly messages?: string;
}

const changedRow = ({ provider, asked, changed }: ProviderSync): readonly (string | number)[] => {
  const counts = Object.entries(changed).filter(([, count]) => count > 0);
  const sum = counts.reduce((total, [, count]) => total + count, 0);
  return [provider, asked, sum, counts.map(([state, count]) => `${count} ${state}`).join(", ")];
};

/** Creates whose process ended before their answer came. */
const settledWords = ({ created, failed, unknown, postponed }: SettleReport): readonly string[] => {
  const parts = Object.entries({ created, "not created": failed, unknown, "still in doubt": postponed })
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} ${what}`);
  return parts.length === 0 ? [] : ["", `creates that were in doubt: ${parts.join(", ")}`];
};

/** `enrollkit sync`: brings the ledger up to what the vendors say now, or to what their messages say. */
export const sync = async (terminal: Terminal, options: SyncOptions): Promise<ExitCode> => {
  const { messages, provider, json } = options;
  if (messages !== undefined) {
    return (await import("./sync-messages.js")).syncMessages(terminal, messages, options);
  }
  return withLedger(terminal, options, async ({ ledger }) => {
    const { service } = await openSession(terminal, options, ledger);
    if (provider !== undefined) service.provider(provider);
    const { signal, stderr } = terminal;
    const settled = await ledger.settle({ service, signal });
    const synced = await ledger.sync({ service, filter: { provider }, signal });
    const failures = [...settled.failures, ...synced.providers].flatMap(({ provider: name, error }) =>
      error === undefined ? [] : [`${name}: ${explainRow(error)}`],
    );
    if (!json) for (const failure of new Set(failures)) writeLine(stderr, failure);
    printResult(terminal, options, { ...synced, settled }, () =>
      [
        synced.providers.length === 0
          ? "there is nothing to ask about"
          : table(["PROVIDER", "ASKED", "CHANGED", "NOW"], synced.providers.map(changedRow)),
        ...settledWords(settled),
      ].join("\n"),
    );
    return failures.length > 0 ? exitCodes.someFailed : exitCodes.done;
  });
};
