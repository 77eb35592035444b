import { sql } from "kysely";
import type { Storage } from "../storage/storage.js";
import type { JobQueue } from "./job-queue.js";

/** So many are looked at in one round. */
const most = 50;

interface Suspect {
  readonly id: string;
  readonly isClaimed: boolean;
}

/** Jobs with something to do that no worker who lives has. */
const findSuspects = async (storage: Storage): Promise<readonly Suspect[]> => {
  const { rows } = await storage.repeatable((db) =>
    sql<Suspect>`
      SELECT j.id, w.id IS NOT NULL AS "isClaimed" FROM jobs j LEFT JOIN workers w ON w.id = j.worker_id
        WHERE (w.id IS NULL OR w.lease_until <= clock_timestamp())
          AND EXISTS (
            SELECT FROM records r
              WHERE r.run_id = j.run_id AND r.position BETWEEN j.first AND j.last
                AND r.outcome IN ('planned', 'sending', 'in-doubt'))
        ORDER BY w.id IS NULL, j.run_id, j.first LIMIT ${most}`.execute(db),
  );
  return rows;
};

/** A job leaves its worker's name once that is gone, so that it is looked at as one that nobody has. */
const disclaim = (storage: Storage, id: string) =>
  storage.repeatable((db) => db.updateTable("jobs").set({ worker_id: null }).where("id", "=", id).execute());

/**
 * Hands out again what a worker had who is gone. A job that was taken and not claimed within a lease is lost too: its
 * worker ended in between.
 *
 * @param lease - milliseconds.
 * @returns how many were given back.
 */
export const returnLostJobs = async (storage: Storage, queue: JobQueue, lease: number): Promise<number> => {
  let returned = 0;
  for (const { id, isClaimed } of await findSuspects(storage)) {
    const { state, takenAt = Infinity } = await queue.find(id);
    if (state === "active" && (isClaimed || takenAt + lease < storage.clock.now())) {
      await queue.giveBack(id, "its worker is gone");
      returned += 1;
    }
    if (isClaimed) await disclaim(storage, id);
  }
  return returned;
};
