import { EnrollmentError } from "@enrollkit/core";
import { sql } from "kysely";
import type { Storage } from "../storage/storage.js";

/** Milliseconds between two looks at creates that others have under way. */
const pause = 100;
/** Milliseconds; a call with all its retries is over by then. */
const longestWait = 300_000;

interface UnderWay {
  readonly id: number;
  readonly attempt: string;
}

/** What workers that are alive have under way at a provider. */
const findUnderWay = async (storage: Storage, provider: string): Promise<readonly UnderWay[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<UnderWay>`
      SELECT r.id, r.attempt FROM records r JOIN workers w ON w.id = r.worker_id
        WHERE r.provider = ${provider} AND r.outcome = 'sending' AND w.lease_until > clock_timestamp()`.execute(
      db,
    ),
  );
  return rows;
};

/**
 * Tells a provider which of some enrollments the ledger has on record. What is under way at the moment is waited for:
 * before it is recorded, it looks like nobody's.
 *
 * @throws EnrollmentError `unavailable` if that takes too long.
 */
export const createRecordedElsewhere =
  ({ storage, signal }: { readonly storage: Storage; readonly signal: AbortSignal }, provider: string) =>
  async (enrollmentIds: readonly string[]): Promise<ReadonlySet<string>> => {
    const { clock } = storage;
    const until = clock.now() + longestWait;
    let open = await findUnderWay(storage, provider);
    while (open.length > 0) {
      if (clock.now() >= until) {
        throw new EnrollmentError("other workers have not finished what they had sent", {
          code: "unavailable",
          provider,
        });
      }
      await clock.sleep(pause, signal);
      const now = new Set(
        (await findUnderWay(storage, provider)).map(({ id, attempt }) => `${id} ${attempt}`),
      );
      open = open.filter(({ id, attempt }) => now.has(`${id} ${attempt}`));
    }
    const { rows } = await storage.repeatable((db) =>
      sql<{ id: string }>`
        SELECT enrollment_id AS id FROM records
          WHERE provider = ${provider}
            AND enrollment_id IN (SELECT jsonb_array_elements_text(${JSON.stringify(enrollmentIds)}::jsonb))`.execute(
        db,
      ),
    );
    return new Set(rows.map(({ id }) => id));
  };
