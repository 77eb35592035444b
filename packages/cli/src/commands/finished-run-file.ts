import type { EnrollmentOutcome } from "@enrollkit/core";
import type { Ledger } from "@enrollkit/ledger";
import { outcomeLine } from "../output/outcome-line.js";
import type { RunFile } from "../output/run-file.js";

interface FinishedRun {
  readonly run: string;
  /** The line of the input that a row came from. Default: there is none. */
  readonly lineOf?: (index: number) => number;
  /** Hears of every outcome, in the order of the rows. */
  readonly hear: (outcome: EnrollmentOutcome) => void;
}

/** Whether a line of the file tells what the ledger knows. */
const agrees = (line: string, outcome: EnrollmentOutcome): boolean => {
  const { status, enrollment } = JSON.parse(line) as {
    readonly status: string;
    readonly enrollment?: { readonly id: string };
  };
  if (status !== outcome.status) return false;
  return outcome.status !== "created" || enrollment?.id === outcome.enrollment.id;
};

/**
 * Leaves one line for each row in the file, in the order of the rows. What is not in it, because another process did it
 * or the file of an earlier start is gone, comes from the ledger.
 *
 * @returns how many enrollments have lost their secrets.
 */
export const finishRunFile = async (
  ledger: Ledger,
  file: RunFile,
  { run, lineOf, hear }: FinishedRun,
): Promise<number> => {
  let withoutSecrets = 0;
  await file.rewrite(async function* (find) {
    for await (const outcome of ledger.outcomes(run)) {
      hear(outcome);
      const line = await find(outcome.index);
      if (line !== undefined && agrees(line, outcome)) {
        yield line;
        continue;
      }
      if (outcome.status === "created" && outcome.enrollment.artifacts.length === 0) withoutSecrets += 1;
      yield outcomeLine(outcome, { run, line: lineOf?.(outcome.index) });
    }
  });
  return withoutSecrets;
};

export const lostSecrets = (count: number, hasKey: boolean): string =>
  `rows without their secrets: ${count}; their lines were not in the file, and the ledger ` +
  (hasKey ? "had no key when they were recorded" : "has no key to keep secrets by");
