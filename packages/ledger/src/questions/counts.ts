import type { EnrollmentState } from "@enrollkit/core";
import { sql } from "kysely";
import { isLapsed } from "../records/conditions.js";
import { conditionOf, type RecordFilter } from "../records/filter.js";
import type { Vault } from "../records/vault.js";
import type { RecordedOutcome } from "../storage/tables.js";
import type { Storage } from "../storage/storage.js";

/** How many records of one provider have come as far as this. */
export interface RecordCount {
  /** Empty if no provider could be chosen for them. */
  readonly provider: string;
  readonly outcome: RecordedOutcome;
  /** Of those that were created. */
  readonly state?: EnrollmentState | undefined;
  readonly count: number;
}

/** How many records a filter means. */
export const countRecords = async (storage: Storage, vault: Vault, filter: RecordFilter): Promise<number> => {
  const meant = conditionOf(filter, vault, storage.clock.now());
  const { rows } = await storage.repeatable((db) =>
    sql<{ count: number }>`SELECT count(*)::bigint AS count FROM records r WHERE ${meant}`.execute(db),
  );
  return rows[0]?.count ?? 0;
};

/** How many there are by provider, outcome and state; in that order, and none that is zero. */
export const summarize = async (
  storage: Storage,
  vault: Vault,
  filter: RecordFilter,
): Promise<readonly RecordCount[]> => {
  const now = storage.clock.now();
  const { rows } = await storage.repeatable((db) =>
    sql<{ provider: string; outcome: RecordedOutcome; state: EnrollmentState | null; count: number }>`
      SELECT r.provider, r.outcome,
          CASE WHEN r.state = 'pending' AND ${isLapsed(now)} THEN 'expired' ELSE r.state END AS state,
          count(*)::bigint AS count
        FROM records r WHERE ${conditionOf(filter, vault, now)}
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`.execute(db),
  );
  return rows.map(({ state, ...counted }) => ({ ...counted, ...(state !== null && { state }) }));
};
