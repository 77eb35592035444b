import { sql } from "kysely";
import { beforeEach, describe, expect, it } from "vitest";
import type { SharedLimiter } from "../src/quota/contract.js";
import { clockTimestamp, createQuotaRow } from "../src/quota/quota-row.js";
import { spacingOf } from "../src/quota/spacing.js";
import type { Storage } from "../src/storage/storage.js";
import { createWorld, greedy, quotaOf } from "./quota-world.js";
import { describeOnBothBackEnds } from "./support/storages.js";

const { interval } = spacingOf(quotaOf());

const gaps = (times: readonly number[]) => times.slice(1).map((time, place) => time - (times[place] ?? 0));

describeOnBothBackEnds("a shared limiter", (openStorage) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await openStorage();
  });

  it("spaces the calls of all processes evenly", async () => {
    const world = createWorld();
    const quota = quotaOf();
    const limiters = Array.from({ length: 3 }, () => world.limiter(storage, quota));
    const times = await world.run(Promise.all(limiters.map((limiter) => greedy(world, limiter, 4))));
    const all = times.flat().sort((one, other) => one - other);
    for (const gap of gaps(all)) expect(Math.abs(gap - interval)).toBeLessThan(1);
  });

  it("serves first who came first, as many calls at once as its burst allows", async () => {
    const world = createWorld();
    const limiter = world.limiter(storage, quotaOf({ calls: 200, per: "PT20S", burst: 3 }));
    const order: [number, number][] = [];
    const calls = [...Array(6).keys()].map(async (index) => {
      await limiter.acquire();
      order.push([index, Math.round(world.now() / 100)]);
    });
    await world.run(Promise.all(calls));
    expect(order).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [3, 1],
      [4, 2],
      [5, 3],
    ]);
  });

  it("gives each slot once, however many ask at the same time", async () => {
    const now = Date.UTC(2026, 0, 15);
    const spacing = spacingOf(quotaOf({ calls: 1000 }));
    const row = createQuotaRow("everybody's", spacing, () => sql<number>`${now}::float8`);
    await storage.once((db) => row.create(db));
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => storage.once((db) => row.take(db, 0))),
    );
    const slots = answers
      .map((answer) => answer?.slot)
      .sort((one, other) => (one?.number ?? 0) - (other?.number ?? 0));
    expect(slots).toEqual(
      [...Array(100).keys()].map((index) => ({ number: index + 1, at: now + index * spacing.interval })),
    );
  });

  it("takes the time from the database", async () => {
    const row = createQuotaRow("timely", spacingOf(quotaOf()), clockTimestamp);
    await storage.once((db) => row.create(db));
    const before = Date.now();
    const answer = await storage.once((db) => row.take(db, 0));
    expect(answer).toMatchObject({ wait: 0, slot: { number: 1 } });
    expect(answer?.slot?.at).toBeGreaterThanOrEqual(before - 1);
    expect(answer?.slot?.at).toBeLessThanOrEqual(Date.now() + 1);
  });

  it("leaves the session as it was", async () => {
    const row = createQuotaRow("hasty", spacingOf(quotaOf()), clockTimestamp);
    await storage.once((db) =>
      db.connection().execute(async (connection) => {
        const settings = async () =>
          (await sql`SELECT current_setting('synchronous_commit') AS setting`.execute(connection)).rows;
        const before = await settings();
        await row.create(connection);
        await row.take(connection, 0);
        await row.pause(connection, 0);
        expect(await settings()).toEqual(before);
      }),
    );
  });

  it("does not mix two quotas of one account", async () => {
    const world = createWorld();
    const quota = quotaOf();
    const first = world.limiter(storage, quota);
    const second = world.limiter(storage, { ...quota, calls: 20 });
    await world.run(Promise.all([first.acquire(), second.acquire()]));
    expect(world.now()).toBe(0);
  });

  it("lets a process go on where another has ended", async () => {
    const world = createWorld();
    const quota = quotaOf();
    await world.run(world.limiter(storage, quota).acquire());
    await world.run(world.limiter(storage, quota).acquire());
    expect(world.now()).toBeCloseTo(interval, -1);
  });

  describe("a pause", () => {
    it.each<[string, number[], number, number[]]>([
      ["slows down to a half", [0], 5000, [5000, 2, 2, 2]],
      ["of no length slows down too", [0], 0, [2, 2, 2, 2]],
      ["after a pause slows down again", [0, 1], 1000, [1000, 1000, 4, 3.96]],
    ])("%s", async (_, refused, pause, expected) => {
      const world = createWorld();
      const limiter = world.limiter(storage, quotaOf());
      const times = greedy(world, limiter, 5, (place) => {
        if (refused.includes(place)) limiter.pause(pause);
      });
      for (const [place, gap] of gaps(await world.run(times)).entries()) {
        const wanted = expected[place] ?? 0;
        expect(Math.abs(gap - (wanted > 100 ? wanted : wanted * interval))).toBeLessThan(5);
      }
    });

    it("is no way round for a burst, and is over half a minute later", async () => {
      const world = createWorld();
      const quota = quotaOf({ calls: 200, per: "PT20S", burst: 3 });
      const limiter = world.limiter(storage, quota);
      await world.run(limiter.acquire());
      limiter.pause(1000);
      const after = await world.run(greedy(world, limiter, 300));
      expect(gaps(after.filter((time) => time < 2000)).every((gap) => gap > 150)).toBe(true);
      const late = gaps(after.filter((time) => time > 32_000)).map(Math.round);
      expect(late.length).toBeGreaterThan(30);
      for (const gap of late) expect(Math.abs(gap - spacingOf(quota).interval)).toBeLessThan(2);
    });

    it("of one process stops the others within a second, and those who came later", async () => {
      const world = createWorld();
      const quota = quotaOf();
      const [first, second] = [world.limiter(storage, quota), world.limiter(storage, quota)];
      const others = greedy(world, second, 30);
      const pausing = world.sleep(500).then(() => {
        first.pause(10_000);
      });
      await world.run(pausing);
      const late = world.sleep(2000).then(() => greedy(world, world.limiter(storage, quota), 1));
      const [times, [latest]] = await world.run(Promise.all([others, late]));
      expect(times.some((time) => time > 750 && time < 10_500)).toBe(false);
      expect(latest).toBeGreaterThan(10_500);
    });

    it("holds this process back at once, also for a slot that it has already", async () => {
      const world = createWorld();
      const limiter = world.limiter(storage, quotaOf());
      await world.run(limiter.acquire());
      const waiting = limiter.acquire();
      await world.run(world.sleep(50));
      limiter.pause(5000);
      expect(limiter.wait()).toBeGreaterThan(5000);
      await world.run(waiting);
      expect(world.now()).toBeGreaterThanOrEqual(5050);
    });

    it("that many calls bring at once counts as one", async () => {
      const world = createWorld();
      const quota = quotaOf();
      const limiters = [world.limiter(storage, quota), world.limiter(storage, quota)];
      for (const limiter of limiters) for (let place = 0; place < 4; place += 1) limiter.pause(1000);
      const times = await world.run(greedy(world, limiters[0] as SharedLimiter, 3));
      expect(gaps(times)[0]).toBeCloseTo(2 * interval, -1);
    });

    it("never stops anybody for good, however many come", async () => {
      const world = createWorld();
      const limiter = world.limiter(storage, quotaOf());
      const times = await world.run(
        greedy(world, limiter, 40, () => {
          limiter.pause(0);
        }),
      );
      expect(Math.max(...gaps(times))).toBeLessThan(17 * interval);
    });
  });
});
