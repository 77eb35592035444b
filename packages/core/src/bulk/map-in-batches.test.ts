import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mapInBatches, type BatchPlan, type Placed } from "./map-in-batches.js";

type Lane = "a" | "b";
type Plan = BatchPlan<number, string, Lane>;

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Lets a random number of turns of the event loop pass, so that batches overtake each other. */
const afterTurns = async (turns: number) => {
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
};

const plan = (changes: Partial<Plan> = {}): Plan => ({
  prepare: ({ item }) =>
    item % 7 === 3 ? { result: `refused ${item}` } : { lane: item % 2 === 0 ? "a" : "b" },
  batchSize: () => 3,
  execute: (lane, batch) => Promise.resolve(batch.map(({ item }) => `${lane}${item}`)),
  concurrency: 2,
  order: "input",
  window: 20,
  ...changes,
});

const expected = (item: number) =>
  item % 7 === 3 ? `refused ${item}` : `${item % 2 === 0 ? "a" : "b"}${item}`;
const count = (length: number) => Array.from({ length }, (_, index) => index);

const collect = async (results: AsyncIterable<string>) => {
  const collected: string[] = [];
  for await (const result of results) collected.push(result);
  return collected;
};

describe("mapInBatches", () => {
  it("gives one result for each item, whatever the sizes, speeds and limits", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          items: fc.nat({ max: 120 }),
          concurrency: fc.integer({ min: 1, max: 5 }),
          size: fc.integer({ min: 1, max: 9 }),
          window: fc.integer({ min: 1, max: 40 }),
          turns: fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 10 }),
          order: fc.constantFrom("input" as const, "completion" as const),
          asynchronous: fc.boolean(),
        }),
        async ({ items, concurrency, size, window, turns, order, asynchronous }) => {
          let underWay = 0;
          let most = 0;
          let calls = 0;
          const execute: Plan["execute"] = async (lane, batch) => {
            most = Math.max(most, ++underWay);
            expect(batch.length).toBeLessThanOrEqual(size);
            await afterTurns(turns[calls++ % turns.length] ?? 0);
            underWay -= 1;
            return batch.map(({ item }) => `${lane}${item}`);
          };
          async function* slowly() {
            for (const item of count(items)) {
              if (item % 5 === 0) await nextTurn();
              yield item;
            }
          }
          const source = asynchronous ? slowly() : count(items);
          const results = await collect(
            mapInBatches(source, plan({ concurrency, batchSize: () => size, window, order, execute })),
          );
          const all = count(items).map(expected);
          if (order === "input") expect(results).toEqual(all);
          else expect(results.toSorted()).toEqual(all.toSorted());
          expect(most).toBeLessThanOrEqual(concurrency);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("reads no farther ahead than the window", async () => {
    let read = 0;
    function* endless() {
      for (;;) yield read++;
    }
    const results = mapInBatches(endless(), plan({ window: 10, prepare: () => ({ lane: "a" }) }));
    await results.next();
    await afterTurns(20);
    expect(read).toBeLessThanOrEqual(11);
    await results.return();
  });

  it("yields the first result while the source is still thinking", async () => {
    let release = () => {};
    const thinking = new Promise<void>((resolve) => (release = resolve));
    async function* source() {
      yield 3;
      await thinking;
    }
    const results = mapInBatches(source(), plan());
    expect((await results.next()).value).toBe("refused 3");
    release();
    expect((await results.next()).done).toBe(true);
  });

  it("gives the results of everything before the source failed, then the failure", async () => {
    function* failing() {
      yield* count(5);
      throw new Error("line 6 is broken");
    }
    const seen: string[] = [];
    const run = async () => {
      for await (const result of mapInBatches(failing(), plan())) seen.push(result);
    };
    await expect(run()).rejects.toThrow("line 6 is broken");
    expect(seen).toEqual(count(5).map(expected));
  });

  const bug = () => {
    throw new Error("a bug");
  };
  it.each<[string, Partial<Plan>]>([
    ["execute rejects", { execute: () => Promise.reject(new Error("a bug")) }],
    ["execute throws", { execute: bug }],
    ["prepare throws", { prepare: bug }],
    ["batchSize throws", { batchSize: bug }],
    ["the listener throws at a read", { onChange: (change) => (change === "read" ? bug() : undefined) }],
    ["the listener throws at a send", { onChange: (change) => (change === "sent" ? bug() : undefined) }],
    ["the listener throws at a result", { onChange: (change) => (change === "settled" ? bug() : undefined) }],
  ])("ends with the error and closes the source when %s", async (_, broken) => {
    let closed = false;
    function* source() {
      try {
        yield* count(100);
      } finally {
        closed = true;
      }
    }
    await expect(collect(mapInBatches(source(), plan(broken)))).rejects.toThrow("a bug");
    expect(closed).toBe(true);
  });

  it("refuses what cannot be iterated", async () => {
    const nothing = undefined as unknown as Iterable<number>;
    await expect(collect(mapInBatches(nothing, plan()))).rejects.toThrow(TypeError);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a concurrency of %d", async (concurrency) => {
    await expect(collect(mapInBatches(count(4), plan({ concurrency })))).rejects.toMatchObject({
      code: "invalid-request",
      path: "concurrency",
    });
  });

  it("tells the source when the reader goes away", async () => {
    let closed = false;
    async function* source() {
      try {
        for (const item of count(1000)) {
          await nextTurn();
          yield item;
        }
      } finally {
        closed = true;
      }
    }
    for await (const result of mapInBatches(source(), plan())) {
      if (result === "a2") break;
    }
    await afterTurns(5);
    expect(closed).toBe(true);
  });
});

