import { Secret, type EnrollmentProvider } from "@enrollkit/core";
import { createMemoryProvider, type MemoryProvider } from "@enrollkit/testing";
import fc from "fast-check";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { openLedger } from "../../src/open-ledger.js";
import { keyOf, until, without, withoutAnswer } from "../care/world.js";
import { describeOnBothBackEnds, describeWithPostgresql } from "../support/storages.js";
import { issue, madeFor, move, rowsOf, serviceOf, statesOf, useEnds, type Ends } from "./ends.js";

const key = keyOf(1);
let number = 0;

const stuck = () => new Promise<never>(() => {});

/** Another process goes on with it. */
const resume = async (ends: Ends) => {
  const world = await ends.world.crash();
  return world.ledger.runMigration({ ...move, service: world.service });
};

const expectMoved = ({ old, next }: Ends, count: number) => {
  expect(statesOf(old)).toEqual(Array(count).fill("revoked"));
  expect(madeFor(next)).toEqual(
    new Map(Array.from({ length: count }, (_, row) => [`old/enrollment-${row + 1}`, 1])),
  );
};

describeWithPostgresql("a migration whose lease is lost", (url) => {
  it("takes back nothing more, and another process goes on", async () => {
    const schema = `test_migration_lease_${process.pid}`;
    const [old, next] = ["old", "new"].map((name) => createMemoryProvider({ name })) as [
      MemoryProvider,
      MemoryProvider,
    ];
    await issue(old, rowsOf(20));
    const options = { url: new Secret(url), schema, keys: [key], lease: "PT1S" } as const;
    const ledger = await openLedger(options);
    const client = new pg.Client(url);
    await client.connect();
    onTestFinished(async () => {
      await client.query(`DROP SCHEMA ${schema} CASCADE`);
      await client.end();
    });
    const isHeld = () => {
      try {
        ledger.beforeSend();
        return true;
      } catch {
        return false;
      }
    };
    let asked = 0;
    const revocation: EnrollmentProvider["revocation"] = {
      revoke: async () => {
        asked += 1;
        if (asked === 1) await client.query(`UPDATE ${schema}.workers SET lease_until = '2000-01-01'`);
        await until(() => !isHeld());
        throw new Error("it was not sent");
      },
    };
    const running = ledger.runMigration({ ...move, service: serviceOf({ ...old, revocation }, next) });
    await expect(running).rejects.toMatchObject({ message: expect.stringContaining("lease") as string });
    expect(asked).toBeLessThan(20);
    expect(statesOf(old)).toEqual(Array(20).fill("pending"));
    await ledger.close();
    const other = await openLedger(options);
    await other.runMigration({ ...move, service: serviceOf(old, next) });
    await other.close();
    expect(statesOf(old)).toEqual(Array(20).fill("revoked"));
    expect([...madeFor(next).values()]).toEqual(Array(20).fill(1));
  });
});

