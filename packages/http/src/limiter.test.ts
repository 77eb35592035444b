import type { IsoDuration } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../test/support/virtual-clock.js";
import { createRateLimiter, limiterFor } from "./limiter.js";

const acquireAll = async (
  quota: { calls: number; per: IsoDuration; burst?: number; headroom?: number },
  arrivals: readonly number[],
) => {
  const clock = createVirtualClock();
  const start = clock.now();
  const limiter = createRateLimiter(quota, clock);
  const admitted: number[] = [];
  await Promise.all(
    arrivals.map(async (arrival) => {
      if (arrival > 0) await clock.sleep(arrival);
      await limiter.acquire();
      admitted.push(clock.now() - start);
    }),
  );
  return admitted.sort((one, other) => one - other);
};

/** The most calls that fall into any window of a length, its end not counted. */
const busiestWindow = (times: readonly number[], length: number) =>
  Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + length).length));

describe("createRateLimiter", () => {
  test("spaces calls evenly", async () => {
    const times = await acquireAll({ calls: 10, per: "PT1S" }, [0, 0, 0, 0, 0]);
    expect(times).toEqual([0, 100, 200, 300, 400]);
  });

  test("lets a burst through at once, and spaces what follows", async () => {
    const times = await acquireAll({ calls: 5, per: "PT1S", burst: 3 }, Array<number>(8).fill(0));
    // The burst is what the sixth call and those after it have to wait for.
    expect(times).toEqual([0, 0, 0, 200, 400, 1000, 1000, 1000]);
  });

  test("keeps clear of the quota by its headroom", async () => {
    const times = await acquireAll({ calls: 2, per: "PT1S", burst: 2, headroom: 0.1 }, [0, 0, 0, 0, 0]);
    expect(times).toEqual([0, 0, 1100, 1100, 2200]);
  });

  test("makes up for timers that fire late, within its burst", async () => {
    const clock = createVirtualClock();
    const start = clock.now();
    const limiter = createRateLimiter({ calls: 10, per: "PT1S", burst: 2 }, clock);
    const times: number[] = [];
    for (let place = 0; place < 40; place += 1) {
      await limiter.acquire();
      times.push(clock.now() - start);
      if (place % 2 === 0) clock.advance(60);
    }
    expect(times.at(-1)).toBe(3800);
    expect(busiestWindow(times, 1000)).toBe(10);
  });

  /** When calls may go out whose round trips take so long; each is answered before the window ends. */
  const withRoundTrips = async (roundTrips: readonly number[]) => {
    const clock = createVirtualClock();
    const start = clock.now();
    const limiter = createRateLimiter({ calls: 2, per: "PT1S", burst: 2 }, clock);
    const times: number[] = [];
    for (const roundTrip of roundTrips) {
      const slot = await limiter.acquire();
      times.push(clock.now() - start);
      clock.advance(roundTrip);
      slot?.answered();
    }
    return times;
  };

  test.each<[string, number[], number[]]>([
    ["all alike", [100, 100, 100, 100], [0, 100, 1000, 1100]],
    ["later by what the first took longer", [100, 140, 100, 100], [0, 100, 1000, 1140]],
    ["by half a second at most: more is the vendor's own work", [100, 900, 100, 100], [0, 100, 1000, 1600]],
  ])("counts a call from its arrival: %s", async (_, roundTrips, expected) => {
    const seen = await withRoundTrips(roundTrips);
    for (const [place, time] of expected.entries())
      expect(Math.abs((seen[place] ?? 0) - time)).toBeLessThan(4);
  });

  test("does not wait for a slot that is nearer than a timer can tell", async () => {
    const clock = createVirtualClock();
    const limiter = createRateLimiter({ calls: 1e12, per: "PT1S" }, clock);
    for (let place = 0; place < 5000; place += 1) await limiter.acquire();
    expect(clock.waits).toEqual([]);
  });

  test("never exceeds the quota in any window, whenever calls arrive", async () => {
    const quotas = fc
      .integer({ min: 1, max: 20 })
      .chain((calls) => fc.record({ calls: fc.constant(calls), burst: fc.integer({ min: 1, max: calls }) }));
    const arrivals = fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(quotas, arrivals, async (quota, offsets) => {
        const times = await acquireAll({ ...quota, per: "PT1S" }, offsets);
        expect(times).toHaveLength(offsets.length);
        expect(busiestWindow(times, 1000)).toBeLessThanOrEqual(quota.calls);
      }),
      { numRuns: 50 },
    );
  });

  test("serves first who came first", async () => {
    const limiter = createRateLimiter({ calls: 100, per: "PT1S" }, createVirtualClock());
    const order: number[] = [];
    await Promise.all([...Array(20).keys()].map((index) => limiter.acquire().then(() => order.push(index))));
    expect(order).toEqual([...Array(20).keys()]);
  });

  test("passes over those who gave up, and costs them no slot", async () => {
    const clock = createVirtualClock();
    const start = clock.now();
    const limiter = createRateLimiter({ calls: 1, per: "PT1S" }, clock);
    const reason = new Error("enough");
    const abort = new AbortController();
    await limiter.acquire();
    const impatient = limiter.acquire(abort.signal);
    const patient = limiter.acquire();
    abort.abort(reason);
    await expect(impatient).rejects.toBe(reason);
    await patient;
    expect(clock.now() - start).toBe(1000);
    await expect(limiter.acquire(abort.signal)).rejects.toBe(reason);
  });

  test("keeps no timer when the last one has given up", async () => {
    const clock = createVirtualClock();
    const limiter = createRateLimiter({ calls: 1, per: "PT1H" }, clock);
    const abort = new AbortController();
    await limiter.acquire();
    const waiting = limiter.acquire(abort.signal);
    expect(clock.sleeping()).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toThrow();
    expect(clock.sleeping()).toBe(0);
    await limiter.acquire();
  });

  test("pauses for everybody, also for those who wait already", async () => {
    const clock = createVirtualClock();
    const start = clock.now();
    const limiter = createRateLimiter({ calls: 10, per: "PT1S" }, clock);
    await limiter.acquire();
    const waiting = limiter.acquire();
    limiter.pause(5000);
    limiter.pause(1000);
    expect(limiter.wait()).toBeCloseTo(5200, -1);
    await waiting;
    expect(clock.now() - start).toBe(5000);
  });

  /** When calls go out that follow each other without a break, and are answered 429 at given places. */
  const greedy = async (calls: number, refused: readonly number[], pause: number, burst = 1) => {
    const clock = createVirtualClock();
    const start = clock.now();
    const limiter = createRateLimiter({ calls: 10, per: "PT1S", burst }, clock);
    const times: number[] = [];
    for (let place = 0; place < calls; place += 1) {
      await limiter.acquire();
      times.push(clock.now() - start);
      if (refused.includes(place)) limiter.pause(pause);
    }
    return times;
  };
  const gaps = (times: readonly number[]) => times.slice(1).map((time, place) => time - (times[place] ?? 0));

  test.each<[string, number[], number, number, number[]]>([
    ["no 429", [], 0, 1, [100, 100, 100, 100]],
    ["a 429 halves the rate after its pause", [0], 5000, 1, [5000, 200, 200, 199]],
    ["a 429 without a pause halves it too", [0], 0, 1, [200, 200, 199, 198]],
    ["each further 429 halves it again", [0, 1], 1000, 1, [1000, 1000, 400, 390]],
    ["a burst is no way round it", [0], 1000, 5, [1000, 200, 200, 199]],
  ])("slows down: %s", async (_, refused, pause, burst, expected) => {
    const seen = gaps(await greedy(5, refused, pause, burst));
    for (const [place, gap] of expected.entries()) expect(Math.abs((seen[place] ?? 0) - gap)).toBeLessThan(3);
  });

  test("comes back to the whole quota half a minute later, and stays there", async () => {
    const times = await greedy(600, [0], 1000);
    const after = (milliseconds: number) => gaps(times.filter((time) => time >= 1000 + milliseconds));
    expect(after(0)[0]).toBe(200);
    expect(after(15_000)[0]).toBeLessThan(140);
    expect(new Set(after(30_000))).toEqual(new Set([100]));
    expect(after(30_000).length).toBeGreaterThan(100);
  });

  test("takes many 429s at once for one", async () => {
    const clock = createVirtualClock();
    const limiter = createRateLimiter({ calls: 10, per: "PT1S" }, clock);
    for (let place = 0; place < 8; place += 1) limiter.pause(1000);
    await limiter.acquire();
    const start = clock.now();
    await limiter.acquire();
    expect(clock.now() - start).toBe(200);
  });

  test("never stops for good, however many 429s come", async () => {
    const everyCall = [...Array(60).keys()];
    const times = await greedy(60, everyCall, 0);
    expect(Math.max(...gaps(times))).toBeLessThanOrEqual(1600);
  });

  test("never exceeds the quota in any window, and serves everybody, whatever 429s come when", async () => {
    const calls = fc.array(fc.record({ at: fc.nat(5000), is429: fc.boolean(), pause: fc.nat(2000) }), {
      minLength: 1,
      maxLength: 40,
    });
    const bursts = fc.integer({ min: 1, max: 10 });
    await fc.assert(
      fc.asyncProperty(calls, bursts, async (planned, burst) => {
        const clock = createVirtualClock();
        const start = clock.now();
        const limiter = createRateLimiter({ calls: 10, per: "PT1S", burst }, clock);
        const times: number[] = [];
        await Promise.all(
          planned.map(async ({ at, is429, pause }) => {
            await clock.sleep(at);
            const waited = limiter.wait();
            expect(waited).toBeGreaterThanOrEqual(0);
            await limiter.acquire();
            times.push(clock.now() - start);
            if (is429) limiter.pause(pause);
          }),
        );
        expect(times).toHaveLength(planned.length);
        expect(busiestWindow(times, 1000)).toBeLessThanOrEqual(10);
      }),
      { numRuns: 50 },
    );
  });

  test("knows how long the last of many waits while the rate comes back", async () => {
    const clock = createVirtualClock();
    const limiter = createRateLimiter({ calls: 10, per: "PT1S" }, clock);
    limiter.pause(1000);
    const waiting = Array.from({ length: 400 }, () => limiter.acquire());
    const expected = limiter.wait();
    const start = clock.now();
    await Promise.all(waiting);
    await limiter.acquire();
    expect(Math.abs(clock.now() - start - expected) / expected).toBeLessThan(0.02);
  });

  test("turns away at once, and costs no slot, who would wait too long", async () => {
    const clock = createVirtualClock();
    const limiter = createRateLimiter({ calls: 10, per: "PT1S" }, clock);
    const patience = [1, 100, 101, 200, 201, Infinity];
    const admitted = await Promise.all(
      patience.map((milliseconds) => limiter.acquire(undefined, milliseconds)),
    );
    expect(admitted.map(Boolean)).toEqual([true, false, true, false, true, true]);
    expect(clock.waits).toEqual([100, 100, 100]);
  });

  test("turns away at once whom a pause makes wait too long, and serves the others after it", async () => {
    const clock = createVirtualClock();
    const start = clock.now();
    const limiter = createRateLimiter({ calls: 10, per: "PT1S" }, clock);
    await limiter.acquire();
    const ends: (readonly [number, boolean, number])[] = [];
    const waiting = [1000, 5100, 5000, 5201, 5300].map(async (milliseconds) => {
      const admitted = await limiter.acquire(undefined, milliseconds);
      ends.push([milliseconds, admitted !== undefined, clock.now() - start]);
    });
    limiter.pause(5000);
    await Promise.all(waiting);
    expect(ends).toEqual(
      [
        [1000, false, 0],
        [5000, false, 0],
        [5100, true, 5000],
        [5201, true, 5200],
        [5300, false, 0],
      ].sort((one, other) => Number(one[2]) - Number(other[2])),
    );
  });

  test("keeps no timer when a pause has turned everybody away", async () => {
    const clock = createVirtualClock();
    const limiter = createRateLimiter({ calls: 1, per: "PT1S" }, clock);
    await limiter.acquire();
    const waiting = limiter.acquire(undefined, 2000);
    limiter.pause(3_600_000);
    expect(await waiting).toBeUndefined();
    expect(clock.sleeping()).toBe(0);
  });

  test("does not wait twice when the clock is set back", async () => {
    const clock = createVirtualClock();
    const limiter = createRateLimiter({ calls: 1, per: "PT1S" }, clock);
    await limiter.acquire();
    clock.advance(-3_600_000);
    await limiter.acquire();
    expect(clock.waits).toEqual([1000]);
  });

  test("tells those who wait when the clock fails", async () => {
    const failure = new Error("no time");
    const limiter = createRateLimiter(
      { calls: 1, per: "PT1S" },
      { now: () => 0, sleep: () => Promise.reject(failure) },
    );
    await limiter.acquire();
    await expect(limiter.acquire()).rejects.toBe(failure);
  });

  test("keeps one timer for 20,000 waiting calls", async () => {
    const clock = createVirtualClock();
    const limiter = createRateLimiter({ calls: 1000, per: "PT1S" }, clock);
    const abort = new AbortController();
    const calls = Array.from({ length: 20_000 }, () => limiter.acquire(abort.signal));
    expect(clock.sleeping()).toBe(1);
    await Promise.all(calls);
    expect(clock.sleeping()).toBe(0);
  });

  test.each([
    [{ calls: 0, per: "PT1S" }, "a quota allows at least one call in some time"],
    [{ calls: 5, per: "PT0S" }, "a quota allows at least one call in some time"],
    [{ calls: Number.NaN, per: "PT1S" }, "a quota allows at least one call in some time"],
    [{ calls: 5, per: "PT1S", burst: 6 }, "a burst is at least 1 and within the quota"],
    [{ calls: 5, per: "PT1S", burst: 0 }, "a burst is at least 1 and within the quota"],
    [{ calls: 5, per: "PT1S", headroom: -0.1 }, "headroom is a share of the time, and not negative"],
  ] as const)("refuses the quota %j", (quota, message) => {
    expect(() => createRateLimiter(quota, createVirtualClock())).toThrow(new RangeError(message));
  });
});

describe("limiterFor", () => {
  const quota = { calls: 10, per: "PT1S", credential: "anna" } as const;

  test("is shared by runtime, credential and quota, and by nothing less", () => {
    const runtime = {};
    const limiter = limiterFor(runtime, quota);
    expect(limiterFor(runtime, { ...quota })).toBe(limiter);
    expect(limiterFor({}, quota)).not.toBe(limiter);
    expect(limiterFor(runtime, { ...quota, credential: "ben" })).not.toBe(limiter);
    expect(limiterFor(runtime, { ...quota, calls: 5 })).not.toBe(limiter);
    expect(limiterFor(undefined, quota)).toBe(limiterFor(undefined, quota));
  });
});
