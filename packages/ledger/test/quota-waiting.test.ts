import { getEventListeners } from "node:events";
import { beforeEach, expect, it } from "vitest";
import { spacingOf } from "../src/quota/spacing.js";
import type { Storage } from "../src/storage/storage.js";
import { createWorld, greedy, quotaOf } from "./quota-world.js";
import { describeOnBothBackEnds } from "./support/storages.js";

const { interval } = spacingOf(quotaOf());

describeOnBothBackEnds("who waits for a shared limiter", (openStorage) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await openStorage();
  });

  it("may give up, and costs nobody anything", async () => {
    const world = createWorld();
    const limiter = world.limiter(storage, quotaOf({ calls: 1 }));
    const reason = new Error("enough");
    const abort = new AbortController();
    await world.run(limiter.acquire());
    const impatient = Array.from({ length: 20 }, () => limiter.acquire(abort.signal));
    const patient = limiter.acquire();
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(1);
    abort.abort(reason);
    for (const call of impatient) await expect(call).rejects.toBe(reason);
    await world.run(patient);
    expect(world.now()).toBeLessThan(1030);
    await expect(limiter.acquire(abort.signal)).rejects.toBe(reason);
  });

  it("leaves no timer behind, and the slot that was taken for the next", async () => {
    const world = createWorld();
    const limiter = world.limiter(storage, quotaOf());
    const abort = new AbortController();
    await world.run(limiter.acquire());
    const waiting = limiter.acquire(abort.signal);
    await world.run(world.sleep(20));
    expect(world.sleeping()).toBe(1);
    abort.abort();
    await expect(waiting).rejects.toThrow("aborted");
    expect(world.sleeping()).toBe(0);
    expect(getEventListeners(abort.signal, "abort")).toHaveLength(0);
    await world.run(limiter.acquire());
    expect(world.now()).toBeCloseTo(interval, -1);
  });

  it("takes no slot that was left behind long ago", async () => {
    const world = createWorld();
    const limiter = world.limiter(storage, quotaOf());
    const abort = new AbortController();
    await world.run(limiter.acquire());
    const waiting = limiter.acquire(abort.signal);
    await world.run(world.sleep(20));
    abort.abort();
    await expect(waiting).rejects.toThrow("aborted");
    await world.run(world.sleep(5000));
    const asked = world.statements();
    await world.run(limiter.acquire());
    expect(world.statements()).toBe(asked + 1);
  });

  it("is turned away at once, and costs no slot, who would wait too long", async () => {
    const world = createWorld();
    const limiter = world.limiter(storage, quotaOf());
    await world.run(limiter.acquire());
    const patience = [interval - 1, interval + 1, interval + 2, 2 * interval + 1, Infinity, 0];
    const ends: [boolean, number][] = [];
    const calls = patience.map(async (milliseconds, place) => {
      const slot = await limiter.acquire(undefined, milliseconds);
      ends[place] = [slot !== undefined, Math.round(world.now() / interval)];
    });
    await world.run(Promise.all(calls));
    expect(ends).toEqual([
      [false, 0],
      [true, 1],
      [false, 0],
      [true, 2],
      [true, 3],
      [false, 0],
    ]);
  });

  it("is turned away once others were quicker", async () => {
    const world = createWorld();
    const quota = quotaOf();
    const [first, second] = [world.limiter(storage, quota), world.limiter(storage, quota)];
    const others = greedy(world, first, 12);
    const calls = Array.from({ length: 8 }, () => second.acquire(undefined, 1000));
    const slots = await world.run(Promise.all(calls));
    const got = slots.filter((slot) => slot !== undefined).length;
    expect(got).toBeGreaterThan(2);
    expect(got).toBeLessThan(8);
    expect(world.now()).toBeLessThan(1000);
    await world.run(others);
  });

  it("is turned away by the pause of another process", async () => {
    const world = createWorld();
    const quota = quotaOf();
    const [first, second] = [world.limiter(storage, quota), world.limiter(storage, quota)];
    first.pause(10_000);
    await world.run(world.sleep(10));
    expect(await world.run(second.acquire(undefined, 5000))).toBeUndefined();
    expect(world.now()).toBeLessThan(300);
    expect(second.wait()).toBeGreaterThan(9000);
    expect(world.sleeping()).toBe(0);
  });

  it("is turned away by a pause, and no timer is left", async () => {
    const world = createWorld();
    const limiter = world.limiter(storage, quotaOf());
    await world.run(limiter.acquire());
    const waiting = limiter.acquire(undefined, 2000);
    await world.run(world.sleep(20));
    limiter.pause(3_600_000);
    expect(await waiting).toBeUndefined();
    expect(world.sleeping()).toBe(0);
  });

  it("hears how long it is likely to take, others reckoned with", async () => {
    const world = createWorld();
    const quota = quotaOf();
    const [first, second] = [world.limiter(storage, quota), world.limiter(storage, quota)];
    expect(first.wait()).toBe(0);
    const work = Promise.all([greedy(world, first, 60), greedy(world, second, 60)]);
    await world.run(world.sleep(3000));
    const waiting = Array.from({ length: 20 }, () => first.acquire());
    const expected = first.wait();
    const before = world.now();
    await world.run(Promise.all(waiting));
    expect((world.now() - before) / expected).toBeGreaterThan(0.8);
    expect((world.now() - before) / expected).toBeLessThan(1.25);
    await world.run(work);
  });
});
