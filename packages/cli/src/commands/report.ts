import { resolve } from "node:path";
import type { LedgerRecord } from "@enrollkit/ledger";
import { recordFilterOf, type RecordFilterOptions } from "../input/record-filter.js";
import { withLedger } from "../ledger-session.js";
import { counted } from "../output/counted.js";
import { csvLine } from "../output/csv.js";
import { writePieces } from "../output/pieces.js";
import { reportCells, reportColumns, shownRecord } from "../output/record-words.js";
import { refuseExisting, writeSecretPieces } from "../output/secret-file.js";
import { exitCodes, printResult, type ExitCode, type Terminal } from "../terminal.js";

export interface ReportOptions extends RecordFilterOptions {
  readonly format?: "csv" | "json";
  readonly output?: string;
  readonly overwrite?: true;
}

async function* csvPieces(records: AsyncIterable<LedgerRecord>): AsyncGenerator<string, void, void> {
  yield csvLine(reportColumns);
  for await (const record of records) yield csvLine(reportCells(record));
}

/** An array, a record on each line. */
async function* jsonPieces(records: AsyncIterable<LedgerRecord>): AsyncGenerator<string, void, void> {
  let start = "[\n";
  for await (const record of records) {
    yield `${start}${JSON.stringify(shownRecord(record))}`;
    start = ",\n";
  }
  yield start === "[\n" ? "[]\n" : "\n]\n";
}

/** `enrollkit report`: the ledger's records, all of those that are asked for. */
export const report = async (terminal: Terminal, options: ReportOptions): Promise<ExitCode> => {
  const { json, output, overwrite } = options;
  const { format = json ? "json" : "csv" } = options;
  const path = output === undefined ? undefined : resolve(terminal.folder, output);
  if (path !== undefined) await refuseExisting(path, overwrite);
  return withLedger(terminal, options, async ({ ledger }) => {
    let count = 0;
    const records = async function* () {
      for await (const record of ledger.records(recordFilterOf(options))) {
        count += 1;
        yield record;
      }
    };
    const pieces = format === "json" ? jsonPieces(records()) : csvPieces(records());
    if (path === undefined) {
      await writePieces(terminal.stdout, pieces);
      return exitCodes.done;
    }
    await writeSecretPieces(path, pieces, overwrite);
    printResult(
      terminal,
      options,
      { output, records: count },
      () => `wrote ${output ?? ""}: ${counted(count, "record")} (only you can read it); no secret is in it`,
    );
    return exitCodes.done;
  });
};
