import { getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder } from "./in-order.js";

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
};

/** Everything that comes out, and what is thrown at the end. */
const drain = async <Result>(results: AsyncIterable<Result>) => {
  const taken: Result[] = [];
  try {
    for await (const result of results) taken.push(result);
  } catch (error) {
    return { taken, error };
  }
  return { taken };
};

describe("inOrder", () => {
  it("keeps the order and the bound, however long each takes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4)), fc.integer({ min: 1, max: 5 }), async (times, width) => {
        let underWay = 0;
        const run = async (time: number, index: number) => {
          underWay += 1;
          expect(underWay).toBeLessThanOrEqual(width);
          await turns(time);
          underWay -= 1;
          return index;
        };
        const { taken, error } = await drain(inOrder(times, { width, run }));
        expect([taken, error]).toEqual([times.map((_, index) => index), undefined]);
      }),
      { numRuns: 50 },
    );
  });

  it("gives what was read before a source or the work throws, and then the error", async () => {
    const error = new Error("broken");
    const source = function* () {
      yield* [1, 2, 3];
      throw error;
    };
    const run = (item: number) => Promise.resolve(item);
    expect(await drain(inOrder(source(), { width: 2, run }))).toEqual({ taken: [1, 2, 3], error });
    const failing = (item: number) => (item === 2 ? Promise.reject(error) : Promise.resolve(item));
    expect(await drain(inOrder([1, 2, 3, 4, 5], { width: 2, run: failing }))).toEqual({
      taken: [1, 3],
      error,
    });
  });

  it("ends at once while the source is thinking, when it is aborted", async () => {
    const controller = new AbortController();
    const returned: string[] = [];
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          returned.push("told");
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const run = (item: number) => Promise.resolve(item);
    const ending = drain(inOrder(source, { width: 2, run, signal: controller.signal }));
    await nextTurn();
    controller.abort(new Error("stop"));
    expect(await ending).toEqual({ taken: [], error: new Error("stop") });
    expect(returned).toEqual(["told"]);
  });

  it("closes the source of a consumer that leaves, and says if that failed", async () => {
    const closing: string[] = [];
    const source = async function* () {
      try {
        yield* [1, 2, 3];
      } finally {
        await nextTurn();
        closing.push("closed");
      }
    };
    const run = (item: number) => Promise.resolve(item);
    const leave = async (items: AsyncIterable<number>) => {
      for await (const item of inOrder(items, { width: 1, run })) if (item === 1) break;
      return [...closing];
    };
    expect(await leave(source())).toEqual(["closed"]);
    const broken = Object.assign(source(), { return: () => Promise.reject(new Error("cannot close")) });
    await expect(leave(broken)).rejects.toThrow("cannot close");
  });

  it("leaves nothing on the signal behind", async () => {
    const { signal } = new AbortController();
    const source = function* () {
      yield 1;
      throw new Error("broken");
    };
    await drain(inOrder(source(), { width: 1, run: (item) => Promise.resolve(item), signal }));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("begins nothing when it was aborted before", async () => {
    const run = () => Promise.reject(new Error("begun"));
    const { error } = await drain(inOrder([1], { width: 1, run, signal: AbortSignal.abort("no") }));
    expect(error).toBe("no");
  });
});
