import type { Clock } from "@enrollkit/core";
import { sql } from "kysely";
import { afterEach, expect, it } from "vitest";
import type { Storage } from "../../src/storage/storage.js";
import { takeLease, type Lease } from "../../src/work/lease.js";
import { describeOnBothBackEnds, type OpenStorage } from "../support/storages.js";

const length = 3_600_000;
const lost = expect.objectContaining({
  code: "unavailable",
  message: expect.stringContaining("lost its lease") as string,
}) as Error;

/** Leases whose steady time stands still until a test moves it, and that are renewed when a test says so. */
const useLeases = (openStorage: OpenStorage) => {
  let leases: Lease[] = [];
  afterEach(async () => {
    await Promise.all(leases.map((lease) => lease.end()));
    leases = [];
  });

  return async (change: Partial<Storage> = { isShared: true }) => {
    const storage = { ...(await openStorage()), ...change };
    let time = 0;
    let wake = () => {};
    let naps = 0;
    const clock: Clock = {
      now: () => 0,
      sleep: (_, signal) =>
        new Promise((resolve, reject) => {
          naps += 1;
          wake = resolve;
          signal?.addEventListener("abort", () => {
            reject(signal.reason as Error);
          });
        }),
    };
    const lease = await takeLease(storage, { name: "worker", length, clock, steady: () => time });
    leases.push(lease);
    const { rows } = await storage.once((db) =>
      sql<{ count: number }>`SELECT count(*) FROM workers`.execute(db),
    );
    expect(rows).toEqual([{ count: leases.length }]);
    return {
      lease,
      pass: (milliseconds: number) => {
        time += milliseconds;
      },
      renew: async () => {
        const before = naps;
        wake();
        while (naps === before && !lease.signal.aborted) {
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
      /** Milliseconds until others may take over, by the database's clock. */
      left: async () => {
        const found = await storage.once((db) =>
          sql<{ left: number }>`
            SELECT (EXTRACT(EPOCH FROM lease_until - clock_timestamp()) * 1000)::float8 AS left
              FROM workers WHERE id = ${lease.workerId}`.execute(db),
        );
        return found.rows[0]?.left;
      },
      lapse: () =>
        storage.once((db) =>
          sql`UPDATE workers SET lease_until = clock_timestamp() - interval '1 second'`.execute(db),
        ),
    };
  };
};

describeOnBothBackEnds("a lease", (openStorage) => {
  const start = useLeases(openStorage);

  it("is uncertain a fifth before others may take over", async () => {
    const { lease, pass, left } = await start();
    pass(0.8 * length - 1);
    lease.assertHeld();
    pass(1);
    expect(() => {
      lease.assertHeld();
    }).toThrow(lost);
    expect(lease.signal.reason).toEqual(lost);
    expect(await left()).toBeGreaterThan(0.9 * length);
  });

  it("goes on when it is renewed, from the moment at which that was asked", async () => {
    const { lease, pass, renew } = await start();
    pass(0.5 * length);
    await renew();
    pass(0.8 * length - 1);
    lease.assertHeld();
    pass(1);
    expect(() => {
      lease.assertHeld();
    }).toThrow(lost);
  });

  it("is lost when the database says that it is over, whatever its own clock says", async () => {
    const { lease, renew, lapse, left } = await start();
    await lapse();
    await renew();
    expect(() => {
      lease.assertHeld();
    }).toThrow(lost);
    expect(await left()).toBeLessThan(0);
  });

  it("is given up at its end", async () => {
    const { lease, left } = await start();
    await lease.end();
    expect(await left()).toBeLessThanOrEqual(0);
    expect(lease.signal.aborted).toBe(false);
  });

  it("of a folder that this process has locked cannot be lost, and ends those before", async () => {
    const earlier = await start({ isShared: false });
    earlier.pass(1e15);
    earlier.lease.assertHeld();
    expect(await earlier.left()).toBeGreaterThan(1e12);
    await start({ isShared: false });
    expect(await earlier.left()).toBeLessThanOrEqual(0);
  });
});