describe("abort", () => {
  it.each(["input", "completion"] as const)(
    "sends nothing more, waits for what is under way (%s)",
    async (order) => {
      const controller = new AbortController();
      const sent: number[] = [];
      const execute = async (lane: Lane, batch: readonly Placed<number>[]) => {
        sent.push(...batch.map(({ item }) => item));
        if (sent.length > 10) controller.abort(new Error("enough"));
        await afterTurns(5);
        return batch.map(({ item }) => `${lane}${item}`);
      };
      const seen: string[] = [];
      const run = async () => {
        const results = mapInBatches(count(1000), plan({ execute, order, signal: controller.signal }));
        for await (const result of results) seen.push(result);
      };
      await expect(run()).rejects.toThrow("enough");
      const answered = seen.filter((result) => !result.startsWith("refused"));
      expect(answered.toSorted()).toEqual(sent.map(expected).toSorted());
      expect(sent.length).toBeLessThan(30);
    },
  );

  it("at any moment loses no result of what was sent, and always ends", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          abortAt: fc.nat({ max: 40 }),
          concurrency: fc.integer({ min: 1, max: 4 }),
          size: fc.integer({ min: 1, max: 7 }),
          window: fc.integer({ min: 1, max: 20 }),
          turns: fc.nat({ max: 3 }),
          order: fc.constantFrom("input" as const, "completion" as const),
          leave: fc.boolean(),
        }),
        async ({ abortAt, concurrency, size, window, turns, order, leave }) => {
          const controller = new AbortController();
          const sent: string[] = [];
          const seen: string[] = [];
          let closed = 0;
          async function* source() {
            try {
              for (const item of count(60)) {
                if (item === abortAt && !leave) controller.abort(new Error("enough"));
                if (item % 4 === 0) await nextTurn();
                yield item;
              }
            } finally {
              closed += 1;
            }
          }
          const execute: Plan["execute"] = async (lane, batch) => {
            const results = batch.map(({ item }) => `${lane}${item}`);
            sent.push(...results);
            await afterTurns(turns);
            return results;
          };
          const { signal } = controller;
          const limits = { concurrency, batchSize: () => size, window, order };
          const run = async () => {
            for await (const result of mapInBatches(source(), plan({ ...limits, execute, signal }))) {
              seen.push(result);
              if (leave && seen.length > abortAt) break;
            }
          };
          if (leave) await run();
          else await expect(run()).rejects.toThrow("enough");
          const answered = seen.filter((result) => !result.startsWith("refused"));
          if (!leave) expect(answered.toSorted()).toEqual(sent.toSorted());
          await afterTurns(3);
          expect(closed).toBe(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("before the start reads nothing", async () => {
    let read = 0;
    function* source() {
      read += 1;
      yield 1;
    }
    const signal = AbortSignal.abort(new Error("never mind"));
    await expect(collect(mapInBatches(source(), plan({ signal })))).rejects.toThrow("never mind");
    expect(read).toBe(0);
  });

  it("does not wait for a source that never answers", async () => {
    const controller = new AbortController();
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
    };
    const run = collect(mapInBatches(source, plan({ signal: controller.signal })));
    await nextTurn();
    controller.abort(new Error("stop waiting"));
    await expect(run).rejects.toThrow("stop waiting");
  });
});
