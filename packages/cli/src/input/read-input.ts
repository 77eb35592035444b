import { UsageError } from "../output/failure.js";
import type { Terminal } from "../terminal.js";
import type { Columns } from "./columns.js";
import { readCsv } from "./csv.js";
import { readJsonLines } from "./json-lines.js";
import type { InputRow } from "./rows.js";
import { openTextSource } from "./text-source.js";

/** An input whose rows can be read; a file as often as needed, standard input once. */
export interface InputFile {
  readonly name: string;
  readonly isFile: boolean;
  /** Whether errors speak of columns rather than of fields. */
  readonly isCsv: boolean;
  rows(): AsyncGenerator<InputRow<Record<string, unknown>>, void, void>;
}

const formatOf = (path: string): string | undefined =>
  /\.(csv|tsv|txt|jsonl|ndjson)$/i.exec(path)?.[1]?.toLowerCase();

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
  return {
    name: source.name,
    isFile: source.isFile,
    isCsv,
    rows: () => (isCsv ? readCsv(source, columns) : readJsonLines(source)),
  };
};
