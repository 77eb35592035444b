import { randomUUID } from "node:crypto";
import {
  EnrollmentError,
  failureOf,
  instantMilliseconds,
  toEnrollmentError,
  toIsoInstant,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentService,
  type IsoInstant,
  type LostAttempt,
  type ReconciledAttempt,
} from "@enrollkit/core";
import { sql, type RawBuilder } from "kysely";
import type { LedgerParts } from "../ledger-parts.js";
import { createAttempts } from "../records/attempts.js";
import { resultColumns, type ResultColumns } from "../records/columns.js";
import { hasWorker, integers, texts } from "../records/conditions.js";
import { findingColumns, reconcileOptions, undecided } from "../records/findings.js";
import { unrecorded } from "../records/record-provider.js";
import { openRequest, singleRequestContext, type Vault } from "../records/vault.js";
import { groupedBy } from "../runs/grouped-by.js";
import { withLock } from "../runs/provider-lock.js";
import type { Lease } from "../work/lease.js";

/** How to find out what became of creates in doubt. */
export interface SettleOptions {
  /** The providers. */
  readonly service: EnrollmentService;
  /** Stops it; what was found out is recorded. */
  readonly signal?: AbortSignal | undefined;
}

/** What was found out. */
export interface SettleReport {
  /** They did happen. */
  readonly created: number;
  /** They did not. Nobody sends them again by himself. */
  readonly failed: number;
  /** The vendor cannot tell, or nobody knows what to ask for. */
  readonly unknown: number;
  /** Still in doubt: the vendor could not be asked. */
  readonly postponed: number;
  /** Providers that could not be asked, and why. */
  readonly failures: readonly { readonly provider: string; readonly error: EnrollmentError }[];
}

interface DoubtfulRow {
  readonly id: number;
  readonly provider: string;
  readonly attempt: string;
  readonly sentAt: IsoInstant;
  readonly intent: string;
  readonly key: string | null;
  readonly sealed: string | null;
}

/** Requests that were not stored, by their records. */
type KnownRequests = ReadonlyMap<number, EnrollmentRequest>;

const never = new AbortController().signal;

/**
 * Creates outside of runs of which nobody knows what became: the answer was lost, its worker is gone, or what this process
 * has to say of it could not be recorded. A vendor that could not tell before may know by now.
 */
const inDoubt = (lease: Lease, underWay: ReadonlySet<string>) =>
  sql<boolean>`(r.run_id IS NULL AND r.attempt IS NOT NULL AND r.erased_at IS NULL
    AND r.outcome IN ('sending', 'in-doubt', 'unknown')
    AND (r.outcome <> 'sending' OR NOT ${hasWorker}
      OR (r.worker_id = ${lease.workerId} AND r.attempt::text NOT IN ${texts([...underWay])})))`;

const findDoubts = async (
  { storage }: LedgerParts,
  where: RawBuilder<boolean>,
): Promise<readonly DoubtfulRow[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<DoubtfulRow>`
      SELECT r.id, r.provider, r.attempt, r.sent_at AS "sentAt", r.intent, r.key, r.sealed_request AS sealed
        FROM records r WHERE ${where} ORDER BY r.id`.execute(db),
  );
  return rows;
};

/** From now on what anybody else has to say about these creates no longer counts. */
const takeOver = async (
  { storage }: LedgerParts,
  lease: Lease,
  rows: readonly DoubtfulRow[],
): Promise<readonly DoubtfulRow[]> => {
  const attempt = randomUUID();
  const at = toIsoInstant(storage.clock.now());
  const changes = rows.map(({ id, attempt: from }) => ({ id, from }));
  const { rows: ours } = await storage.repeatable((db) =>
    sql<{ id: number }>`
      UPDATE records r
        SET outcome = CASE WHEN r.outcome = 'sending' THEN 'in-doubt' ELSE r.outcome END,
          attempt = ${attempt}::uuid, worker_id = ${lease.workerId}, changed_at = ${at}, changed_by = ${lease.name}
        FROM jsonb_to_recordset(${JSON.stringify(changes)}::jsonb) AS n (id bigint, "from" uuid)
        WHERE r.id = n.id AND r.outcome IN ('sending', 'in-doubt', 'unknown')
          AND r.attempt IN (n.from, ${attempt}::uuid)
        RETURNING r.id`.execute(db),
  );
  const ids = new Set(ours.map(({ id }) => id));
  return rows.filter(({ id }) => ids.has(id)).map((row) => ({ ...row, attempt }));
};

/** @returns why it is not known, if it is not. */
const requestOf = (
  { id, sealed, intent, key }: DoubtfulRow,
  vault: Vault,
  known: KnownRequests | undefined,
): EnrollmentRequest | EnrollmentError => {
  if (sealed === null) {
    const request = known?.get(id);
    if (request !== undefined) return request;
    return new EnrollmentError("the ledger had no key", {
      code: "failed-precondition",
      advice: "look for it in the vendor's console; with a key the ledger finds out by itself next time",
    });
  }
  try {
    return { ...openRequest(sealed, singleRequestContext(intent), vault), ...(key !== null && { key }) };
  } catch (error) {
    if (EnrollmentError.is(error)) return error;
    throw error;
  }
};

