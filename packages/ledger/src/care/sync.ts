import {
  EnrollmentError,
  enrollmentStates,
  supports,
  toEnrollmentError,
  toIsoInstant,
  type EnrollmentService,
  type EnrollmentState,
  type EnrollmentStatus,
  type EnrollmentTracking,
  type IsoInstant,
  type TrackedEnrollment,
} from "@enrollkit/core";
import { sql, type RawBuilder } from "kysely";
import { hasManyUses, isTakenOver } from "../records/conditions.js";
import { conditionOf, type RecordFilter } from "../records/filter.js";
import { learnStatuses } from "../records/learn.js";
import { unrecorded } from "../records/record-provider.js";
import type { Vault } from "../records/vault.js";
import type { Storage } from "../storage/storage.js";

/** How to bring records up to date. */
export interface SyncOptions {
  /** The providers. */
  readonly service: EnrollmentService;
  /** Only these records; default: all. */
  readonly filter?: RecordFilter | undefined;
  /** Stops it between two calls; what was learned is recorded. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each batch. */
  readonly onProgress?: ((progress: SyncProgress) => void) | undefined;
}

export interface SyncProgress {
  readonly provider: string;
  /** Enrollments of this provider that were asked about so far. */
  readonly asked: number;
}

/** Records by the state that they have now. */
export type StateCounts = Readonly<Record<EnrollmentState, number>>;

/** What was learned from one provider. */
export interface ProviderSync {
  readonly provider: string;
  /** Enrollments that it was asked about, and answered. */
  readonly asked: number;
  /** Those of which something new was learned. */
  readonly changed: StateCounts;
  /** Why it was not asked about the others: it failed, cannot tell, or is not among the providers. */
  readonly error?: EnrollmentError | undefined;
}

/** What was learned. */
export interface SyncReport extends Omit<ProviderSync, "provider" | "error"> {
  readonly providers: readonly ProviderSync[];
}

const batchSize = 500;

/** A vendor may show a device that came in at the last minute later than that; milliseconds. */
const latest = 24 * 60 * 60 * 1000;

/**
 * Whether something may still become of it: it may be used, or was when it ran out and nobody has asked since. Where it is
 * not known when it runs out, a vendor's word that it has is the last.
 */
const isOpenQuestion = sql<boolean>`(
  r.outcome = 'created' AND NOT ${isTakenOver}
    AND (r.state IN ('pending', 'failed', 'unknown') OR (r.state = 'expired' AND r.expires_at IS NOT NULL)
      OR (r.state = 'used' AND ${hasManyUses}))
    AND (r.expires_at IS NULL OR r.asked_at IS NULL
      OR r.asked_at < r.expires_at + ${latest}::double precision * interval '1 millisecond'))`;

const noCounts = Object.fromEntries(enrollmentStates.map((state) => [state, 0])) as StateCounts;

const counted = (counts: StateCounts, states: readonly EnrollmentState[]): StateCounts => {
  const sums: Record<EnrollmentState, number> = { ...counts };
  for (const state of states) sums[state] += 1;
  return sums;
};

interface AskedRow {
  readonly id: number;
  readonly enrollmentId: string;
  readonly createdAt: IsoInstant | null;
  readonly expiry: IsoInstant | "never" | "unknown" | null;
}

const findBatch = async (
  storage: Storage,
  meant: RawBuilder<boolean>,
  provider: string,
  after: number,
): Promise<readonly AskedRow[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<AskedRow>`
      SELECT r.id, r.enrollment_id AS "enrollmentId", r.created_at AS "createdAt", r.expiry FROM records r
        WHERE r.provider = ${provider} AND ${meant} AND ${isOpenQuestion} AND r.id > ${after}
        ORDER BY r.id LIMIT ${batchSize}`.execute(db),
  );
  return rows;
};

const toTracked = ({ enrollmentId, createdAt, expiry }: AskedRow): TrackedEnrollment => ({
  id: enrollmentId,
  ...(createdAt !== null && { createdAt }),
  ...(expiry !== null && { expiresAt: expiry }),
});

/** @throws EnrollmentError `invalid-request` if there is no such provider; `unsupported` if it cannot tell. */
const trackingOf = (service: EnrollmentService, name: string): EnrollmentTracking => {
  const provider = unrecorded(service.provider(name));
  if (supports(provider, "tracking")) return provider.tracking;
  throw new EnrollmentError(`${provider.descriptor.product} cannot tell what became of an enrollment`, {
    code: "unsupported",
    provider: name,
  });
};

const syncProvider = async (
  storage: Storage,
  meant: RawBuilder<boolean>,
  provider: string,
  { service, signal, onProgress }: SyncOptions,
): Promise<ProviderSync> => {
  let asked = 0;
  let changed = noCounts;
  for (let after = 0; ;) {
    signal?.throwIfAborted();
    const rows = await findBatch(storage, meant, provider, after);
    const last = rows.at(-1);
    if (last === undefined) return { provider, asked, changed };
    after = last.id;
    let statuses: readonly EnrollmentStatus[];
    try {
      statuses = await trackingOf(service, provider).getStatuses(rows.map(toTracked), { signal });
    } catch (error) {
      signal?.throwIfAborted();
      return { provider, asked, changed, error: toEnrollmentError(error, provider) };
    }
    const heard = rows.flatMap(({ enrollmentId: id }, place) => {
      const status = statuses[place];
      return status === undefined ? [] : { ...status, id };
    });
    const learned = await learnStatuses(storage, { provider, heard, by: "sync", isAnswer: true });
    asked += heard.length;
    changed = counted(changed, learned.changed);
    onProgress?.({ provider, asked });
  }
};

/** Asks the vendors about every record of which something may still become. One that fails stops no other. */
export const sync = async (storage: Storage, vault: Vault, options: SyncOptions): Promise<SyncReport> => {
  const now = storage.clock.now();
  const meant = conditionOf(options.filter ?? {}, vault, now);
  // Of what is recorded from now on nothing is asked: so the end is reached.
  const begun = sql<boolean>`${meant} AND r.recorded_at <= ${toIsoInstant(now)}::timestamptz`;
  const { rows } = await storage.repeatable((db) =>
    sql<{ provider: string }>`
      SELECT DISTINCT r.provider FROM records r
        WHERE ${begun} AND ${isOpenQuestion} ORDER BY r.provider`.execute(db),
  );
  const providers: ProviderSync[] = [];
  for (const { provider } of rows) providers.push(await syncProvider(storage, begun, provider, options));
  return {
    asked: providers.reduce((sum, { asked }) => sum + asked, 0),
    changed: providers.reduce(
      (sums, { changed }) =>
        Object.fromEntries(
          enrollmentStates.map((state) => [state, sums[state] + changed[state]]),
        ) as StateCounts,
      noCounts,
    ),
    providers,
  };
};
