import {
  supports,
  type DeviceReference,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentState,
  type EnrollmentSummary,
  type IsoInstant,
  type Recipient,
  type Uses,
} from "@enrollkit/core";
import { sql } from "kysely";
import { isLive, isTakenOver, texts } from "../records/conditions.js";
import { pageSize, selectRecords } from "../records/find-records.js";
import { toUses, type RecordRow } from "../records/record.js";
import { contextOfRequest, openRequest, type Vault } from "../records/vault.js";
import { inChunks } from "../runs/in-chunks.js";
import type { Storage } from "../storage/storage.js";
import { findMoved } from "./moved.js";

/** A live enrollment of the old provider: what its list says of it, and what the ledger knows beside. */
export interface OldEnrollment {
  /** The vendor's id. */
  readonly id: string;
  /** The ledger's newest record of it. */
  readonly record: number | undefined;
  readonly state: EnrollmentState;
  readonly createdAt: IsoInstant | undefined;
  readonly expiresAt: EnrollmentSummary["expiresAt"];
  readonly uses: Uses | undefined;
  readonly profile: string | undefined;
  readonly recipient: Recipient | undefined;
  readonly device: DeviceReference | undefined;
  readonly tags: readonly string[] | undefined;
  /** The name of another migration to the same provider that has it. */
  readonly movedBy: string | undefined;
}

export interface OldParts {
  readonly storage: Storage;
  readonly vault: Vault;
  readonly old: EnrollmentProvider;
  /** The name of the provider that it goes to. */
  readonly to: string;
  readonly signal: AbortSignal;
}

/** What was asked for, as far as it is stored and can be opened. */
const requestOf = (row: RecordRow, vault: Vault): EnrollmentRequest =>
  row.sealed_request === null || vault.keys.currentId === undefined
    ? {}
    : openRequest(row.sealed_request, contextOfRequest(row), vault);

/** A list tells less than was asked for, or more: what it tells counts. */
const joined = (
  summary: Omit<EnrollmentSummary, "provider" | "vendor">,
  row: RecordRow | undefined,
  movedBy: string | undefined,
  vault: Vault,
): OldEnrollment => {
  const asked = row === undefined ? {} : requestOf(row, vault);
  const recipient = { ...(row?.recipient ?? undefined), ...asked.recipient, ...summary.recipient };
  const device = { ...(row?.device ?? undefined), ...asked.device, ...summary.device };
  return {
    id: summary.id,
    record: row?.id,
    state: summary.state,
    createdAt: summary.createdAt ?? row?.created_at ?? undefined,
    expiresAt: summary.expiresAt,
    uses: summary.uses ?? (row?.uses == null ? undefined : toUses(row.uses)),
    profile: row?.profile ?? undefined,
    recipient: Object.keys(recipient).length === 0 ? undefined : recipient,
    device: Object.keys(device).length === 0 ? undefined : device,
    tags: summary.tags ?? asked.tags,
    movedBy,
  };
};

const newestRecords = async (
  { storage, old }: OldParts,
  ids: readonly string[],
): Promise<ReadonlyMap<string, RecordRow>> => {
  const where = sql<boolean>`r.provider = ${old.name} AND r.outcome = 'created'
    AND r.enrollment_id IN ${texts(ids)}`;
  const { rows } = await storage.repeatable((db) =>
    selectRecords(where, sql`r.id`, Number.MAX_SAFE_INTEGER).execute(db),
  );
  return new Map(rows.map((row) => [row.enrollment_id ?? "", row]));
};

/** A list may show one twice, when it changes while it is read. */
const once = async function* (
  summaries: AsyncIterable<EnrollmentSummary>,
): AsyncGenerator<EnrollmentSummary, void, void> {
  const seen = new Set<string>();
  for await (const summary of summaries) {
    if (seen.has(summary.id)) continue;
    seen.add(summary.id);
    yield summary;
  }
};

const fromList = async function* (
  parts: OldParts,
  summaries: AsyncIterable<EnrollmentSummary>,
): AsyncGenerator<OldEnrollment, void, void> {
  for await (const chunk of inChunks(once(summaries), pageSize)) {
    const ids = chunk.map(({ id }) => id);
    const records = await newestRecords(parts, ids);
    const moved = await findMoved(parts.storage, { from: parts.old.name, to: parts.to }, ids);
    for (const summary of chunk) {
      yield joined(summary, records.get(summary.id), moved.get(summary.id), parts.vault);
    }
  }
};

/** What lives as far as the ledger knows. */
const fromRecords = async function* (parts: OldParts): AsyncGenerator<OldEnrollment, void, void> {
  const { storage, vault, old, to, signal } = parts;
  const live = sql<boolean>`r.provider = ${old.name} AND ${isLive(storage.clock.now())} AND NOT ${isTakenOver}`;
  for (let after = 0; ;) {
    signal.throwIfAborted();
    const page = selectRecords(sql`${live} AND r.id > ${after}`, sql`r.id`, pageSize);
    const { rows } = await storage.repeatable((db) => page.execute(db));
    const ids = rows.map((row) => row.enrollment_id ?? "");
    const moved = await findMoved(storage, { from: old.name, to }, ids);
    for (const [place, id] of ids.entries()) {
      const row = rows[place] as RecordRow;
      const expiresAt = (row.expiry ?? "unknown") as EnrollmentSummary["expiresAt"];
      yield joined({ id, state: row.state ?? "unknown", expiresAt }, row, moved.get(id), vault);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.id;
  }
};

/** What is live at the old provider: by its own list, or else by the ledger's records. */
export const oldEnrollments = (parts: OldParts): AsyncIterable<OldEnrollment> =>
  supports(parts.old, "listing")
    ? fromList(parts, parts.old.listing.list({ signal: parts.signal }))
    : fromRecords(parts);

/** Whether, and why, nobody can come in by it any more. Of one whose vendor does not know it, nobody knows. */
export const endOf = (
  {
    state,
    expiresAt,
    hasManyUses,
  }: {
    readonly state: EnrollmentState | undefined;
    readonly expiresAt: EnrollmentSummary["expiresAt"];
    readonly hasManyUses: boolean;
  },
  now: number,
): "used" | "revoked" | "expired" | undefined => {
  if (state === "revoked" || state === "expired") return state;
  if (state === "used" && !hasManyUses) return "used";
  const ends = expiresAt === "never" || expiresAt === "unknown" ? Infinity : Date.parse(expiresAt);
  return ends <= now ? "expired" : undefined;
};

/** Of one whose uses are not known it is believed that it lets one in. */
export const hasManyUses = (uses: Uses | undefined): boolean =>
  uses !== undefined && uses !== "one" && uses !== 1;
