import { Readable } from "node:stream";
import { CsvError, parse, type Info } from "csv-parse";
import { UsageError } from "../output/failure.js";
import { checkHeading, type Columns } from "./columns.js";
import { longestRow, type InputRow } from "./rows.js";
import type { TextSource } from "./text-source.js";

/** Excel writes semicolons where the comma is the decimal sign. */
const delimiterOf = (heading: string): string =>
  [";", "\t"].find((candidate) => heading.includes(candidate) && !heading.includes(",")) ?? ",";

const words: Readonly<Record<string, readonly [string, string]>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: [
    "has more or fewer cells than the heading",
    "a comma within a cell needs quotes around the cell",
  ],
  CSV_RECORD_INCONSISTENT_COLUMNS: [
    "has more or fewer cells than the heading",
    "a comma within a cell needs quotes around the cell",
  ],
  CSV_QUOTE_NOT_CLOSED: [
    "a quote is opened and never closed",
    "close it, or double quotes that belong to the text",
  ],
  CSV_INVALID_CLOSING_QUOTE: ["has text behind a closing quote", "double the quotes that belong to the text"],
  INVALID_OPENING_QUOTE: ["has a quote in the middle of a cell", "double it, and put the cell in quotes"],
  CSV_MAX_RECORD_SIZE: [
    `is longer than ${longestRow.toLocaleString("en-US")} characters`,
    "look for a missing line break or closing quote",
  ],
};

const explain = (name: string, error: CsvError): UsageError => {
  const [what, advice] = words[error.code] ?? [`is not valid CSV (${error.code})`, undefined];
  const line = typeof error["lines"] === "number" ? error["lines"] : 1;
  return new UsageError(`${name}: line ${line}: ${what}`, advice);
};

/** The text up to the first line break, and everything again from the start. */
const peekLine = async (
  chunks: AsyncGenerator<string, void, void>,
): Promise<{ readonly first: string; readonly all: AsyncGenerator<string, void, void> }> => {
  const taken: string[] = [];
  let length = 0;
  for (;;) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    taken.push(value);
    length += value.length;
    if (value.includes("\n") || length > longestRow) break;
  }
  const start = taken.join("");
  return {
    first: start.split(/\r?\n/, 1)[0] ?? "",
    all: (async function* () {
      yield start;
      yield* chunks;
    })(),
  };
};

/**
 * Reads CSV with a heading: commas, semicolons or tabs; a byte-order mark and empty lines are fine; spaces around
 * cells are dropped, and so are empty cells.
 *
 * @throws UsageError that names the file, the line and what to change.
 */
export async function* readCsv(
  source: TextSource,
  columns: Columns,
): AsyncGenerator<InputRow<Record<string, unknown>>, void, void> {
  const { first, all } = await peekLine(source.text());
  if (first.trim() === "") {
    throw new UsageError(
      `${source.name} is empty`,
      `its first line names the columns: ${Object.keys(columns).join(", ")}`,
    );
  }
  const parser = parse({
    bom: true,
    delimiter: delimiterOf(first),
    trim: true,
    skip_empty_lines: true,
    info: true,
    max_record_size: longestRow,
    columns: (heading: readonly string[]) => {
      checkHeading(source.name, heading, columns);
      return [...heading];
    },
  });
  const records = Readable.from(all)
    .on("error", (error) => parser.destroy(error))
    .pipe(parser);
  try {
    for await (const each of records) {
      const { record, info } = each as { record: Record<string, string>; info: Info };
      const value: Record<string, unknown> = {};
      for (const [column, text] of Object.entries(record)) {
        if (text !== "") columns[column]?.(value, text);
      }
      yield { line: info.lines, value };
    }
  } catch (error) {
    throw error instanceof CsvError ? explain(source.name, error) : error;
  }
}
