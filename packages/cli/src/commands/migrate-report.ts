import { resolve } from "node:path";
import type { MigrationRow } from "@enrollkit/ledger";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withLedger } from "../ledger-session.js";
import { counted } from "../output/counted.js";
import { csvLine } from "../output/csv.js";
import { migrationCells, migrationColumns, migrationTable, reportWords } from "../output/migration-words.js";
import { writePieces } from "../output/pieces.js";
import { refuseExisting, writeSecretPieces } from "../output/secret-file.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";
import { takeFirst } from "./records.js";

export interface MigrateReportOptions extends LedgerFileOptions {
  readonly name: string;
  readonly format?: "table" | "csv" | "json";
  readonly output?: string;
  readonly overwrite?: true;
  readonly limit: number;
}

async function* csvPieces(rows: AsyncIterable<MigrationRow>): AsyncGenerator<string, void, void> {
  yield csvLine(migrationColumns);
  for await (const row of rows) yield csvLine(migrationCells(row));
}

/** An object with the counts, and a row on each line. */
async function* jsonPieces(
  report: object,
  rows: AsyncIterable<MigrationRow>,
): AsyncGenerator<string, void, void> {
  yield `{"report":${JSON.stringify(report)},"rows":[`;
  let start = "\n";
  for await (const row of rows) {
    yield `${start}${JSON.stringify(row)}`;
    start = ",\n";
  }
  yield "\n]}\n";
}

async function* tablePieces(
  words: string,
  rows: readonly MigrationRow[],
): AsyncGenerator<string, void, void> {
  yield await Promise.resolve(`${words}\n`);
  if (rows.length > 0) yield `\n${migrationTable(rows)}\n`;
}

/** `enrollkit migrate report`: what has become of each row of a migration. */
export const migrateReport = async (terminal: Terminal, options: MigrateReportOptions): Promise<ExitCode> => {
  const { name, json, output, overwrite, limit } = options;
  const { format = json ? "json" : "table" } = options;
  const path = output === undefined ? undefined : resolve(terminal.folder, output);
  if (path !== undefined) await refuseExisting(path, overwrite);
  return withLedger(terminal, options, async ({ ledger }) => {
    const report = await ledger.migrationReport(name);
    const piecesOf = async () => {
      if (format === "csv") return csvPieces(ledger.migrationRows(name));
      if (format === "json") return jsonPieces(report, ledger.migrationRows(name));
      return tablePieces(reportWords(report), await takeFirst(ledger.migrationRows(name), limit));
    };
    const pieces = await piecesOf();
    if (path === undefined) await writePieces(terminal.stdout, pieces);
    else {
      await writeSecretPieces(path, pieces, overwrite);
      printResult(
        terminal,
        options,
        { output, rows: report.rows },
        () =>
          `wrote ${output ?? ""}: ${counted(report.rows ?? 0, "row")} (only you can read it); no secret is in it`,
      );
    }
    const more = (report.rows ?? 0) - limit;
    if (format === "table" && more > 0) {
      writeLine(terminal.stderr, `… and ${more} more; --format csv writes all, --limit shows more`);
    }
    return exitCodes.done;
  });
};
