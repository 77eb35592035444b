import type { LedgerRecord } from "@enrollkit/ledger";
import { recordFilterOf, type RecordFilterOptions } from "../input/record-filter.js";
import { withLedger } from "../ledger-session.js";
import { recordsTable, shownRecord } from "../output/record-words.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";

export interface RecordsOptions extends RecordFilterOptions {
  readonly limit: number;
}

/** The first of many. */
export const takeFirst = async <Item>(items: AsyncIterable<Item>, most: number): Promise<readonly Item[]> => {
  const taken: Item[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length >= most) break;
  }
  return taken;
};

/** Prints records, and how many there are besides. */
export const printRecords = (
  terminal: Terminal,
  options: RecordsOptions,
  records: readonly LedgerRecord[],
  count: number,
): void => {
  const more = count - records.length;
  printResult(terminal, options, { records: records.map(shownRecord), more }, () =>
    records.length === 0 ? "no record fits" : recordsTable(records),
  );
  if (more > 0 && !options.json) {
    writeLine(terminal.stderr, `… and ${more} more; \`enrollkit report\` writes all, --limit shows more`);
  }
};

/** `enrollkit status` without ids: what the ledger knows, without asking a vendor. */
export const records = (terminal: Terminal, options: RecordsOptions): Promise<ExitCode> =>
  withLedger(terminal, options, async ({ ledger }) => {
    const filter = recordFilterOf(options);
    const found = await takeFirst(ledger.records(filter), options.limit);
    printRecords(terminal, options, found, await ledger.count(filter));
    return exitCodes.done;
  });
