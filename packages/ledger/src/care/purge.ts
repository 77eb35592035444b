import type { IsoInstant } from "@enrollkit/core";
import { sql, type Kysely, type RawBuilder } from "kysely";
import { isLive } from "../records/conditions.js";
import { conditionOf, instantOf, type RecordFilter } from "../records/filter.js";
import type { Vault } from "../records/vault.js";
import type { Storage } from "../storage/storage.js";
import type { Tables } from "../storage/tables.js";

/** What is to be forgotten. */
export interface PurgeOptions {
  /** Records to which nothing has happened since then. */
  readonly before: IsoInstant;
  /** Of these only; default: all. */
  readonly filter?: RecordFilter | undefined;
  /**
   * `keep` (default): what lives stays, for whoever forgets it can neither revoke it nor tell who came in by it. `purge`:
   * it goes too, and still works.
   */
  readonly live?: "keep" | "purge" | undefined;
  /** `true`: only counts. */
  readonly dryRun?: boolean | undefined;
}

/** What was forgotten, or would be. */
export interface Purged {
  readonly records: number;
  readonly runs: number;
}

const batchSize = 1000;

/** What it was moved from lives still: whoever forgets it can neither take that back nor tell that it was moved. */
const isMoving = (now: number) =>
  sql<boolean>`r.id IN (
    SELECT m.record_id FROM moves m JOIN records n ON n.id = m.record_id JOIN records r ON r.id = n.renews
      WHERE n.outcome = 'created' AND m.revoked_at IS NULL AND ${isLive(now)})`;

/** What may go, over a table `records` that goes by the name `r`. What is open, or being replaced, never does. */
const purgeable = (
  { before, filter = {}, live = "keep" }: PurgeOptions,
  vault: Vault,
  now: number,
): RawBuilder<boolean> => {
  const at = instantOf(before, "before");
  const spared =
    live === "keep" ? sql<boolean>`(NOT ${isLive(now)} AND NOT ${isMoving(now)})` : sql<boolean>`true`;
  return sql`(${conditionOf(filter, vault, now)} AND r.outcome NOT IN ('planned', 'sending', 'in-doubt')
    AND r.changed_at < ${at}::timestamptz AND ${spared}
    AND NOT EXISTS (
      SELECT FROM records n WHERE n.renews = r.id AND n.outcome IN ('planned', 'sending', 'in-doubt')))`;
};

/**
 * Runs that go, with all their rows: those that are planned to the end, and of which no row has to stay. Half a run would
 * be sent once more when it is started again.
 */
const purgeableRuns = (meant: RawBuilder<boolean>, before: IsoInstant) =>
  sql<{ id: number; records: number }>`
    SELECT runs.id, (SELECT count(*) FROM records r WHERE r.run_id = runs.id)::bigint AS records FROM runs
      WHERE runs.rows IS NOT NULL AND runs.planned_at < ${before}::timestamptz
        AND NOT EXISTS (SELECT FROM records r WHERE r.run_id = runs.id AND NOT ${meant})
        AND (runs.rows = 0 OR EXISTS (SELECT FROM records r WHERE r.run_id = runs.id))
      ORDER BY runs.id`;

const inPurge = <Result>(
  storage: Storage,
  work: (transaction: Kysely<Tables>) => Promise<Result>,
): Promise<Result> =>
  storage.repeatable((db) =>
    db.transaction().execute(async (transaction) => {
      await sql`SET LOCAL enrollkit.purging = 'on'`.execute(transaction);
      return work(transaction);
    }),
  );

/** @returns how many records went: none if the run has come to life again in the meantime. */
const purgeRun = (storage: Storage, id: number, meant: RawBuilder<boolean>): Promise<number | undefined> =>
  inPurge(storage, async (transaction) => {
    await sql`SELECT FROM runs WHERE id = ${id} FOR UPDATE`.execute(transaction);
    const kept = await sql`
      SELECT FROM records r WHERE r.run_id = ${id} AND NOT ${meant} LIMIT 1`.execute(transaction);
    if (kept.rows.length > 0) return undefined;
    await sql`
      DELETE FROM history h USING records r WHERE h.record_id = r.id AND r.run_id = ${id}`.execute(
      transaction,
    );
    await sql`DELETE FROM jobs WHERE run_id = ${id}`.execute(transaction);
    const { rows } = await sql<{ count: number }>`
      WITH gone AS (DELETE FROM records WHERE run_id = ${id} RETURNING 1)
        SELECT count(*)::bigint AS count FROM gone`.execute(transaction);
    await sql`DELETE FROM runs WHERE id = ${id}`.execute(transaction);
    return rows[0]?.count ?? 0;
  });

/** A batch of records that belong to no run. @returns how many went. */
const purgeSingles = (storage: Storage, meant: RawBuilder<boolean>): Promise<number> =>
  inPurge(storage, async (transaction) => {
    const { rows } = await sql<{ count: number }>`
      WITH gone AS (
        DELETE FROM records WHERE id IN (
          SELECT r.id FROM records r WHERE r.run_id IS NULL AND ${meant}
            ORDER BY r.id LIMIT ${batchSize} FOR UPDATE)
          RETURNING id
      ), forgotten AS (DELETE FROM history WHERE record_id IN (SELECT id FROM gone))
      SELECT count(*)::bigint AS count FROM gone`.execute(transaction);
    return rows[0]?.count ?? 0;
  });

const countPurgeable = async (storage: Storage, meant: RawBuilder<boolean>, before: IsoInstant) => {
  const { rows } = await storage.repeatable((db) =>
    sql<{ singles: number; records: number; runs: number }>`
      SELECT (SELECT count(*) FROM records r WHERE r.run_id IS NULL AND ${meant})::bigint AS singles,
          COALESCE(sum(n.records), 0)::bigint AS records, count(*)::bigint AS runs
        FROM (${purgeableRuns(meant, before)}) n`.execute(db),
  );
  const { singles = 0, records = 0, runs = 0 } = rows[0] ?? {};
  return { records: singles + records, runs };
};

/** Deletes what is settled and old, with its history; in batches, each of which is whole. */
export const purge = async (storage: Storage, vault: Vault, options: PurgeOptions): Promise<Purged> => {
  const meant = purgeable(options, vault, storage.clock.now());
  const before = instantOf(options.before, "before");
  if (options.dryRun === true) return countPurgeable(storage, meant, before);
  let records = 0;
  let runs = 0;
  const found = await storage.repeatable((db) => purgeableRuns(meant, before).execute(db));
  for (const { id } of found.rows) {
    const gone = await purgeRun(storage, id, meant);
    if (gone === undefined) continue;
    records += gone;
    runs += 1;
  }
  for (;;) {
    const gone = await purgeSingles(storage, meant);
    if (gone === 0) return { records, runs };
    records += gone;
  }
};