describeOnBothBackEnds("a migration whose process dies goes on", (openStorage) => {
  const openEnds = useEnds(openStorage);

  it("from while the list was read: nothing is on record of it", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(3));
    let read = 0;
    const listing: EnrollmentProvider["listing"] = {
      list: async function* () {
        for await (const each of old.listing?.list() ?? []) {
          yield each;
          read += 1;
          if (read === 2) await stuck();
        }
      },
    };
    void world.ledger.runMigration({ ...move, service: serviceOf({ ...old, listing }, next) });
    await until(() => read === 2);
    expect(await world.ledger.migrationReport(move.name)).toMatchObject({ rows: undefined, open: 0 });
    expect(await world.ledger.count()).toBe(0);
    await resume(ends);
    expectMoved(ends, 3);
  });

  it("from after the list was taken down: what came later is not in it", async () => {
    const ends = await openEnds();
    const { world, old } = ends;
    await issue(old, rowsOf(2));
    let isThere = false;
    const onCaptured = () => {
      isThere = true;
      return stuck();
    };
    void world.ledger.runMigration({ ...move, service: world.service, onCaptured });
    await until(() => isThere);
    await issue(old, [{ key: "late" }]);
    expect(await resume(ends)).toMatchObject({ rows: 2, created: 2 });
    expect(statesOf(old)).toEqual(["revoked", "revoked", "pending"]);
  });

  it("from after new ones were made, whose answers were not recorded", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(3));
    const service = serviceOf(old, without(withoutAnswer(next), "bulk"));
    void world.ledger.runMigration({ ...move, service });
    await until(() => next.enrollments().length === 3);
    expect(statesOf(old)).toEqual(["pending", "pending", "pending"]);
    await resume(ends);
    expectMoved(ends, 3);
  });

  it("from before new ones were made", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(2));
    const deaf = without({ ...next, createEnrollment: stuck }, "bulk");
    void world.ledger.runMigration({ ...move, service: serviceOf(old, deaf) });
    await until(async () => (await world.ledger.count({ outcomes: ["sending"] })) === 2);
    await resume(ends);
    expectMoved(ends, 2);
  });

  it.each([
    ["before the vendor heard of it", false],
    ["after the vendor had done it, and before that was recorded", true],
  ])("from while an old one was taken back: %s", async (_, isDone) => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(2));
    let isAsked = false;
    const revocation: EnrollmentProvider["revocation"] = {
      revoke: async (id, options) => {
        if (isDone) await old.revocation?.revoke(id, options);
        isAsked = true;
        return stuck();
      },
    };
    void world.ledger.runMigration({ ...move, service: serviceOf({ ...old, revocation }, next) });
    await until(() => isAsked);
    await resume(ends);
    expectMoved(ends, 2);
  });

  it("from between the two notes that an old one was taken back", async () => {
    const ends = await openEnds();
    const { world, old } = ends;
    await issue(old, rowsOf(2));
    await world.ledger.runMigration({ ...move, service: world.service });
    await world.query("UPDATE moves SET revoked_at = NULL");
    expect(await resume(ends)).toMatchObject({ old: { revoked: 2, ended: 0 } });
    expectMoved(ends, 2);
  });

  it("without ever taking back an old one while nobody knows whether there is a new one", async () => {
    const ends = await openEnds();
    const { world, old, next } = ends;
    await issue(old, rowsOf(1));
    next.failNext({ kind: "reset", when: "after" }, "create");
    const mute = serviceOf(old, without(next, "reconciliation"));
    const options = { ...move, service: mute };
    expect(await world.ledger.runMigration(options)).toMatchObject({ unknown: 1, old: { waiting: 1 } });
    expect(await world.ledger.runMigration(options)).toMatchObject({ unknown: 1 });
    expect(statesOf(old)).toEqual(["pending"]);
    expect(next.enrollments()).toHaveLength(1);
    await world.ledger.runMigration({ ...move, service: world.service });
    expectMoved(ends, 1);
  });

  it("whatever goes wrong and when: one new one for each, and no old one taken back without it", async () => {
    const fault = fc.record({
      at: fc.constantFrom("old", "new"),
      kind: fc.constantFrom("reset-before", "reset-after", "status-403", "status-503"),
      target: fc.constantFrom("create", "any"),
      calls: fc.integer({ min: 1, max: 3 }),
      dies: fc.constantFrom("no", "at-deliver", "at-revoke"),
      moment: fc.nat(6),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(["bulk"] as const, [] as const),
        async (faults, absent) => {
          // All have one ledger: what another has moved would not be moved again.
          const from = `old-${(number += 1)}`;
          let ends = await openEnds({ settings: { keys: [key], settleFor: "PT0S" }, old: { name: from } });
          const { old, next } = ends;
          const count = 8;
          await issue(old, rowsOf(count));
          const revokedTooEarly: string[] = [];
          const guarded = (revoke: (id: string) => Promise<void>): EnrollmentProvider => ({
            ...old,
            revocation: {
              revoke: async (id) => {
                if (madeFor(next).get(`${from}/${id}`) !== 1) revokedTooEarly.push(id);
                await revoke(id);
              },
            },
          });
          const plain = (id: string) => old.revocation?.revoke(id) ?? Promise.resolve();
          const name = `move-${from}`;
          for (const { at, kind, target, calls, dies, moment } of faults) {
            const [what, detail] = kind.split("-");
            (at === "old" ? old : next).failNext(
              what === "reset"
                ? { kind: "reset", when: detail === "after" ? "after" : "before" }
                : { kind: "status", status: Number(detail) },
              target,
              calls,
            );
            let isDead = false;
            let done = 0;
            const die = (isIt: boolean) => {
              done += 1;
              if (!isIt || done <= moment) return undefined;
              isDead = true;
              return stuck();
            };
            const provider = guarded(async (id) => {
              await die(dies === "at-revoke");
              await plain(id);
            });
            const running = ends.world.ledger
              .runMigration({
                name,
                from,
                to: "new",
                service: serviceOf(provider, without(next, ...absent)),
                concurrency: 3,
                deliver: () => die(dies === "at-deliver"),
              })
              .catch((error: unknown) => error);
            await Promise.race([running, until(() => isDead)]);
            ends = { ...ends, world: await ends.world.crash() };
          }
          // The faults that nobody has met yet are met now.
          for (let start = 0; start < 8; start += 1) {
            await ends.world.ledger
              .runMigration({ name, from, to: "new", service: serviceOf(guarded(plain), next) })
              .catch((error: unknown) => error);
          }
          const report = await ends.world.ledger.migrationReport(name);
          expect(revokedTooEarly).toEqual([]);
          const made = madeFor(next);
          for (const { id, state } of old.enrollments()) {
            const mine = made.get(`${from}/${id}`) ?? 0;
            expect(mine).toBeLessThanOrEqual(1);
            if (state === "revoked") expect(mine).toBe(1);
          }
          // A vendor that refuses for good (403) leaves its rows as failed; all others are there.
          expect(report.created + report.failed).toBe(count);
          expect(made.size).toBe(report.created);
          expect(report.old.revoked).toBe(report.created);
        },
      ),
      { numRuns: 12 },
    );
  });
});
