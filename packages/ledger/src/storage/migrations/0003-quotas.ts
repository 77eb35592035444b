import { sql, type Kysely } from "kysely";

/** One quota for all processes that share an account. Times are milliseconds since the Unix epoch. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    CREATE TABLE quotas (
      account text PRIMARY KEY,
      taken bigint NOT NULL DEFAULT 0,
      next_at double precision NOT NULL DEFAULT 0,
      paused_until double precision NOT NULL DEFAULT 0,
      share double precision NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1),
      grows_from double precision NOT NULL DEFAULT 0
    )`.execute(db);
};
