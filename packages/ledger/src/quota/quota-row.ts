import { sql, type Kysely, type RawBuilder } from "kysely";
import type { Tables } from "../storage/tables.js";
import type { Spacing } from "./spacing.js";

/** However many 429s come, this share of the rate stays, or nobody would learn that the trouble is over. */
const smallestShare = 1 / 16;
/** Milliseconds in which the whole rate would come back from nothing; from a half it takes half as long. */
const recovery = 60_000;

/** A slot that was taken. */
export interface TakenSlot {
  /** Counts all slots of the account. */
  readonly number: number;
  /** By the database's clock. */
  readonly at: number;
}

/** What the database said; milliseconds from when it said so. */
export interface SlotAnswer {
  /** Absent: the next slot is too far ahead to be taken yet. */
  readonly slot?: TakenSlot;
  /** Until the slot, or the one that could not be taken. */
  readonly wait: number;
  /** Until the next one, a burst aside. */
  readonly next: number;
}

/** The row that all processes share. Each method is one statement, and any of them may be repeated. */
export interface QuotaRow {
  create(db: Kysely<Tables>): Promise<void>;
  /**
   * Takes the next slot.
   *
   * @param excess - milliseconds by which its call may be later than the spacing allows for.
   * @returns undefined if there is no row.
   */
  take(db: Kysely<Tables>, excess: number): Promise<SlotAnswer | undefined>;
  /**
   * A slot's call is later than the spacing allows for by so many milliseconds: slots that are not taken yet make up for
   * it.
   *
   * @returns whether that is enough: slot number + calls was not taken yet.
   */
  postpone(db: Kysely<Tables>, slot: TakenSlot, excess: number): Promise<boolean>;
  /** Nobody gets a slot for so long; then half of the share, which grows again. */
  pause(db: Kysely<Tables>, milliseconds: number): Promise<void>;
}

/** The time of the database, which alone counts: milliseconds since the Unix epoch. */
export const clockTimestamp = (): RawBuilder<number> =>
  sql<number>`(extract(epoch FROM clock_timestamp()) * 1000)::float8`;

interface Taken {
  readonly number: number | null;
  readonly at: number;
  readonly wait: number;
  readonly next: number;
}

/** @param now - makes an SQL expression: float8, milliseconds. */
export const createQuotaRow = (
  account: string,
  { calls, interval, burst, horizon }: Spacing,
  now: () => RawBuilder<number>,
): QuotaRow => {
  const ms = (value: number) => sql<number>`${value}::float8`;
  /** Nothing here moves `next_at` further ahead than that: if it is, the database's clock was set back. */
  const farthest = horizon + (2 * calls + 1 / smallestShare) * interval + 2000;

  /**
   * Nobody waits until it is on the disk. A server that crashes forgets less than a second of it, and is not back before
   * those slots are over. https://www.postgresql.org/docs/current/wal-async-commit.html
   */
  const hurry = sql`set_config('synchronous_commit', 'off', true)`;

  /** The row, locked, and the time since then: whoever waited for the lock must not count by an earlier one. */
  const moment = () => sql`
    quota AS MATERIALIZED (SELECT *, ${hurry} FROM quotas WHERE account = ${account} FOR UPDATE),
    clock AS MATERIALIZED (SELECT *, ${now()} AS now FROM quota),
    moment AS MATERIALIZED (
      SELECT *, least(1, share + greatest(0, now - grows_from) / ${ms(recovery)}) AS part FROM clock)`;

  return {
    create: async (db) => {
      await sql`INSERT INTO quotas (account) VALUES (${account}) ON CONFLICT (account) DO NOTHING`.execute(
        db,
      );
    },
    take: async (db, excess) => {
      const { rows } = await sql<Taken>`
        WITH ${moment()},
        bucket AS (SELECT *, least(next_at, now + ${ms(farthest)}) AS next FROM moment),
        aim AS (
          SELECT *, greatest(now, paused_until,
            next - CASE WHEN part < 1 THEN 0 ELSE ${ms((burst - 1) * interval)} END) AS at FROM bucket),
        slot AS MATERIALIZED (SELECT *, at <= now + ${ms(horizon)} AS is_near FROM aim),
        taken AS (
          UPDATE quotas SET
            taken = slot.taken + slot.is_near::int,
            next_at = CASE WHEN slot.is_near
              THEN greatest(slot.next, slot.at + ${ms(excess)}) + ${ms(interval)} / slot.part
              ELSE slot.next END
          FROM slot WHERE quotas.account = slot.account AND (slot.is_near OR slot.next < slot.next_at)
          RETURNING quotas.taken, quotas.next_at)
        SELECT CASE WHEN slot.is_near THEN taken.taken END AS number, slot.at, slot.at - slot.now AS wait,
          coalesce(taken.next_at, slot.next) - slot.now AS next
        FROM slot LEFT JOIN taken ON true`.execute(db);
      const [row] = rows;
      if (row === undefined) return undefined;
      const { number, at, wait, next } = row;
      return { wait, next, ...(number !== null && { slot: { number, at } }) };
    },
    postpone: async (db, { number, at }, excess) => {
      const { rows } = await sql`
        UPDATE quotas
        SET next_at = greatest(next_at, ${ms(at + excess)} + (taken - ${ms(number)} + 1) * ${ms(interval)})
        WHERE account = ${account} AND taken < ${ms(number + calls)}
        RETURNING taken, ${hurry}`.execute(db);
      return rows.length > 0;
    },
    // Whatever comes in before the share grows again was sent before the pause, or tells nothing new.
    pause: async (db, milliseconds) => {
      await sql`
        WITH ${moment()},
        news AS (
          SELECT *, now >= grows_from AS is_new, now + ${ms(milliseconds)} AS ends,
            greatest(${ms(smallestShare)}, part / 2) AS rest FROM moment),
        slowed AS MATERIALIZED (
          SELECT *, CASE WHEN is_new THEN now + ${ms(interval)} / rest ELSE 0 END AS resumes FROM news)
        UPDATE quotas SET
          paused_until = greatest(slowed.paused_until, slowed.ends),
          share = CASE WHEN slowed.is_new THEN slowed.rest ELSE slowed.share END,
          grows_from = greatest(slowed.grows_from, slowed.ends, slowed.resumes),
          next_at = greatest(slowed.next_at, slowed.resumes)
        FROM slowed WHERE quotas.account = slowed.account`.execute(db);
    },
  };
};
