import {
  isExpired,
  supports,
  toEnrollmentError,
  toIsoInstant,
  type EnrollmentError,
  type EnrollmentState,
  type EnrollmentSummary,
  type IsoInstant,
} from "@enrollkit/core";
import { sql } from "kysely";
import { hasManyUses, isLapsed } from "../records/conditions.js";
import { learnStatuses, noteRevoked } from "../records/learn.js";
import type { ExecuteParts } from "../runs/execute-run.js";
import { inChunks } from "../runs/in-chunks.js";
import type { StartedMigration } from "./start-migration.js";

const pageSize = 500;
const atOnce = 8;

/** A row whose new enrollment is there, and whose old one was not taken back yet. */
interface AwaitingRow {
  readonly id: number;
  readonly enrollmentId: string;
  readonly state: EnrollmentState;
  readonly createdAt: IsoInstant;
  readonly expiry: EnrollmentSummary["expiresAt"];
  readonly oldId: string;
  /** The old one's record; null if it was purged. */
  readonly oldRecord: number | null;
}

/** Without those whose old enrollment has ended by itself: there is nothing to take back. */
const findAwaiting = async (
  { storage }: ExecuteParts,
  { run }: StartedMigration,
  after: number,
): Promise<readonly AwaitingRow[]> => {
  const now = storage.clock.now();
  const ended = sql`(r.state IN ('revoked', 'expired') OR (r.state = 'used' AND NOT ${hasManyUses}) OR ${isLapsed(now)})`;
  const { rows } = await storage.repeatable((db) =>
    sql<AwaitingRow>`
      SELECT n.id, n.enrollment_id AS "enrollmentId", n.state, n.created_at AS "createdAt", n.expiry,
          m.enrollment_id AS "oldId", r.id AS "oldRecord"
        FROM moves m JOIN records n ON n.id = m.record_id LEFT JOIN records r ON r.id = n.renews
        WHERE n.run_id = ${run.id} AND n.outcome = 'created' AND m.revoked_at IS NULL AND n.id > ${after}
          AND NOT COALESCE(${ended}, false)
        ORDER BY n.id LIMIT ${pageSize}`.execute(db),
  );
  return rows;
};

/** What became of the new enrollments: as the vendor says it now, or as it was when they were made right now. */
const statesOf = async (
  { storage, signal }: ExecuteParts,
  { next, revokeAfter }: StartedMigration,
  rows: readonly AwaitingRow[],
  fresh: ReadonlySet<number>,
): Promise<ReadonlyMap<number, EnrollmentState>> => {
  const known = new Map(rows.map(({ id, state }) => [id, state]));
  if (!supports(next, "tracking")) return known;
  const asked = rows.filter(({ id }) => revokeAfter === "enrolled" || !fresh.has(id));
  if (asked.length === 0) return known;
  const statuses = await next.tracking.getStatuses(
    asked.map(({ enrollmentId: id, createdAt, expiry: expiresAt }) => ({ id, createdAt, expiresAt })),
    { signal },
  );
  const heard = asked.flatMap(({ enrollmentId: id }, place) => {
    const status = statuses[place];
    return status === undefined ? [] : [{ ...status, id }];
  });
  await learnStatuses(storage, { provider: next.name, heard, by: "migrate", isAnswer: true });
  for (const [place, { id, state }] of asked.entries()) {
    // A device that has come in stays in, whatever the vendor has forgotten since.
    if (state !== "used") known.set(id, statuses[place]?.state ?? "unknown");
  }
  return known;
};

/** Whether the person has the new enrollment, so that the old one may go. */
const isDue = (
  { expiry: expiresAt }: AwaitingRow,
  state: EnrollmentState | undefined,
  { revokeAfter }: StartedMigration,
  now: number,
): boolean => {
  if (state === "used") return true;
  return revokeAfter === "created" && state === "pending" && isExpired({ expiresAt }, now) !== true;
};

const noteGone = async ({ storage }: ExecuteParts, { id, oldRecord }: AwaitingRow): Promise<void> => {
  const at = toIsoInstant(storage.clock.now());
  await storage.repeatable((db) =>
    db.transaction().execute(async (transaction) => {
      await transaction
        .updateTable("moves")
        .set({ revoked_at: at, error: null })
        .where("record_id", "=", id)
        .execute();
      if (oldRecord === null) return;
      await transaction
        .updateTable("records")
        .set({ replaced_at: at })
        .where("id", "=", oldRecord)
        .where("replaced_at", "is", null)
        .execute();
    }),
  );
};

const noteError = async (
  { storage }: ExecuteParts,
  { id }: AwaitingRow,
  error: EnrollmentError,
): Promise<void> => {
  await storage.repeatable((db) =>
    db
      .updateTable("moves")
      .set({ error: JSON.stringify(error) })
      .where("record_id", "=", id)
      .execute(),
  );
};

const revokeOne = async (parts: ExecuteParts, { old }: StartedMigration, row: AwaitingRow): Promise<void> => {
  const { signal, lease, storage } = parts;
  if (old.revocation === undefined) return;
  signal.throwIfAborted();
  lease.assertHeld();
  try {
    await old.revocation.revoke(row.oldId, { signal });
  } catch (error) {
    signal.throwIfAborted();
    lease.assertHeld();
    await noteError(parts, row, toEnrollmentError(error, old.name));
    return;
  }
  await noteRevoked(storage, { provider: old.name, enrollmentId: row.oldId, by: "migrate" });
  await noteGone(parts, row);
};

/** Old enrollments that stay are replaced all the same: nobody has to renew them when they run out. */
const noteReplaced = async ({ storage }: ExecuteParts, { run }: StartedMigration): Promise<void> => {
  const at = toIsoInstant(storage.clock.now());
  await storage.repeatable((db) =>
    sql`
      UPDATE records r SET replaced_at = ${at}::timestamptz
        WHERE r.replaced_at IS NULL AND r.id IN (
          SELECT n.renews FROM records n WHERE n.run_id = ${run.id} AND n.outcome = 'created')`.execute(db),
  );
};

/**
 * Takes back what is due: never an old enrollment without a new one that lives, or was used. One that cannot be taken back
 * now is tried again at the next start.
 *
 * @param fresh - records that this start has sent; of the new enrollments of all others the vendor is asked first.
 * @returns why the new vendor could not be asked; what depends on its answer waits.
 */
export const revokeOld = async (
  parts: ExecuteParts,
  started: StartedMigration,
  fresh: ReadonlySet<number>,
): Promise<EnrollmentError | undefined> => {
  const { old, next, revokeAfter } = started;
  if (revokeAfter === "never" || old.revocation === undefined) {
    await noteReplaced(parts, started);
    return undefined;
  }
  let failure: EnrollmentError | undefined;
  for (let after = 0; ;) {
    const rows = await findAwaiting(parts, started, after);
    const last = rows.at(-1);
    if (last === undefined) return failure;
    after = last.id;
    let states: ReadonlyMap<number, EnrollmentState>;
    try {
      states = await statesOf(parts, started, rows, fresh);
    } catch (error) {
      parts.signal.throwIfAborted();
      failure = toEnrollmentError(error, next.name);
      const isSure = ({ id, state }: AwaitingRow) => state === "used" || fresh.has(id);
      states = new Map(rows.filter(isSure).map(({ id, state }) => [id, state]));
    }
    const now = parts.storage.clock.now();
    const due = rows.filter((row) => isDue(row, states.get(row.id), started, now));
    for await (const group of inChunks(due, atOnce)) {
      await Promise.all(group.map((row) => revokeOne(parts, started, row)));
    }
  }
};
