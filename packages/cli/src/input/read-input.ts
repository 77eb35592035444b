import { UsageError } from "../output/usage-error.js";
import type { Terminal } from "../terminal.js";
import type { Columns } from "./columns.js";
import { readCsv } from "./csv.js";
import { readJsonLines } from "./json-lines.js";
import type { InputRow } from "./rows.js";
import { openTextSource } from "./text-source.js";

/** An input whose rows can be read; a file as often as needed, standard input once. */
export interface InputFile {
  /** How errors name it. */
  readonly name: string;
  /** Its place in the file system; absent for standard input. */
  readonly path?: string;
  /** Whether errors speak of columns rather than of fields. */
  readonly isCsv: boolean;
  /** @throws UsageError if there are none, or one cannot be read. */
  rows(): AsyncGenerator<InputRow<Record<string, unknown>>, void, void>;
}

const formatOf = (path: string): string | undefined =>
  /\.(csv|tsv|txt|jsonl|ndjson)$/i.exec(path)?.[1]?.toLowerCase();

async function* refuseNone<Row>(rows: AsyncGenerator<Row, void, void>, name: string) {
  let any = false;
  for await (const row of rows) {
    any = true;
    yield row;
  }
  if (!any) {
    throw new UsageError(`${name} has no rows`, "put a row for each device or person under the heading");
  }
}

/** @throws UsageError if neither the name nor `format` tells how to read it. */
export const openInput = (
  path: string,
  format: "csv" | "jsonl" | undefined,
  columns: Columns,
  terminal: Terminal,
): InputFile => {
  const source = openTextSource(path, terminal);
  const word = format ?? formatOf(path);
  if (word === undefined) {
    throw new UsageError(`cannot tell what ${source.name} holds`, "say --format csv or --format jsonl");
  }
  const isCsv = ["csv", "tsv", "txt"].includes(word);
  const read = () => (isCsv ? readCsv(source, columns) : readJsonLines(source));
  return {
    name: source.name,
    ...(source.path !== undefined && { path: source.path }),
    isCsv,
    rows: () => refuseNone(read(), source.name),
  };
};
