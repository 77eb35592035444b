import { readFile } from "node:fs/promises";
import { enrollmentOutcomeSchema, type EnrollmentOutcome } from "@enrollkit/core";

/** One line of the file of a bulk run. */
export interface OutcomeLine {
  readonly line: number;
  readonly advice?: string;
  readonly outcome: EnrollmentOutcome;
}

/** The outcomes of a file, each read by the schema that programs read it with. */
export const readOutcomes = async (path: string): Promise<readonly OutcomeLine[]> =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((text) => {
      const data = JSON.parse(text) as { line: number; advice?: string };
      return { ...data, outcome: enrollmentOutcomeSchema.parse(data) };
    });

/** Instants without the zeros at the end of their fractions: a database leaves them out. */
export const withoutZeros = (text: string): string =>
  text.replaceAll(/\.(\d*?)0*(?=Z")/g, (_, digits: string) => (digits === "" ? "" : `.${digits}`));

/** Line, key, and where it was created or why not. */
export const inShort = (outcomes: readonly OutcomeLine[]) =>
  outcomes.map(({ line, outcome }) => [
    line,
    outcome.key,
    outcome.status === "created" ? outcome.enrollment.provider : outcome.error.code,
  ]);
