import {
  durationFrom,
  EnrollmentError,
  parseDuration,
  toIsoInstant,
  type DurationInput,
  type IsoInstant,
} from "@enrollkit/core";
import { sql } from "kysely";
import { isLive } from "../records/conditions.js";
import { conditionOf, type RecordFilter } from "../records/filter.js";
import { pageSize, selectRecords } from "../records/find-records.js";
import { toRecord, type LedgerRecord } from "../records/record.js";
import type { Vault } from "../records/vault.js";
import type { Storage } from "../storage/storage.js";

const lengthOf = (within: DurationInput, now: number): number => {
  const invalid = (problem: string) =>
    new EnrollmentError(`within ${problem}`, { code: "invalid-request", path: "within" });
  try {
    const length = durationFrom(parseDuration(within), now);
    if (length > 0) return length;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(error.message);
  }
  throw invalid("must be longer than nothing");
};

/** What lives now, is not replaced yet, and runs out within a time: the soonest first. */
export async function* expiring(
  storage: Storage,
  vault: Vault,
  within: DurationInput,
  filter: RecordFilter,
): AsyncGenerator<LedgerRecord, void, void> {
  const now = storage.clock.now();
  const until = toIsoInstant(now + lengthOf(within, now));
  const meant = sql<boolean>`${conditionOf(filter, vault, now)} AND ${isLive(now)}
    AND r.state IN ('pending', 'used') AND r.expires_at <= ${until}::timestamptz AND r.replaced_at IS NULL`;
  let after: { readonly at: IsoInstant; readonly id: number } = { at: toIsoInstant(now), id: 0 };
  for (;;) {
    const { at, id } = after;
    const page = selectRecords(
      sql`${meant} AND (r.expires_at, r.id) > (${at}::timestamptz, ${id}::bigint)`,
      sql`r.expires_at, r.id`,
      pageSize,
    );
    const { rows } = await storage.repeatable((db) => page.execute(db));
    for (const row of rows) yield toRecord(row, now);
    const last = rows.at(-1);
    if (last?.expires_at == null || rows.length < pageSize) return;
    after = { at: last.expires_at, id: last.id };
  }
}
