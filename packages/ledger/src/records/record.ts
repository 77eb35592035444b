import {
  Secret,
  type DeviceReference,
  type Enrollment,
  type EnrollmentArtifact,
  type EnrollmentScope,
  type EnrollmentState,
  type EnrollmentWarning,
  type IsoInstant,
  type ManagementMode,
  type Ownership,
  type Platform,
  type Recipient,
  type Uses,
} from "@enrollkit/core";
import type { Selectable } from "kysely";
import type { RecordedOutcome, RecordsTable } from "../storage/tables.js";
import { contextOfRequest, openRequest, secretsContext, type Vault } from "./vault.js";

/** A request as the ledger knows it, and what became of it. No secret is in it. */
export interface LedgerRecord extends EnrollmentScope {
  /** The ledger's own id. */
  readonly id: number;
  /** The name of its run; absent if it was created by itself. */
  readonly run?: string | undefined;
  /** Place in the run, from 0. */
  readonly position?: number | undefined;
  readonly key?: string | undefined;
  readonly provider: string;
  readonly vendor: string;
  readonly outcome: RecordedOutcome;
  /** What became of the enrollment, as far as it was last asked; absent if there is none. */
  readonly state?: EnrollmentState | undefined;
  /** The vendor's id; absent if there is no enrollment. */
  readonly enrollmentId?: string | undefined;
  readonly createdAt?: IsoInstant | undefined;
  readonly expiresAt?: Enrollment["expiresAt"] | undefined;
  readonly uses?: Uses | undefined;
  /** Only if the ledger stores recipients. */
  readonly recipient?: Recipient | undefined;
  /** The device that it is for. */
  readonly device?: DeviceReference | undefined;
  /** The devices that came in by it. */
  readonly devices: readonly DeviceReference[];
  readonly usedAt?: IsoInstant | undefined;
  /** More than the state can say, in one sentence. */
  readonly detail?: string | undefined;
  /** When the vendor last told what became of it. */
  readonly askedAt?: IsoInstant | undefined;
  readonly warnings: readonly EnrollmentWarning[];
  readonly requestIds: readonly string[];
  /** Why there is no enrollment. */
  readonly error?: Readonly<Record<string, unknown>> | undefined;
  /** How often it was sent. */
  readonly tries: number;
  /** The record that it replaces. */
  readonly renews?: number | undefined;
  /** The record that replaces it. */
  readonly renewedBy?: number | undefined;
  /** When the person was taken out of it. */
  readonly erasedAt?: IsoInstant | undefined;
  readonly recordedAt: IsoInstant;
  readonly changedAt: IsoInstant;
  readonly changedBy: string;
}

/** A row of `records`, with the name of its run; and, where it was looked up, the record that renews it. */
export type RecordRow = Selectable<RecordsTable> & {
  readonly run: string | null;
  readonly renewed_by?: number | null;
};

const orUndefined = <Value>(value: Value | null | undefined): Value | undefined => value ?? undefined;

export const toUses = (text: string): Uses => (text === "one" || text === "unlimited" ? text : Number(text));

/** An enrollment that has run out is expired, whatever the vendor was last heard to say. */
const stateAt = ({ state, expires_at: expiresAt }: RecordRow, now: number): EnrollmentState | undefined =>
  state === "pending" && expiresAt !== null && Date.parse(expiresAt) <= now ? "expired" : orUndefined(state);

/** @param now - milliseconds since the Unix epoch. */
export const toRecord = (row: RecordRow, now: number): LedgerRecord => ({
  id: row.id,
  run: orUndefined(row.run),
  position: orUndefined(row.position),
  key: orUndefined(row.key),
  provider: row.provider,
  vendor: row.vendor,
  profile: orUndefined(row.profile),
  platform: orUndefined(row.platform as Platform | null),
  management: orUndefined(row.management as ManagementMode | null),
  ownership: orUndefined(row.ownership as Ownership | null),
  outcome: row.outcome,
  state: stateAt(row, now),
  enrollmentId: orUndefined(row.enrollment_id),
  createdAt: orUndefined(row.created_at),
  expiresAt: orUndefined(row.expiry) as Enrollment["expiresAt"] | undefined,
  uses: row.uses === null ? undefined : toUses(row.uses),
  recipient: orUndefined(row.recipient),
  device: orUndefined(row.device),
  devices: row.devices ?? [],
  usedAt: orUndefined(row.used_at),
  detail: orUndefined(row.detail),
  askedAt: orUndefined(row.asked_at),
  warnings: row.warnings ?? [],
  requestIds: row.request_ids ?? [],
  error: orUndefined(row.error),
  tries: row.tries,
  renews: orUndefined(row.renews),
  renewedBy: orUndefined(row.renewed_by),
  erasedAt: orUndefined(row.erased_at),
  recordedAt: row.recorded_at,
  changedAt: row.changed_at,
  changedBy: row.changed_by,
});

/** The artifacts as they were sealed; none without a key, or when they have been erased. */
const openArtifacts = (
  { id, sealed_secrets: sealed }: RecordRow,
  { keys }: Vault,
): readonly EnrollmentArtifact[] => {
  if (sealed === null || keys.currentId === undefined) return [];
  const artifacts = JSON.parse(keys.open(sealed, secretsContext(id))) as readonly (EnrollmentArtifact & {
    readonly value?: string;
  })[];
  return artifacts.map(({ value, ...artifact }) =>
    value === undefined ? artifact : { ...artifact, value: new Secret(value) },
  ) as readonly EnrollmentArtifact[];
};

const recipientOf = (row: RecordRow, vault: Vault): Recipient | undefined => {
  if (row.recipient !== null) return row.recipient;
  if (row.sealed_request === null || vault.keys.currentId === undefined) return undefined;
  return openRequest(row.sealed_request, contextOfRequest(row), vault).recipient;
};

/**
 * The enrollment that a record is about, with its secrets as far as they were sealed.
 *
 * @returns undefined if there is none.
 * @throws EnrollmentError `failed-precondition` if it was sealed with a key that is not given.
 */
export const toEnrollment = (row: RecordRow, vault: Vault): Enrollment | undefined => {
  if (row.enrollment_id === null || row.created_at === null) return undefined;
  const { key, profile, platform, management, ownership, device, warnings, requestIds, uses, expiresAt } =
    toRecord(row, 0);
  const recipient = recipientOf(row, vault);
  return {
    id: row.enrollment_id,
    provider: row.provider,
    vendor: row.vendor,
    ...(key !== undefined && { key }),
    ...(profile !== undefined && { profile }),
    ...(platform && { platform }),
    ...(management && { management }),
    ...(ownership && { ownership }),
    artifacts: openArtifacts(row, vault),
    createdAt: row.created_at,
    expiresAt: expiresAt ?? "unknown",
    uses: uses ?? "one",
    ...(recipient && { recipient }),
    ...(device && { device }),
    warnings,
    requestIds,
  };
};
