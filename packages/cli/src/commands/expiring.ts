import { readDuration } from "../input/duration.js";
import { recordFilterOf } from "../input/record-filter.js";
import { withLedger } from "../ledger-session.js";
import { exitCodes, type ExitCode, type Terminal } from "../terminal.js";
import { printRecords, type RecordsOptions } from "./records.js";

export interface ExpiringOptions extends RecordsOptions {
  readonly within: string;
}

/** `enrollkit expiring`: what nobody has used yet and will soon be of no use. */
export const expiring = async (terminal: Terminal, options: ExpiringOptions): Promise<ExitCode> => {
  const within = readDuration(options.within, "--within");
  return withLedger(terminal, options, async ({ ledger }) => {
    const found = [];
    let count = 0;
    for await (const record of ledger.expiring(within, recordFilterOf(options))) {
      count += 1;
      if (count <= options.limit) found.push(record);
    }
    printRecords(terminal, options, found, count);
    return exitCodes.done;
  });
};
