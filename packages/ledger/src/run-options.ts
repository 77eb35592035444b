import type { EnrollmentOutcome, EnrollmentService } from "@enrollkit/core";
import type { RowSource } from "./runs/plan.js";
import type { RunSettings } from "./runs/run.js";
import type { WorkEvent } from "./work/work.js";

/** A named run. */
export interface SubmitOptions extends RunSettings {
  /** Its name; the same name again goes on with it. Letters, digits, dot, dash, underscore; at most 64. */
  readonly name: string;
  /** Gives the rows, in the same order each time: it is read more than once. */
  readonly requests: RowSource;
  /** The providers. */
  readonly service: EnrollmentService;
  /** Stops it: what is under way is seen through and recorded. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Hears of each outcome before it is recorded as done. If the process dies in between, the next start tells it again:
   * at least once, and never not at all. A later outcome of the same row replaces the earlier one.
   */
  readonly deliver?: ((outcomes: readonly EnrollmentOutcome[]) => Promise<void> | void) | undefined;
}

/** A named run that is executed here and now. */
export interface RunOptions extends SubmitOptions {
  /** How many calls may be under way at once. Default: 8. */
  readonly concurrency?: number | undefined;
}

/** How a worker works. */
export interface WorkOptions {
  /** The providers, the same on every machine. */
  readonly service: EnrollmentService;
  /** How many calls may be under way at once. Default: 8. */
  readonly concurrency?: number | undefined;
  /** Ends the worker: what is under way is seen through and recorded. */
  readonly signal?: AbortSignal | undefined;
  /** `stopped` (default): it waits for more when nothing is left. `empty`: it ends then. */
  readonly until?: "stopped" | "empty" | undefined;
  readonly onEvent?: ((event: WorkEvent) => void) | undefined;
}
