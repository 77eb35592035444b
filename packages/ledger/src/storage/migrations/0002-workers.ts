import { sql, type Kysely } from "kysely";

/** Several processes at one run: who works on what, and until when that holds. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    CREATE TABLE workers (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL,
      started_at timestamptz NOT NULL,
      lease_until timestamptz NOT NULL
    )`.execute(db);
  await sql`
    ALTER TABLE records
      ADD COLUMN attempt uuid,
      ADD COLUMN worker_id bigint REFERENCES workers,
      ADD COLUMN asks integer NOT NULL DEFAULT 0`.execute(db);
  await sql`
    CREATE INDEX records_being_sent ON records (provider, worker_id)
      WHERE outcome IN ('sending', 'in-doubt')`.execute(db);
  await sql`
    CREATE TABLE locks (
      name text PRIMARY KEY,
      worker_id bigint NOT NULL REFERENCES workers
    )`.execute(db);
  await sql`
    CREATE TABLE jobs (
      id uuid PRIMARY KEY,
      run_id bigint NOT NULL REFERENCES runs,
      first bigint NOT NULL,
      last bigint NOT NULL,
      worker_id bigint REFERENCES workers,
      UNIQUE (run_id, first)
    )`.execute(db);
};
