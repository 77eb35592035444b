import type { EnrollmentState, EnrollmentWarning, IsoInstant } from "@enrollkit/core";
import type { ColumnType, Generated } from "kysely";

/**
 * How far a request has come.
 *
 * - `planned`: nothing was sent, or nothing came of it
 * - `sending`: about to be sent, or sent; if its worker is gone, nobody knows
 * - `in-doubt`: the answer was lost, and the vendor has not been asked yet what became of it
 * - `created`, `failed`: settled
 * - `unknown`: the vendor was asked, and cannot tell
 * - `set-aside`: tried too often; a person has to look at it
 */
export const outcomes = [
  "planned",
  "sending",
  "in-doubt",
  "created",
  "failed",
  "unknown",
  "set-aside",
] as const;
export type RecordedOutcome = (typeof outcomes)[number];

/** Written as JSON text, read as what it holds. */
type Json<Value> = ColumnType<Value, string, string>;

export interface FactsTable {
  name: string;
  value: string;
  is_sealed: boolean;
}

export interface RunsTable {
  id: Generated<number>;
  name: string;
  /** What every start of the run must agree on. */
  settings: Json<Readonly<Record<string, unknown>>>;
  /** Null until the whole input has been planned. */
  rows: number | null;
  fingerprint: string | null;
  started_at: IsoInstant;
  planned_at: IsoInstant | null;
}

export interface RecordsTable {
  id: Generated<number>;
  run_id: number | null;
  position: number | null;
  /** Of a create outside of a run: what its intent is found by. */
  intent: string | null;
  key: string | null;
  provider: string;
  vendor: string;
  profile: string | null;
  platform: string | null;
  management: string | null;
  ownership: string | null;
  recipient: Json<{ readonly email?: string; readonly name?: string }> | null;
  recipient_hash: string | null;
  device: Json<Readonly<Record<string, string>>> | null;
  request_fingerprint: string | null;
  sealed_request: string | null;
  outcome: RecordedOutcome;
  state: EnrollmentState | null;
  enrollment_id: string | null;
  created_at: IsoInstant | null;
  expires_at: IsoInstant | null;
  /** The expiry as the vendor said it: with digits that `expires_at` has no room for, or `never`, or `unknown`. */
  expiry: string | null;
  uses: string | null;
  request_ids: Json<readonly string[]> | null;
  warnings: Json<readonly EnrollmentWarning[]> | null;
  error: Json<Readonly<Record<string, unknown>>> | null;
  secret_fingerprint: string | null;
  sealed_secrets: string | null;
  used_at: IsoInstant | null;
  devices: Json<readonly Readonly<Record<string, string>>[]> | null;
  detail: string | null;
  /** When the vendor last told what became of the enrollment. */
  asked_at: IsoInstant | null;
  attempt: string | null;
  worker_id: number | null;
  sent_at: IsoInstant | null;
  tries: Generated<number>;
  /** How often the vendor was asked in vain what became of it. */
  asks: Generated<number>;
  renews: number | null;
  /** When the record that renews this one was made, and this one taken back as far as that was asked for. */
  replaced_at: IsoInstant | null;
  /** When the person was taken out of it. */
  erased_at: IsoInstant | null;
  recorded_at: IsoInstant;
  changed_at: IsoInstant;
  /** Who changed it last: a worker's name, or what was done: `sync`, `renew` … */
  changed_by: string;
}

export interface HistoryTable {
  id: Generated<number>;
  record_id: number;
  at: IsoInstant;
  by: string;
  outcome: RecordedOutcome;
  state: EnrollmentState | null;
  event: Generated<"changed" | "erased">;
}

export interface WorkersTable {
  id: Generated<number>;
  name: string;
  started_at: IsoInstant;
  lease_until: IsoInstant;
}

export interface LocksTable {
  name: string;
  worker_id: number;
}

export interface JobsTable {
  id: string;
  run_id: number;
  first: number;
  last: number;
  worker_id: number | null;
}

/** All times are milliseconds since the Unix epoch by the database's clock. */
export interface QuotasTable {
  /** The account and the numbers of its quota. */
  account: string;
  /** How many slots were taken so far. */
  taken: Generated<number>;
  /** When the next call may start; a burst may start as many intervals earlier. */
  next_at: Generated<number>;
  /** Until when nobody gets a slot. */
  paused_until: Generated<number>;
  /** What the last 429 left of the rate. From `grows_from` on it grows again, evenly, up to 1. */
  share: Generated<number>;
  grows_from: Generated<number>;
}

/** Why a row of a migration is not moved: the old enrollment has ended since, or another migration has it. */
export type SkipReason = "used" | "expired" | "revoked" | "moved";

/** A row of a migration: what its record takes the place of. */
export interface MovesTable {
  /** The record of the new enrollment. */
  record_id: number;
  /** Where the old enrollment is. */
  provider: string;
  /** The old enrollment, by its vendor's id. */
  enrollment_id: string;
  skipped: SkipReason | null;
  /** When the old enrollment was taken back. */
  revoked_at: IsoInstant | null;
  /** Why it could not be taken back when that was last tried. */
  error: Json<Readonly<Record<string, unknown>>> | null;
}

export interface Tables {
  facts: FactsTable;
  runs: RunsTable;
  records: RecordsTable;
  history: HistoryTable;
  workers: WorkersTable;
  locks: LocksTable;
  jobs: JobsTable;
  quotas: QuotasTable;
  moves: MovesTable;
}
