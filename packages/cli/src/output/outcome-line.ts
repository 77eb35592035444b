import { revealEnrollment, type EnrollmentOutcome } from "@enrollkit/core";
import { adviceOn } from "./failure.js";
import { keyOf } from "./row-places.js";

/** Where an outcome belongs, beside its place in the input. */
export interface OutcomePlace {
  /** The run's name. It stands first in the line. */
  readonly run?: string | undefined;
  /** Of the input file, from 1. */
  readonly line?: number | undefined;
}

/** The outcome as a line of an output file, its secrets in clear text. Without a line break. */
export const outcomeLine = (outcome: EnrollmentOutcome, { run, line }: OutcomePlace): string => {
  const { index, status } = outcome;
  const position = { run, key: keyOf(outcome.key), index, line, status };
  return JSON.stringify(
    outcome.status === "created"
      ? { ...position, enrollment: revealEnrollment(outcome.enrollment) }
      : { ...position, error: outcome.error, advice: adviceOn(outcome.error) },
  );
};
