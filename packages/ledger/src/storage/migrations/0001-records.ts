import { sql, type Kysely } from "kysely";

/** Runs, records and their history. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`
    CREATE TABLE facts (
      name text PRIMARY KEY,
      value text NOT NULL,
      is_sealed boolean NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE runs (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name text NOT NULL UNIQUE,
      settings jsonb NOT NULL,
      rows bigint,
      fingerprint text,
      started_at timestamptz NOT NULL,
      planned_at timestamptz
    )`.execute(db);
  await sql`
    CREATE TABLE records (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      run_id bigint REFERENCES runs,
      position bigint,
      intent text UNIQUE,
      key text,
      provider text NOT NULL,
      vendor text NOT NULL,
      profile text,
      platform text,
      management text,
      ownership text,
      recipient jsonb,
      recipient_hash text,
      device jsonb,
      request_fingerprint text,
      sealed_request text,
      outcome text NOT NULL
        CHECK (outcome IN ('planned', 'sending', 'in-doubt', 'created', 'failed', 'unknown', 'set-aside')),
      state text CHECK (state IN ('pending', 'used', 'failed', 'expired', 'revoked', 'unknown')),
      enrollment_id text,
      created_at timestamptz,
      expires_at timestamptz,
      expiry text,
      uses text,
      request_ids jsonb,
      warnings jsonb,
      error jsonb,
      secret_fingerprint text,
      sealed_secrets text,
      used_at timestamptz,
      devices jsonb,
      detail text,
      asked_at timestamptz,
      sent_at timestamptz,
      tries integer NOT NULL DEFAULT 0,
      renews bigint REFERENCES records ON DELETE SET NULL,
      replaced_at timestamptz,
      erased_at timestamptz,
      recorded_at timestamptz NOT NULL,
      changed_at timestamptz NOT NULL,
      changed_by text NOT NULL,
      CHECK (outcome <> 'created' OR (state IS NOT NULL AND enrollment_id IS NOT NULL)),
      UNIQUE (run_id, position)
    )`.execute(db);
  await sql`
    CREATE TABLE history (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      record_id bigint NOT NULL,
      at timestamptz NOT NULL,
      by text NOT NULL,
      outcome text NOT NULL,
      state text,
      event text NOT NULL DEFAULT 'changed' CHECK (event IN ('changed', 'erased'))
    )`.execute(db);
  await sql`CREATE INDEX history_of_record ON history (record_id)`.execute(db);
  await sql`CREATE INDEX records_by_enrollment ON records (provider, enrollment_id)`.execute(db);
  await sql`CREATE INDEX records_by_state ON records (state, id)`.execute(db);
  await sql`
    CREATE INDEX records_by_expiry ON records (expires_at, id) WHERE state IN ('pending', 'used')`.execute(
    db,
  );
  await sql`
    CREATE INDEX records_by_recipient ON records (recipient_hash) WHERE recipient_hash IS NOT NULL`.execute(
    db,
  );
  await sql`
    CREATE INDEX records_by_key ON records (key) WHERE key IS NOT NULL`.execute(db);
  await sql`
    CREATE INDEX records_to_do ON records (run_id, position)
      WHERE outcome IN ('planned', 'sending', 'in-doubt')`.execute(db);
  await sql`
    CREATE INDEX records_in_doubt ON records (id)
      WHERE run_id IS NULL AND outcome IN ('sending', 'in-doubt', 'unknown')`.execute(db);
  await sql`CREATE INDEX records_of_renewal ON records (renews) WHERE renews IS NOT NULL`.execute(db);

  // Nobody can forget to write history: the database does. A planned row has none yet.
  await sql`
    CREATE FUNCTION write_history() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'INSERT' THEN
        INSERT INTO history (record_id, at, by, outcome, state)
          SELECT id, changed_at, changed_by, outcome, state FROM changed WHERE outcome <> 'planned';
      ELSE
        INSERT INTO history (record_id, at, by, outcome, state)
          SELECT changed.id, changed.changed_at, changed.changed_by, changed.outcome, changed.state
            FROM changed JOIN before USING (id)
            WHERE (changed.outcome, changed.state) IS DISTINCT FROM (before.outcome, before.state);
      END IF;
      RETURN NULL;
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER insert_history AFTER INSERT ON records
      REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION write_history()`.execute(db);
  await sql`
    CREATE TRIGGER update_history AFTER UPDATE ON records
      REFERENCING OLD TABLE AS before NEW TABLE AS changed
      FOR EACH STATEMENT EXECUTE FUNCTION write_history()`.execute(db);

  await sql`
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' AND current_setting('enrollkit.purging', true) = 'on' THEN RETURN NULL; END IF;
      RAISE EXCEPTION 'the history is append-only';
    END $$`.execute(db);
  await sql`
    CREATE TRIGGER keep_history BEFORE UPDATE OR DELETE OR TRUNCATE ON history
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`.execute(db);
};
