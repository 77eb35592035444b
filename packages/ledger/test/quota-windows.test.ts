import { durationLength, type IsoDuration } from "@enrollkit/core";
import fc from "fast-check";
import { beforeEach, expect, it } from "vitest";
import type { SharedQuota } from "../src/quota/contract.js";
import { spacingOf } from "../src/quota/spacing.js";
import type { Storage } from "../src/storage/storage.js";
import { createWorld, quotaOf, shortestExcess, type Troubles } from "./quota-world.js";
import { describeOnBothBackEnds } from "./support/storages.js";

/** A call that a process wants to make: when it asks, how slowly the call travels, and what 429 it gets. */
interface Wish {
  readonly at: number;
  readonly travels: number;
  readonly pause?: number | undefined;
}
interface Plan {
  readonly troubles: Troubles;
  readonly wishes: readonly Wish[];
}

const milliseconds = (most: number) => fc.integer({ min: 0, max: most });
/** Mostly none, for whatever is lost leaves room to the others; often some that is put up with, seldom more. */
const lateness = (some: number, more: number) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(0) },
    { weight: 4, arbitrary: milliseconds(some) },
    { weight: 1, arbitrary: milliseconds(more) },
  );

const troubles: fc.Arbitrary<Troubles> = fc.record({
  offset: fc.integer({ min: -3_600_000, max: 3_600_000 }),
  rate: fc.double({ min: 0.9998, max: 1.0002, noNaN: true }),
  timers: fc.array(lateness(30, 200), { minLength: 1, maxLength: 7 }),
  statements: fc.array(fc.tuple(lateness(15, 300), lateness(15, 300)), { minLength: 1, maxLength: 7 }),
  stops: fc.array(fc.record({ at: milliseconds(3000), for: milliseconds(3000), isMachine: fc.boolean() }), {
    maxLength: 2,
  }),
});
const wish = fc.record({
  at: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: milliseconds(3000) }),
  travels: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  pause: fc.oneof(
    { weight: 60, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: milliseconds(1500) },
  ),
});
const plans = fc.array(fc.record({ troubles, wishes: fc.array(wish, { minLength: 1, maxLength: 12 }) }), {
  minLength: 1,
  maxLength: 4,
});
const quotas = fc
  .record({ calls: fc.integer({ min: 1, max: 8 }), seconds: fc.integer({ min: 1, max: 2 }) })
  .chain(({ calls, seconds }) =>
    fc.record({
      calls: fc.constant(calls),
      per: fc.constant<IsoDuration>(`PT${seconds}S`),
      burst: fc.integer({ min: 1, max: calls }),
      headroom: fc.constantFrom(0, 0.015),
    }),
  );

