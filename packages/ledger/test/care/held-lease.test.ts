import { EnrollmentError, systemClock } from "@enrollkit/core";
import { expect, it } from "vitest";
import { holdLease } from "../../src/held-lease.js";
import { openStorage, type Storage } from "../../src/storage/storage.js";
import { describeOnBothBackEnds, describeWithPostgresql } from "../support/storages.js";

describeOnBothBackEnds("the lease of a process", (open) => {
  it("is taken once, by many at once, and given up at the end", async () => {
    const storage = await open();
    const held = holdLease(storage, { worker: "w", length: 30_000 });
    held.assertHeld();
    const ids = await Promise.all([1, 2, 3].map(() => held.use((lease) => Promise.resolve(lease.workerId))));
    expect(new Set(ids).size).toBe(1);
    await held.end();
    await held.end();
    const workers = await storage.once((db) => db.selectFrom("workers").select("name").execute());
    expect(workers).toEqual([{ name: "w" }]);
  });

  it("is asked for again when the database could not give one", async () => {
    const storage = await open();
    const gone = new EnrollmentError("gone", { code: "unavailable" });
    let failures = 1;
    const flaky: Storage = {
      ...storage,
      once: (work) => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(gone) : storage.once(work);
      },
    };
    const held = holdLease(flaky, { worker: "w", length: 30_000 });
    await expect(held.use(() => Promise.resolve())).rejects.toBe(gone);
    await expect(held.use(({ name }) => Promise.resolve(name))).resolves.toBe("w");
    await held.end();
  });
});

describeWithPostgresql("a lease that is lost", (url) => {
  const loseAll = (storage: Storage) =>
    storage.once((db) => db.updateTable("workers").set({ lease_until: "2000-01-01T00:00:00Z" }).execute());

  it("lets nothing be sent while something is under way with it, though others have a new one", async () => {
    const schema = `test_lease_${process.pid}`;
    const storage = await openStorage({ place: { url }, schema, clock: systemClock, patience: 1000 });
    const held = holdLease(storage, { worker: "w", length: 2000 });
    const sending = () => {
      held.assertHeld();
    };
    const lost = await held.use(async (lease) => {
      await loseAll(storage);
      await new Promise((resolve) => {
        lease.signal.addEventListener("abort", resolve);
      });
      expect(sending).toThrow("this worker has lost its lease");
      await held.use(({ workerId }) => {
        expect(workerId).not.toBe(lease.workerId);
        expect(sending).toThrow("this worker has lost its lease");
        return Promise.resolve();
      });
      return lease.workerId;
    });
    const turns = held.takeInTurn();
    const next = await turns.take();
    expect(next.workerId).not.toBe(lost);
    held.assertHeld();
    turns.leave();
    await held.end();
    await storage.once((db) => db.schema.dropSchema(schema).cascade().execute());
    await storage.close();
  });
});
