import {
  EnrollmentError,
  failureOf,
  supports,
  type EnrollmentRequest,
  type EnrollmentState,
  type EnrollmentSummary,
  type IsoInstant,
} from "@enrollkit/core";
import { sql } from "kysely";
import { hasManyUses as manyUses, integers } from "../records/conditions.js";
import { learnStatuses } from "../records/learn.js";
import { requestContext, sealRequest } from "../records/vault.js";
import type { ExecuteParts } from "../runs/execute-run.js";
import type { RowResult, SentRow } from "../runs/recorder.js";
import { recordRefusals } from "../runs/send-rows.js";
import { storedRows } from "../runs/stored-rows.js";
import type { SkipReason } from "../storage/tables.js";
import { withLifetime } from "./new-request.js";
import { endOf } from "./old-enrollments.js";
import type { StartedMigration } from "./start-migration.js";

/** The old enrollment of a row, as the ledger knows it. */
interface OldFacts {
  /** The new record. */
  readonly id: number;
  readonly enrollmentId: string;
  readonly skipped: SkipReason | null;
  readonly state: EnrollmentState | null;
  readonly createdAt: IsoInstant | null;
  readonly expiry: EnrollmentSummary["expiresAt"] | null;
  readonly hasManyUses: boolean;
}

const factsOf = async (
  { storage }: ExecuteParts,
  ids: readonly number[],
): Promise<ReadonlyMap<number, OldFacts>> => {
  const { rows } = await storage.repeatable((db) =>
    sql<OldFacts>`
      SELECT m.record_id AS id, m.enrollment_id AS "enrollmentId", m.skipped, r.state, r.created_at AS "createdAt",
          r.expiry, COALESCE(${manyUses}, false) AS "hasManyUses"
        FROM moves m JOIN records n ON n.id = m.record_id LEFT JOIN records r ON r.id = n.renews
        WHERE m.record_id IN ${integers(ids)}`.execute(db),
  );
  return new Map(rows.map((row) => [row.id, row]));
};

/** What the old vendor says of them now goes into the ledger's records. */
const askOld = async (
  { storage, signal }: ExecuteParts,
  { old }: StartedMigration,
  facts: readonly OldFacts[],
): Promise<void> => {
  if (!supports(old, "tracking") || facts.length === 0) return;
  const statuses = await old.tracking.getStatuses(
    facts.map(({ enrollmentId: id, createdAt, expiry }) => ({
      id,
      ...(createdAt !== null && { createdAt }),
      ...(expiry !== null && { expiresAt: expiry }),
    })),
    { signal },
  );
  const heard = facts.flatMap(({ enrollmentId: id }, place) => {
    const status = statuses[place];
    return status === undefined ? [] : [{ ...status, id }];
  });
  await learnStatuses(storage, { provider: old.name, heard, by: "migrate", isAnswer: true });
};

const words: Readonly<Record<SkipReason, string>> = {
  used: "its device has come in",
  expired: "it has expired",
  revoked: "it was taken back",
  moved: "another migration has it",
};

const skippedRow = (row: SentRow, reason: SkipReason, from: string): RowResult => ({
  row,
  result: failureOf(
    new EnrollmentError(`not moved from ${from}: ${words[reason]}`, {
      code: reason === "used" ? "already-enrolled" : "failed-precondition",
      path: `requests[${row.position}]`,
    }),
  ),
});

const noteSkipped = async (
  { storage }: ExecuteParts,
  skipped: readonly { readonly id: number; readonly reason: SkipReason }[],
): Promise<void> => {
  await storage.repeatable((db) =>
    sql`
      UPDATE moves m SET skipped = n.reason
        FROM jsonb_to_recordset(${JSON.stringify(skipped)}::jsonb) AS n (id bigint, reason text)
        WHERE m.record_id = n.id`.execute(db),
  );
};

/** What is sent is what is stored: after a crash the vendor is asked about that. */
const storeRequests = async (
  { storage, vault }: ExecuteParts,
  runId: number,
  rows: readonly SentRow[],
): Promise<void> => {
  const changes = rows.map(({ id, position, request }) => ({
    id,
    sealed: sealRequest(request, requestContext(runId, position), vault),
  }));
  await storage.repeatable((db) =>
    sql`
      UPDATE records r SET sealed_request = n.sealed
        FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS n (id bigint, sealed text)
        WHERE r.id = n.id AND r.outcome = 'planned' AND r.sealed_request IS NOT NULL`.execute(db),
  );
};

/** What a row is to ask for now; or why it is not sent. */
type Verdict =
  | { readonly request: EnrollmentRequest }
  | { readonly skipped: SkipReason }
  | { readonly error: EnrollmentError };

const verdictOn = (
  { request }: SentRow,
  facts: OldFacts | undefined,
  { terms, next }: StartedMigration,
  now: number,
): Verdict => {
  const { skipped = null, state = null, expiry = null, hasManyUses = false } = facts ?? {};
  if (skipped !== null) return { skipped };
  const expiresAt = expiry ?? "unknown";
  const ended = endOf({ state: state ?? undefined, expiresAt, hasManyUses }, now);
  if (ended !== undefined) return { skipped: ended };
  try {
    const wish = withLifetime(request, { expiresAt }, terms, next, now);
    return wish === undefined ? { skipped: "expired" } : { request: wish };
  } catch (error) {
    if (EnrollmentError.is(error)) return { error };
    throw error;
  }
};

/** @returns the rows that are to be sent. */
const recheck = async (
  parts: ExecuteParts,
  started: StartedMigration,
  rows: readonly SentRow[],
): Promise<readonly SentRow[]> => {
  const { run, terms } = started;
  const ids = rows.map(({ id }) => id);
  const before = await factsOf(parts, ids);
  await askOld(
    parts,
    started,
    [...before.values()].filter(({ skipped }) => skipped === null),
  );
  const facts = await factsOf(parts, ids);
  const now = parts.storage.clock.now();
  const sent: SentRow[] = [];
  const refused: RowResult[] = [];
  const skipped: { readonly id: number; readonly reason: SkipReason }[] = [];
  for (const row of rows) {
    const verdict = verdictOn(row, facts.get(row.id), started, now);
    if ("request" in verdict) {
      sent.push({ ...row, request: { ...verdict.request, key: row.request.key } });
    } else if ("skipped" in verdict) {
      skipped.push({ id: row.id, reason: verdict.skipped });
      refused.push(skippedRow(row, verdict.skipped, terms.from));
    } else {
      refused.push({
        row,
        result: failureOf(verdict.error.within(`requests[${row.position}]`).with({ provider: terms.from })),
      });
    }
  }
  await noteSkipped(parts, skipped);
  await recordRefusals(parts, refused);
  if (terms.lifetime === "keep") await storeRequests(parts, run.id, sent);
  return sent;
};

/**
 * The rows that are still to be moved, when their turn comes. Old enrollments that were used, expired or taken back in the
 * meantime are left out, and their rows settled with the reason.
 *
 * @throws EnrollmentError if the old vendor can tell what became of them, and cannot be asked.
 */
export async function* rowsToMove(
  parts: ExecuteParts,
  started: StartedMigration,
): AsyncGenerator<readonly SentRow[], void, void> {
  const { storage, vault } = parts;
  const { run } = started;
  const range = { runId: run.id, first: 0, last: (run.rows ?? 0) - 1 };
  for await (const rows of storedRows(storage, vault, range)) {
    const sent = await recheck(parts, started, rows);
    if (sent.length > 0) yield sent;
  }
}
