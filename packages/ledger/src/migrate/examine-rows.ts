import { createRequestValidator, EnrollmentError, failureOf, type EnrollmentSummary } from "@enrollkit/core";
import { sql } from "kysely";
import { openRequest, requestContext } from "../records/vault.js";
import type { ExecuteParts } from "../runs/execute-run.js";
import { localRefusals } from "../runs/plan.js";
import { planAgain, type PlannedRow } from "../runs/planned-rows.js";
import type { RowResult } from "../runs/recorder.js";
import { recordRefusals } from "../runs/send-rows.js";
import { withLifetime } from "./new-request.js";
import type { StartedMigration } from "./start-migration.js";

const pageSize = 1000;

interface StoredRow extends Omit<PlannedRow, "fingerprint"> {
  readonly key: string;
  readonly sealed: string;
  readonly expiry: EnrollmentSummary["expiresAt"] | null;
  readonly isSkipped: boolean;
}

const findPage = async (
  { storage }: ExecuteParts,
  { run }: StartedMigration,
  after: number,
): Promise<readonly StoredRow[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<StoredRow>`
      SELECT n.id, n.position, n.outcome, n.tries, n.key, n.sealed_request AS sealed, r.expiry,
          n.error ->> 'code' AS code, (n.error ->> 'retryable')::boolean AS retryable,
          m.skipped IS NOT NULL AS "isSkipped"
        FROM moves m JOIN records n ON n.id = m.record_id LEFT JOIN records r ON r.id = n.renews
        WHERE n.run_id = ${run.id} AND n.position > ${after} AND n.sealed_request IS NOT NULL
        ORDER BY n.position LIMIT ${pageSize}`.execute(db),
  );
  return rows;
};

const mayTryAgain = ({ outcome, code, retryable }: StoredRow): boolean =>
  outcome === "failed" && (retryable === true || (code !== null && localRefusals.has(code)));

/**
 * Holds every row against what the new vendor can do, before any is sent. Those that it would refuse are settled; what has
 * failed and may succeed by now is planned again: the vendor was out of order, or its settings have changed.
 */
export const examineRows = async (parts: ExecuteParts, started: StartedMigration): Promise<void> => {
  const { storage, vault, lease } = parts;
  const { run, next, terms } = started;
  const { clock } = storage;
  const validate = createRequestValidator(next, { onUnsupported: terms.onUnsupported, clock });

  const refusalOf = (
    row: StoredRow,
  ): { readonly error?: EnrollmentError; readonly result: RowResult["row"] } => {
    const { id, position, tries, key, sealed, expiry, outcome } = row;
    const request = openRequest(sealed, requestContext(run.id, position), vault);
    const result = { id, position, tries, request: { ...request, key } };
    try {
      const isOpen = outcome === "planned" || outcome === "failed";
      const old = { expiresAt: expiry ?? "unknown" };
      const wish = isOpen ? withLifetime(request, old, terms, next, clock.now()) : request;
      validate({ ...(wish ?? request), key }, position);
      return { result };
    } catch (error) {
      if (!EnrollmentError.is(error)) throw error;
      return { result, error: error.within(`requests[${position}]`) };
    }
  };

  for (let after = -1; ;) {
    parts.signal.throwIfAborted();
    const rows = await findPage(parts, started, after);
    const again: number[] = [];
    const refused: RowResult[] = [];
    for (const row of rows) {
      if (row.isSkipped) continue;
      const { error, result } = refusalOf(row);
      if (error === undefined && mayTryAgain(row)) again.push(row.id);
      if (error !== undefined && row.outcome === "planned")
        refused.push({ row: result, result: failureOf(error) });
    }
    await planAgain(storage, again, lease.name);
    if (refused.length > 0) await recordRefusals(parts, refused);
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = last.position;
  }
};
