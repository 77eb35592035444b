import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { EnrollmentError } from "@enrollkit/core";
import { createHttpClient, type HttpRuntime, type RateLimiter } from "@enrollkit/http";
import { beforeEach, expect, it } from "vitest";
import * as z from "zod";
import { createSharedLimiter } from "../src/quota/limiter.js";
import { spacingOf } from "../src/quota/spacing.js";
import type { Storage } from "../src/storage/storage.js";
import { createWorld, quotaOf, shortestExcess, type Troubles } from "./quota-world.js";
import { describeOnBothBackEnds } from "./support/storages.js";

const eset = { calls: 10, per: "PT1S", headroom: 0.015 } as const;
const { interval } = spacingOf(quotaOf(eset));

describeOnBothBackEnds("a shared limiter and the vendor", (openStorage) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await openStorage();
  });

  /** When calls arrive whose way there takes so long, one after the other; the way back takes no time. */
  const arrivals = async (
    quota: ReturnType<typeof quotaOf>,
    ways: readonly number[],
    troubles?: Troubles,
  ) => {
    const world = createWorld();
    const limiter = world.limiter(storage, quota, troubles);
    const times: number[] = [];
    await world.run(
      Promise.all(
        ways.map(async (way) => {
          const slot = await limiter.acquire();
          await world.sleep(way);
          times.push(world.now());
          slot?.answered();
        }),
      ),
    );
    return times.sort((one, other) => one - other);
  };
  const ways = (usual: number, calls: number, late: Readonly<Record<number, number>>) =>
    Array.from({ length: calls }, (_, place) => late[place] ?? usual);

  it.each<[string, Readonly<Record<number, number>>, number]>([
    ["none is late", {}, 0],
    ["one is late by no more than is put up with", { 5: 48 }, 0],
    ["one is late", { 5: 110 }, 60],
    ["one is late by more than a slot: it was the answer that took its time", { 5: 600 }, 73],
    ["one took so long that nothing can be done about it", { 5: 1500 }, 0],
    ["two are late, and one delay is enough for both", { 5: 110, 6: 110 }, 60],
  ])("makes up for calls that arrive late: %s", async (_, late, expected) => {
    const times = await arrivals(quotaOf(eset), ways(20, 40, late));
    const delay = (times.at(-1) ?? 0) - 20 - 39 * interval;
    expect(Math.abs(delay - expected)).toBeLessThan(4);
  });

  it("keeps every window although calls arrive late by up to the time between two", async () => {
    const late = { 3: 90, 7: 115, 8: 70, 15: 100, 22: 115, 24: 115, 25: 60, 33: 80 };
    const times = await arrivals(quotaOf(eset), ways(15, 60, late), { statements: [[4, 4]], timers: [0, 9] });
    expect(shortestExcess(times, 10)).toBeGreaterThanOrEqual(1000);
  });

  it("takes the place of the HTTP client's own limiter", async () => {
    const statuses = [200, 429, 200, 200];
    const requests: number[] = [];
    const world = createWorld();
    const server = createServer((_, response) => {
      requests.push(world.now());
      response.writeHead(statuses.shift() ?? 200, { "retry-after": "30" }).end("{}");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { storage: own, clock, sources } = world.worker(storage);
    const runtime: HttpRuntime = {
      clock,
      createLimiter: (quota, given): RateLimiter => createSharedLimiter(own, quota, given, sources),
    };
    const client = createHttpClient({
      provider: "phones",
      quota: { calls: 10, per: "PT1S", credential: "anna" },
      toError: () => ({ code: "unknown", message: "refused" }),
      runtime,
    });
    const call = { method: "GET", url, answer: z.object({}), effect: "repeatable" } as const;
    for (let place = 0; place < 3; place += 1) await world.run(client.send(call));
    await new Promise((resolve) => server.close(resolve));
    expect(requests).toHaveLength(4);
    const [first = 0, second = 0, third = 0, fourth = 0] = requests;
    expect(second - first).toBeGreaterThan(100);
    expect(third - second).toBeGreaterThanOrEqual(30_000);
    expect(fourth - third).toBeGreaterThan(190);
  });
});

