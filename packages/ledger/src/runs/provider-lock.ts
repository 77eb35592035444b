import { sql } from "kysely";
import type { Storage } from "../storage/storage.js";
import type { Lease } from "../work/lease.js";

/** Milliseconds between two looks at a lock that another worker has. */
const patience = 250;

/** Does something that only one worker at a time may do; whoever loses its lease loses the lock. */
export const withLock = async <Result>(
  storage: Storage,
  lease: Lease,
  name: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> => {
  const take = async (): Promise<boolean> => {
    const { rows } = await storage.repeatable((db) =>
      sql<{ name: string }>`
        INSERT INTO locks (name, worker_id) VALUES (${name}, ${lease.workerId})
          ON CONFLICT (name) DO UPDATE SET worker_id = excluded.worker_id
            WHERE locks.worker_id = excluded.worker_id
              OR EXISTS (
                SELECT FROM workers w WHERE w.id = locks.worker_id AND w.lease_until <= clock_timestamp())
          RETURNING name`.execute(db),
    );
    return rows.length > 0;
  };
  while (!(await take())) await storage.clock.sleep(patience, signal);
  try {
    return await work();
  } finally {
    await storage.repeatable((db) =>
      db.deleteFrom("locks").where("name", "=", name).where("worker_id", "=", lease.workerId).execute(),
    );
  }
};
