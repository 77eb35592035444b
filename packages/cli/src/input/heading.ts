import { quote } from "@enrollkit/core";
import { UsageError } from "../output/usage-error.js";
import type { Columns } from "./columns.js";
import { suggest } from "./suggestion.js";

const describeUnknown = (column: string, known: readonly string[]): string => {
  if (column === "") return "a column has no heading";
  const meant = suggest(column, known);
  // The heading may be missing, and this be somebody's data.
  return `${quote(column)} is not a known column${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
};

/**
 * @param line - where the heading stands, from 1.
 * @throws UsageError that names every wrong or repeated heading, and the ones that there are.
 */
export const checkHeading = (
  name: string,
  line: number,
  heading: readonly string[],
  columns: Columns,
): void => {
  const known = Object.keys(columns);
  const unknown = new Set(heading.filter((column) => !Object.hasOwn(columns, column)));
  const repeated = new Set(
    heading.filter((column, index) => column !== "" && heading.indexOf(column) !== index),
  );
  const problems = [
    ...[...unknown].map((column) => describeUnknown(column, known)),
    ...[...repeated].map((column) => `${quote(column)} stands there twice`),
  ];
  if (problems.length === 0) return;
  throw new UsageError(
    `${name}: line ${line}: ${problems.join("; ")}`,
    `the columns are: ${known.join(", ")}`,
  );
};
