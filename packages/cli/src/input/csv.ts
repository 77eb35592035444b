import { CsvError, parse, type Info } from "csv-parse";
import { UsageError } from "../output/usage-error.js";
import type { Columns, Place } from "./columns.js";
import { checkHeading } from "./heading.js";
import { longestRow, type InputRow } from "./rows.js";
import type { TextSource } from "./text-source.js";

/** Excel writes semicolons where the comma is the decimal sign. */
const delimiterOf = (heading: string): string =>
  [";", "\t"].find((candidate) => heading.includes(candidate) && !heading.includes(",")) ?? ",";

const ragged = [
  "has more or fewer cells than the heading",
  "a comma within a cell needs quotes around the cell",
] as const;

const textBehindQuote = [
  "has text behind a closing quote",
  "double the quotes that belong to the text",
] as const;

const words: Readonly<Record<string, readonly [string, string]>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: ragged,
  CSV_RECORD_INCONSISTENT_COLUMNS: ragged,
  CSV_QUOTE_NOT_CLOSED: [
    "a quote is opened here and never closed",
    "close it, or double quotes that belong to the text",
  ],
  CSV_INVALID_CLOSING_QUOTE: textBehindQuote,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: textBehindQuote,
  INVALID_OPENING_QUOTE: ["has a quote in the middle of a cell", "double it, and put the cell in quotes"],
  CSV_MAX_RECORD_SIZE: [
    `a row begins here that is longer than ${longestRow.toLocaleString("en-US")} characters`,
    "look for a missing line break or closing quote",
  ],
};

/** Errors that the parser notices at the end of what began somewhere else. */
const noticedLate = new Set(["CSV_QUOTE_NOT_CLOSED", "CSV_MAX_RECORD_SIZE"]);

const lineBreak = /\r\n|\n|\r/g;

/** Counts lines as an editor does. */
interface LineCounter {
  /** Where a row begins. To be asked of every row, in order. */
  startOf(cells: readonly string[], info: Info): number;
  lineOf(error: CsvError & Partial<Info>): number;
}

/** The parser says where rows end, and counts CR LF in a cell twice. */
const createLineCounter = (): LineCounter => {
  let countedTwice = 0;
  let lastEnd = 0;
  let lastEmpty = 0;
  return {
    startOf: (cells, { lines, empty_lines: empty }) => {
      let breaks = 0;
      for (const cell of cells) {
        if (!cell.includes("\n") && !cell.includes("\r")) continue;
        for (const [found] of cell.matchAll(lineBreak)) {
          breaks += 1;
          countedTwice += found.length - 1;
        }
      }
      lastEnd = lines - countedTwice;
      lastEmpty = empty;
      return lastEnd - breaks;
    },
    lineOf: ({ code, lines, empty_lines: empty }) => {
      if (noticedLate.has(code)) return lastEnd + 1 + (Number(empty) - lastEmpty);
      return Number(lines) - countedTwice;
    },
  };
};

/** The first line with something in it, and everything again from the start. */
const peekHeading = async (
  chunks: AsyncGenerator<string, void, void>,
): Promise<{ readonly heading: string; readonly all: AsyncGenerator<string, void, void> }> => {
  let start = "";
  for (;;) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    start += value;
    if (/[\r\n]/.test(start.trimStart()) || start.length > longestRow) break;
  }
  return {
    heading: start.trimStart().split(/[\r\n]/, 1)[0] ?? "",
    all: (async function* () {
      yield start;
      yield* chunks;
    })(),
  };
};

interface ParsedRow {
  readonly record: readonly string[];
  readonly line: number;
}

/**
 * Rows as they are found, those of each piece of text together, and an error after those that stand before it: read
 * as a stream, the parser would drop what it holds when it fails.
 */
async function* parseRows(
  text: AsyncIterable<string>,
  delimiter: string,
  counter: LineCounter,
): AsyncGenerator<readonly ParsedRow[], void, void> {
  let found: ParsedRow[] = [];
  const parser = parse({
    bom: true,
    delimiter,
    record_delimiter: ["\r\n", "\n", "\r"],
    trim: true,
    skip_empty_lines: true,
    max_record_size: longestRow,
    on_record: (record: readonly string[], info) => {
      found.push({ record, line: counter.startOf(record, info) });
      return null;
    },
  });
  // Whoever writes is handed the error.
  parser.on("error", () => undefined);
  const take = async function* (write: (done: (error?: Error | null) => void) => void) {
    const error = await new Promise<Error | null | undefined>((resolve) => {
      write(resolve);
    });
    const rows = found;
    found = [];
    yield rows;
    if (error) throw error;
  };
  for await (const piece of text) yield* take((done) => parser.write(piece, done));
  yield* take((done) => parser.end(done));
}

const valueOf = (
  record: readonly string[],
  places: readonly (Place | undefined)[],
): Record<string, unknown> => {
  const value: Record<string, unknown> = {};
  for (let column = 0; column < places.length; column += 1) {
    const text = record[column] ?? "";
    if (text !== "") places[column]?.(value, text);
  }
  return value;
};

/**
 * Reads CSV with a heading: commas, semicolons or tabs; a byte-order mark, empty lines and rows of nothing but empty
 * cells are fine; spaces around cells are dropped, and so are empty cells.
 *
 * @throws UsageError that names the file, the line and what to change.
 */
export async function* readCsv(
  source: TextSource,
  columns: Columns,
): AsyncGenerator<InputRow<Record<string, unknown>>, void, void> {
  const { heading: firstLine, all } = await peekHeading(source.text());
  const counter = createLineCounter();
  let places: readonly (Place | undefined)[] | undefined;
  try {
    for await (const rows of parseRows(all, delimiterOf(firstLine), counter)) {
      for (const { record, line } of rows) {
        if (places === undefined) {
          checkHeading(source.name, line, record, columns);
          places = record.map((column) => columns[column]);
          continue;
        }
        const value = valueOf(record, places);
        if (Object.keys(value).length > 0) yield { line, value };
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const [what, advice] = words[error.code] ?? [`is not valid CSV (${error.code})`, undefined];
    throw new UsageError(`${source.name}: line ${counter.lineOf(error)}: ${what}`, advice);
  }
  if (places === undefined) {
    const known = Object.keys(columns).join(", ");
    throw new UsageError(`${source.name} is empty`, `its first line names the columns: ${known}`);
  }
}