describeOnBothBackEnds("the windows of a shared quota", (openStorage) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await openStorage();
  });

  /** When calls arrive at the vendor. */
  const arrivals = async (quota: SharedQuota, processes: readonly Plan[]) => {
    const world = createWorld();
    const { jitter } = spacingOf(quota);
    const times: number[] = [];
    const work = processes.flatMap(({ troubles, wishes }) => {
      const limiter = world.limiter(storage, quota, troubles);
      return wishes.map(async ({ at, travels, pause }) => {
        if (at > 0) await world.sleep(at);
        expect(limiter.wait()).toBeGreaterThanOrEqual(0);
        await limiter.acquire();
        times.push(world.now() + travels * jitter);
        if (pause !== undefined) limiter.pause(pause);
      });
    });
    await world.run(Promise.all(work));
    return times;
  };

  it("never see more calls, however late, stopped or wrong the processes are", async () => {
    await fc.assert(
      fc.asyncProperty(quotas, plans, async (numbers, processes) => {
        const quota = quotaOf(numbers);
        const times = await arrivals(quota, processes);
        expect(times).toHaveLength(processes.flatMap(({ wishes }) => wishes).length);
        expect(shortestExcess(times, quota.calls)).toBeGreaterThanOrEqual(durationLength(quota.per));
      }),
      { numRuns: 15 },
    );
  });

  const eset = { calls: 10, per: "PT1S", burst: 2, headroom: 0.015 } as const;
  const usual: Troubles = { statements: [[1, 1], [2, 1], [0, 1]], timers: [0, 1, 3, 0.5] }; // prettier-ignore

  /** When calls leave that are all wanted at once. */
  const saturate = async (quota: SharedQuota, processes: readonly Troubles[], calls: number) => {
    const world = createWorld();
    const times: number[] = [];
    const work = processes.flatMap((troubles) => {
      const limiter = world.limiter(storage, quota, troubles);
      return Array.from({ length: calls }, async () => {
        await limiter.acquire();
        times.push(world.now());
      });
    });
    await world.run(Promise.all(work));
    return times.sort((one, other) => one - other);
  };

  it.each([
    ["ESET Connect", eset, 40],
    ["Android Management, in a fifth of its time", { calls: 200, per: "PT20S", burst: 2 }, 80],
  ] as const)("are filled by four processes, but for a twentieth: %s", async (_, numbers, calls) => {
    const quota = quotaOf(numbers);
    const times = await saturate(quota, Array<Troubles>(4).fill(usual), calls);
    const [first = 0, last = 0] = [times[0], times.at(-1)];
    const allowed = ((last - first) / durationLength(quota.per)) * quota.calls;
    expect((times.length - 1) / allowed).toBeGreaterThanOrEqual(0.95);
    expect(shortestExcess(times, quota.calls)).toBeGreaterThanOrEqual(durationLength(quota.per));
  });

  it.each([
    ["a database that answers in 60 ms", [[30, 30]], 0.6],
    ["a database that answers in 300 ms", [[0, 300]], 0.2],
    ["a database that answers in 600 ms", [[590, 10]], 0.08],
    ["one that is slow now and then", [[1, 1], [1, 1], [200, 0]], 0.6], // prettier-ignore
  ] as const)("are kept, and used, with %s", async (_, statements, use) => {
    const quota = quotaOf(eset);
    const times = await saturate(quota, [{ statements }, { statements }], 20);
    expect(shortestExcess(times, quota.calls)).toBeGreaterThanOrEqual(1000);
    expect((39 * 100) / ((times.at(-1) ?? 0) - (times[0] ?? 0))).toBeGreaterThan(use);
  });

  it("are kept by a process that is stopped again and again, at the cost of no more than its own slots", async () => {
    const quota = quotaOf(eset);
    const stops = Array.from({ length: 20 }, (_, place) => ({ at: place * 500 + 90, for: 250 }));
    const times = await saturate(quota, [usual, { ...usual, stops }], 20);
    expect(shortestExcess(times, quota.calls)).toBeGreaterThanOrEqual(1000);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThan(8000);
  });

  it("lose no slot that comes a little late: those after it make up for that", async () => {
    const quota = quotaOf(eset);
    const times = await saturate(quota, [{ timers: [0, 0, 40, 0, 0, 0, 0] }], 41);
    expect(shortestExcess(times, quota.calls)).toBeGreaterThanOrEqual(1000);
    const { taken } = await storage.once((db) =>
      db.selectFrom("quotas").select("taken").executeTakeFirstOrThrow(),
    );
    expect(taken).toBe(41);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(40 * spacingOf(quota).interval + 100);
  });

  it.each([
    ["set back", -3_600_000],
    ["set forward", 3_600_000],
  ])("go on within seconds after the database's clock was %s by an hour", async (_, ahead) => {
    const world = createWorld();
    const limiter = world.limiter(storage, quotaOf(eset));
    await world.run(limiter.acquire());
    await world.run(limiter.acquire());
    world.setDatabaseClock(ahead);
    await world.run(limiter.acquire());
    expect(world.now()).toBeLessThan(10_000);
    const before = world.now();
    await world.run(limiter.acquire());
    expect(world.now() - before).toBeGreaterThan(100);
    expect(world.now() - before).toBeLessThan(110);
  });
});
