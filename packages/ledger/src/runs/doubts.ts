import { randomUUID } from "node:crypto";
import {
  failureOf,
  instantMilliseconds,
  mayAnswerLater,
  toEnrollmentError,
  toIsoInstant,
  type EnrollmentProvider,
  type EnrollmentResult,
  type IsoInstant,
  type LostAttempt,
  type ReconciledAttempt,
} from "@enrollkit/core";
import { sql } from "kysely";
import { resultColumns } from "../records/columns.js";
import { reconcileOptions, undecided } from "../records/findings.js";
import { groupedBy } from "./grouped-by.js";
import { withLock } from "./provider-lock.js";
import type { SentRow } from "./recorder.js";
import type { SendParts } from "./send-rows.js";

/** A row of which nobody knows whether the vendor has done it. */
export interface DoubtfulRow {
  readonly id: number;
  readonly position: number;
  readonly provider: string;
  readonly attempt: string;
  readonly sentAt: IsoInstant;
  /** How often the vendor was asked in vain. */
  readonly asks: number;
}

export interface DoubtParts extends SendParts {
  readonly runId: number;
  /** Positions from … to, both included; default: the whole run. */
  readonly range?: { readonly first: number; readonly last: number } | undefined;
  readonly providerOf: (name: string) => EnrollmentProvider;
  /** The rows with their requests. */
  readonly requestsOf: (rows: readonly DoubtfulRow[]) => Promise<ReadonlyMap<number, SentRow>>;
  /** Milliseconds after which the vendor has done whatever was sent before. */
  readonly settling: number;
  /** How often the vendor is asked about one row, if it cannot be asked. */
  readonly mostTries: number;
}

/** Nobody is at it: its answer was lost, or its worker is gone. */
const inDoubt = sql`(r.outcome = 'in-doubt' OR (r.outcome = 'sending' AND EXISTS (
  SELECT FROM workers w WHERE w.id = r.worker_id AND w.lease_until <= clock_timestamp())))`;

const findDoubts = async ({ storage, runId, range }: DoubtParts): Promise<readonly DoubtfulRow[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<DoubtfulRow>`
      SELECT r.id, r.position, r.provider, r.attempt, r.sent_at AS "sentAt", r.asks FROM records r
        WHERE r.run_id = ${runId} AND r.outcome IN ('sending', 'in-doubt') AND ${inDoubt}
          AND r.position BETWEEN ${range?.first ?? 0} AND ${range?.last ?? Number.MAX_SAFE_INTEGER}
        ORDER BY r.position`.execute(db),
  );
  return rows;
};

/** From now on what earlier workers have to say about these rows no longer counts. */
const takeOver = async (
  { storage, lease }: DoubtParts,
  rows: readonly DoubtfulRow[],
): Promise<readonly DoubtfulRow[]> => {
  const attempts = new Map(rows.map(({ attempt }) => [attempt, randomUUID() as string]));
  const taken = rows.map((row) => ({ ...row, attempt: attempts.get(row.attempt) ?? randomUUID() }));
  const changes = rows.map(({ id, attempt }) => ({ id, from: attempt, to: attempts.get(attempt) }));
  const { rows: ours } = await storage.repeatable((db) =>
    sql<{ id: number }>`
      UPDATE records r
        SET outcome = 'in-doubt', attempt = n.to, worker_id = ${lease.workerId},
          changed_at = ${toIsoInstant(storage.clock.now())}, changed_by = ${lease.name}
        FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS n (id bigint, "from" uuid, "to" uuid)
        WHERE r.id = n.id AND ((r.attempt = n.from AND ${inDoubt}) OR (r.attempt = n.to AND r.outcome = 'in-doubt'))
        RETURNING r.id`.execute(db),
  );
  const ids = new Set(ours.map(({ id }) => id));
  return taken.filter(({ id }) => ids.has(id));
};

/**
 * What was sent together is asked about together: a vendor may tell it by that. Where each request was a call of its own,
 * all of them are asked about at once, so that one thing is not taken for the result of two.
 */
const groupsOf = (provider: EnrollmentProvider, rows: readonly DoubtfulRow[]) =>
  provider.bulk === undefined ? [rows] : [...groupedBy(rows, ({ attempt }) => attempt).values()];