const forgotten = (provider: EnrollmentProvider, { message, advice }: EnrollmentError) =>
  failureOf(
    undecided(
      provider,
      `what was asked for is not known: ${message}`,
      advice ?? "look for it in the vendor's console",
    ),
  );

/** What the vendor says; nothing if it could not be asked. */
interface Answer {
  readonly findings: readonly ReconciledAttempt[];
  readonly error?: EnrollmentError;
}

const ask = async (
  { storage }: LedgerParts,
  lease: Lease,
  provider: EnrollmentProvider,
  lost: readonly LostAttempt[],
  signal: AbortSignal,
): Promise<Answer> => {
  if (lost.length === 0) return { findings: [] };
  const { reconciliation, descriptor, name } = provider;
  if (reconciliation === undefined) {
    const reason = `${descriptor.product} cannot be asked what became of it`;
    const checkByHand = "look for it in the vendor's console before sending it again";
    return { findings: lost.map(() => ({ status: "undecided", reason, checkByHand })) };
  }
  try {
    return { findings: await reconciliation.reconcile(lost, reconcileOptions(storage, provider, signal)) };
  } catch (error) {
    signal.throwIfAborted();
    lease.assertHeld();
    return { findings: [], error: toEnrollmentError(error, name) };
  }
};

/** What is known of one provider's creates now. */
interface Settled {
  readonly results: readonly ResultColumns[];
  readonly error?: EnrollmentError;
}

const settleProvider = async (
  parts: LedgerParts,
  lease: Lease,
  provider: EnrollmentProvider,
  doubts: readonly DoubtfulRow[],
  known: KnownRequests | undefined,
  signal: AbortSignal,
): Promise<Settled> => {
  const { storage, vault, options, turns } = parts;
  const sentLast = Math.max(...doubts.map(({ sentAt }) => instantMilliseconds(sentAt)));
  // A clock that was set back makes nobody wait for longer than this.
  const wait = Math.min(sentLast + options.settling - storage.clock.now(), options.settling);
  if (wait > 0) await storage.clock.sleep(wait, signal);
  return turns(provider.name, () =>
    withLock(storage, lease, `reconciliation of ${provider.name}`, signal, async () => {
      const results: ResultColumns[] = [];
      const sought: { readonly row: DoubtfulRow; readonly lost: LostAttempt }[] = [];
      for (const row of await takeOver(parts, lease, doubts)) {
        const request = requestOf(row, vault, known);
        if (!EnrollmentError.is(request)) sought.push({ row, lost: { request, sentAt: row.sentAt } });
        else results.push(resultColumns(row, forgotten(provider, request), vault, "asked"));
      }
      const lost = sought.map((each) => each.lost);
      const { findings, error } = await ask(parts, lease, provider, lost, signal);
      if (error === undefined) {
        for (const [place, { row }] of sought.entries()) {
          results.push(...findingColumns(row, findings[place], provider, vault));
        }
      }
      await createAttempts(storage, lease).settle(results);
      return { results, ...(error && { error }) };
    }),
  );
};

const providerOf = (service: EnrollmentService, name: string): EnrollmentProvider | EnrollmentError => {
  try {
    return unrecorded(service.provider(name));
  } catch (error) {
    return toEnrollmentError(error, name);
  }
};

/**
 * Asks the vendors what became of creates outside of runs that are in doubt.
 *
 * @param known - only these records, by their ids, with the requests that they stand for; default: all.
 */
export const settle = (
  parts: LedgerParts,
  { service, signal = never }: SettleOptions,
  known?: KnownRequests,
): Promise<SettleReport> =>
  parts.held.use(async (lease) => {
    const doubtful = inDoubt(lease, parts.underWay);
    const doubts = await findDoubts(
      parts,
      known === undefined ? doubtful : sql`${doubtful} AND r.id IN ${integers([...known.keys()])}`,
    );
    const results: ResultColumns[] = [];
    const failures: { readonly provider: string; readonly error: EnrollmentError }[] = [];
    for (const [name, rows] of groupedBy(doubts, ({ provider }) => provider)) {
      signal.throwIfAborted();
      const provider = providerOf(service, name);
      const settled = EnrollmentError.is(provider)
        ? { results: [], error: provider }
        : await settleProvider(parts, lease, provider, rows, known, signal);
      results.push(...settled.results);
      if (settled.error !== undefined) failures.push({ provider: name, error: settled.error });
    }
    const count = (wanted: string) => results.filter(({ outcome }) => outcome === wanted).length;
    return {
      created: count("created"),
      failed: count("failed"),
      unknown: count("unknown"),
      postponed: doubts.length - results.length,
      failures,
    };
  });
