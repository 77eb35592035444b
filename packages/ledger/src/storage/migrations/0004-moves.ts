import { sql, type Kysely } from "kysely";

/** Rows of migrations: which enrollment of which provider each takes the place of, and what became of that one. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    CREATE TABLE moves (
      record_id bigint PRIMARY KEY REFERENCES records ON DELETE CASCADE,
      provider text NOT NULL,
      enrollment_id text NOT NULL,
      skipped text CHECK (skipped IN ('used', 'expired', 'revoked', 'moved')),
      revoked_at timestamptz,
      error jsonb
    )`.execute(db);
  await sql`CREATE INDEX moves_by_enrollment ON moves (provider, enrollment_id)`.execute(db);
};
