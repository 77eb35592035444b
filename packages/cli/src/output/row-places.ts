import type { EnrollmentError } from "@enrollkit/core";
import { columnFor } from "../input/columns.js";
import type { InputFile } from "../input/read-input.js";
import type { RowFailure } from "./bulk-report.js";
import { explainRow } from "./failure.js";

/** A row's place as the engine counts it: from 0. */
const position = /(?:requests|devices)\[(\d+)\]/g;

/** The caller's own id, if it is one: a file may hold anything. */
export const keyOf = (key: unknown): string | undefined => (typeof key === "string" ? key : undefined);

/** The caller's own id as it may be printed: some people take the e-mail address for one. */
export const printableKey = (key: unknown): string | undefined => {
  const name = keyOf(key);
  return name?.includes("@") === true ? undefined : name;
};

/** Knows in which line of its file each row stands, and tells failures in those terms. */
export interface RowPlaces {
  /** The next row begins in this line. */
  add(line: number): void;
  lineOf(index: number): number;
  failure(index: number, key: unknown, error: EnrollmentError): RowFailure;
}

export const createRowPlaces = ({ isCsv }: Pick<InputFile, "isCsv">): RowPlaces => {
  const lines: number[] = [];
  const lineOf = (index: number) => lines[index] ?? 0;
  const placeOf = (index: number, { path }: EnrollmentError) => {
    const field = path?.replace(position, "").replace(/^\./, "") ?? "";
    if (field === "") return `line ${lineOf(index)}`;
    return `line ${lineOf(index)}, ${isCsv ? `column ${columnFor(field)}` : field}`;
  };
  return {
    add: (line) => {
      lines.push(line);
    },
    lineOf,
    failure: (index, key, error) => {
      const name = printableKey(key);
      return {
        place: placeOf(index, error),
        ...(name !== undefined && { key: name }),
        code: error.code,
        message: explainRow(error).replace(position, (_, other: string) => `line ${lineOf(Number(other))}`),
      };
    },
  };
};
