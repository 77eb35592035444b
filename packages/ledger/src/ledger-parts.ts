import type { ResolvedOptions } from "./options.js";
import type { RecordingParts } from "./records/recorded-creates.js";

/** What a ledger works with. */
export interface LedgerParts extends RecordingParts {
  readonly options: ResolvedOptions;
}