const cannotTell = (reason: string, askAgain = false): ReconciledAttempt => ({
  status: "undecided",
  reason,
  checkByHand: "look for it in the vendor's console before sending it again",
  ...(askAgain && { askAgain }),
});

const ask = async (
  parts: DoubtParts,
  provider: EnrollmentProvider,
  attempts: readonly LostAttempt[],
): Promise<readonly ReconciledAttempt[]> => {
  const { reconciliation, descriptor } = provider;
  if (reconciliation === undefined) {
    return attempts.map(() => cannotTell(`${descriptor.product} cannot be asked what became of it`));
  }
  try {
    return await reconciliation.reconcile(attempts, reconcileOptions(parts.storage, provider, parts.signal));
  } catch (error) {
    parts.signal.throwIfAborted();
    parts.lease.assertHeld();
    const failure = toEnrollmentError(error, provider.name);
    const reason = `the vendor could not be asked what became of it: ${failure.message}`;
    return attempts.map(() => cannotTell(reason, mayAnswerLater(failure)));
  }
};

/** @returns how many rows are to be asked about again. */
const settleGroup = async (
  parts: DoubtParts,
  provider: EnrollmentProvider,
  group: readonly DoubtfulRow[],
): Promise<number> => {
  const { attempts, vault, deliver } = parts;
  const requests = await parts.requestsOf(group);
  const sought: { readonly row: DoubtfulRow; readonly sent: SentRow }[] = [];
  const forgotten: DoubtfulRow[] = [];
  for (const row of group) {
    const sent = requests.get(row.id);
    if (sent === undefined) forgotten.push(row);
    else sought.push({ row, sent });
  }
  const findings = await ask(
    parts,
    provider,
    sought.map(({ row: { sentAt }, sent: { request } }) => ({ request, sentAt })),
  );
  const absent: DoubtfulRow[] = [];
  const postponed: DoubtfulRow[] = [];
  const results = sought.flatMap(({ row, sent }, place) => {
    const finding = findings[place] ?? cannotTell("the provider gave no answer");
    if (finding.status === "absent") {
      absent.push(row);
      return [];
    }
    if (finding.status === "undecided" && finding.askAgain === true && row.asks + 1 < parts.mostTries) {
      postponed.push(row);
      return [];
    }
    const result: EnrollmentResult =
      finding.status === "created"
        ? finding
        : failureOf(undecided(provider, finding.reason, finding.checkByHand));
    return [{ row: sent, result, attempt: row.attempt }];
  });
  await deliver(results);
  const lost = failureOf(
    undecided(provider, "its request is no longer stored", "look at what the vendor has"),
  );
  await attempts.settle([
    ...results.map(({ row, result, attempt }) =>
      resultColumns({ id: row.id, attempt }, result, vault, "asked"),
    ),
    ...forgotten.map((row) => resultColumns(row, lost, vault, "asked")),
  ]);
  await attempts.release(absent);
  await attempts.postpone(postponed);
  return postponed.length;
};

/**
 * Asks the vendors what became of rows whose answer was lost, or whose worker is gone. What did not happen is planned
 * again.
 *
 * @returns how many rows are still in doubt: their vendor could not be asked.
 */
export const settleDoubts = async (parts: DoubtParts): Promise<number> => {
  const { storage, lease, settling, signal } = parts;
  const doubts = await findDoubts(parts);
  let postponed = 0;
  for (const [name, rows] of groupedBy(doubts, ({ provider }) => provider)) {
    const provider = parts.providerOf(name);
    const latest = Math.max(...rows.map(({ sentAt }) => instantMilliseconds(sentAt)));
    // A clock that was set back makes nobody wait for longer than this.
    const wait = Math.min(latest + settling - storage.clock.now(), settling);
    if (wait > 0) await storage.clock.sleep(wait, signal);
    await withLock(storage, lease, `reconciliation of ${name}`, signal, async () => {
      const ours = await takeOver(parts, rows);
      for (const group of groupsOf(provider, ours)) {
        if (group.length > 0) postponed += await settleGroup(parts, provider, group);
      }
    });
  }
  return postponed;
};
