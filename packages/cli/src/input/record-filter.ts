import type { RecordFilter } from "@enrollkit/ledger";
import type { LedgerFileOptions } from "./ledger-settings.js";

/** Which of the ledger's records are meant, as the command line says it. */
export interface RecordFilterOptions extends LedgerFileOptions {
  readonly state?: NonNullable<RecordFilter["states"]>;
  readonly outcome?: NonNullable<RecordFilter["outcomes"]>;
  readonly provider?: string;
  readonly profile?: string;
  readonly run?: string;
  readonly email?: string;
  readonly key?: readonly string[];
}

export const recordFilterOf = ({
  state,
  outcome,
  provider,
  profile,
  run,
  email,
  key,
}: RecordFilterOptions): RecordFilter => ({
  states: state,
  outcomes: outcome,
  provider,
  profile,
  run,
  recipient: email,
  keys: key,
});

/** Whether anything is asked for but everything. */
export const isNarrow = (filter: RecordFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined);