describeOnBothBackEnds("a shared limiter whose database fails", (openStorage) => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await openStorage();
  });
  const lost = () => new EnrollmentError("the ledger's database cannot be reached", { code: "unavailable" });

  /** A limiter on a storage that fails as it is told to. */
  const create = (troubles?: Troubles) => {
    const world = createWorld();
    const { storage: own, clock, sources } = world.worker(storage, troubles);
    const fails = { once: false, repeatable: false };
    const failing: Storage = {
      ...own,
      once: (work) => (fails.once ? Promise.reject(lost()) : own.once(work)),
      repeatable: (work, signal) =>
        fails.repeatable ? Promise.reject(lost()) : own.repeatable(work, signal),
    };
    return { world, fails, limiter: createSharedLimiter(failing, quotaOf(eset), clock, sources) };
  };

  it("tells everybody who waits, and goes on for those who come later", async () => {
    const { world, fails, limiter } = create();
    await world.run(limiter.acquire());
    fails.repeatable = true;
    const waiting = [limiter.acquire(), limiter.acquire(undefined, 5000)];
    const ends = await world.run(Promise.allSettled(waiting));
    expect(ends).toMatchObject(Array(2).fill({ status: "rejected", reason: { code: "unavailable" } }));
    expect(world.sleeping()).toBe(0);
    fails.repeatable = false;
    await world.run(limiter.acquire());
    expect(world.now()).toBeCloseTo(interval, -1);
  });

  it("writes a pause later that could not be written", async () => {
    const { world, fails, limiter } = create();
    await world.run(limiter.acquire());
    fails.once = true;
    limiter.pause(1000);
    await world.run(world.sleep(400));
    const statements = world.statements();
    await world.run(limiter.acquire());
    // The pause and its row, before the slot.
    expect(world.statements()).toBeGreaterThanOrEqual(statements + 3);
    const resumed = world.now();
    expect(resumed).toBeGreaterThanOrEqual(1000);
    await world.run(limiter.acquire());
    expect(world.now() - resumed).toBeGreaterThan(1.9 * interval);
  });

  it("does not lose a pause whose writing fails again and again", async () => {
    const { world, fails, limiter } = create();
    await world.run(limiter.acquire());
    fails.once = fails.repeatable = true;
    limiter.pause(1000);
    await expect(world.run(limiter.acquire())).rejects.toMatchObject({ code: "unavailable" });
    await expect(world.run(limiter.acquire())).rejects.toMatchObject({ code: "unavailable" });
    fails.repeatable = false;
    await world.run(limiter.acquire());
    const resumed = world.now();
    await world.run(limiter.acquire());
    expect(world.now() - resumed).toBeGreaterThan(1.9 * interval);
  });

  it("sends those away whose patience is over while the database does not answer", async () => {
    const { world, limiter } = create({ statements: [[0, 60_000]] });
    expect(await world.run(limiter.acquire(undefined, 3500))).toBeUndefined();
    expect(world.now()).toBeLessThan(5000);
  });

  it("says so when no call can leave in time", async () => {
    const { world, limiter } = create({ statements: [[600, 600]] });
    await expect(world.run(limiter.acquire())).rejects.toMatchObject({
      code: "unavailable",
      message: "no call can leave in time for the quota that this process shares with others",
    });
  });

  it("tells those who wait when the clock fails", async () => {
    const failure = new Error("no time");
    const { sources } = createWorld().worker(storage);
    const clock = { now: () => 0, sleep: () => Promise.reject(failure) };
    const limiter = createSharedLimiter(storage, quotaOf(eset), clock, sources);
    await expect(limiter.acquire()).rejects.toBe(failure);
  });
});
