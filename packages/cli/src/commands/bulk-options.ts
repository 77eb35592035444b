import type { LedgerFileOptions } from "../input/ledger-settings.js";

export interface BulkCommandOptions extends LedgerFileOptions {
  readonly format?: "csv" | "jsonl";
  readonly output?: string;
  readonly overwrite?: true;
  readonly provider?: string;
  readonly concurrency?: number;
  readonly onUnsupported?: "reject" | "warn";
  readonly dryRun?: true;
  /** The name of a run that can be gone on with. */
  readonly run?: string;
  /** Leaves the run to workers. */
  readonly queue?: true;
}
