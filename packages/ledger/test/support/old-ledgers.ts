import { outcomes } from "../../src/storage/tables.js";

const planned = "'2026-11-22T10:00:00Z'";

const records = outcomes
  .map((outcome, position) => {
    const [state, id] = outcome === "created" ? ["'pending'", "'enrollment 1'"] : ["NULL", "NULL"];
    return `(1, ${position}, 'row ${position}', 'phones', 'acme', '{"email":"jane@example.com"}', '${outcome}', ${state}, ${id},
      '2026-11-23T10:00:00.123456Z', ${planned}, ${planned}, 'bulk')`;
  })
  .join(",");

/** What a ledger may hold at each version of its tables, beside what it held at the version before: statements. */
export const contents: Readonly<Record<string, readonly string[]>> = {
  "0001-records": [
    `INSERT INTO facts (name, value, is_sealed) VALUES ('fingerprints', 'c2VjcmV0', false)`,
    `INSERT INTO runs (name, settings, rows, fingerprint, started_at, planned_at) VALUES
      ('phones', '{"provider":"phones"}', ${outcomes.length}, 'f1', ${planned}, ${planned}),
      ('half planned', '{}', NULL, NULL, ${planned}, NULL)`,
    `INSERT INTO records (run_id, position, key, provider, vendor, recipient, outcome, state, enrollment_id,
      expires_at, recorded_at, changed_at, changed_by) VALUES ${records}`,
    `UPDATE records SET outcome = 'sending', changed_at = '2026-11-22T10:00:01Z' WHERE outcome = 'planned'`,
    `UPDATE records SET state = 'used', changed_by = 'sync' WHERE outcome = 'created'`,
    `INSERT INTO records (provider, vendor, outcome, recorded_at, changed_at, changed_by) VALUES
      ('phones', 'acme', 'planned', ${planned}, ${planned}, 'create')`,
  ],
  "0002-workers": [
    `INSERT INTO workers (name, started_at, lease_until) VALUES ('host/1', ${planned}, ${planned})`,
    `UPDATE records SET worker_id = 1, attempt = '0198a1b2-0000-7000-8000-00000000000a' WHERE outcome = 'sending'`,
    `INSERT INTO locks (name, worker_id) VALUES ('phones', 1)`,
    `INSERT INTO jobs (id, run_id, first, last, worker_id) VALUES
      ('0198a1b2-0000-7000-8000-00000000000b', 1, 0, 6, NULL)`,
  ],
  "0003-quotas": [`INSERT INTO quotas (account, taken) VALUES ('phones', 3)`],
};
