import { UsageError } from "../output/usage-error.js";
import { readJsonLines } from "./json-lines.js";
import { longestRow, type InputRow } from "./rows.js";
import type { TextSource } from "./text-source.js";

type Row = InputRow<Record<string, unknown>>;

/** What to do about a file of another kind. */
export const expectedFiles = "give a file that `enrollkit bulk` or `enrollkit create --output` wrote";

/** Reads on until the first line that holds something is whole, and leaves the text as it was. */
const peekFirstLine = async (text: AsyncGenerator<string, void, void>) => {
  let start = "";
  while (start.length <= longestRow && !/\S[^\n]*\n/.test(start)) {
    const next = await text.next();
    if (next.done === true) break;
    start += next.value;
  }
  const all = async function* (): AsyncGenerator<string, void, void> {
    yield start;
    yield* text;
  };
  return { start, all };
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Parses JSON that may hold secrets: the parser's own error would repeat a piece of it.
 *
 * @param place - how the error names it.
 * @throws UsageError for anything but an object.
 */
export const parseObject = (text: string, place: string): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const offset = /at position (\d+)/.exec(error.message)?.[1];
    const line = offset === undefined ? "" : `line ${text.slice(0, Number(offset)).split("\n").length}: `;
    throw new UsageError(`${place}: ${line}not valid JSON`, "comments and trailing commas are not JSON");
  }
  if (isObject(value)) return value;
  throw new UsageError(`${place}: not an object`, "the file holds one object between { and }");
};

/** A whole text that is not longer than one row may be. */
export const wholeText = async (text: AsyncIterable<string>, name: string): Promise<string> => {
  let whole = "";
  for await (const piece of text) {
    whole += piece;
    if (whole.length > longestRow) {
      throw new UsageError(`${name} is longer than ${longestRow.toLocaleString("en-US")} characters`);
    }
  }
  return whole;
};

/**
 * Reads a file that holds one JSON object over several lines, or JSON Lines: one object on each.
 *
 * @throws UsageError that names the file, the line and what to change.
 */
export async function* readDocuments(source: TextSource): AsyncGenerator<Row, void, void> {
  const { start, all } = await peekFirstLine(source.text());
  if (/^\s*[^\s{]/.test(start)) {
    throw new UsageError(`${source.name} does not begin with {, so it holds no enrollments`, expectedFiles);
  }
  if (/^\s*\{\s*\n/.test(start)) {
    yield { line: 1, value: parseObject(await wholeText(all(), source.name), source.name) };
  } else {
    yield* readJsonLines({ ...source, text: all });
  }
}
