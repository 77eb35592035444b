import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGroupWriter } from "./group-writer.js";

describe("createGroupWriter", () => {
  it("gives each its own result, one group at a time, and no group is too large", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        async (delays, most) => {
          const groups: (readonly number[])[] = [];
          let isWriting = false;
          const write = createGroupWriter(async (items: readonly number[]) => {
            expect(isWriting).toBe(false);
            isWriting = true;
            groups.push(items);
            await new Promise((resolve) => setImmediate(resolve));
            isWriting = false;
            return items.map((item) => item * 2);
          }, most);
          const results = await Promise.all(
            delays.map(async (delay, item) => {
              for (let turn = 0; turn < delay; turn += 1)
                await new Promise((resolve) => setImmediate(resolve));
              return write(item);
            }),
          );
          expect(results).toEqual(delays.map((_, item) => item * 2));
          expect(groups.flat().sort((a, b) => a - b)).toEqual([...delays.keys()]);
          expect(groups.every(({ length }) => length > 0 && length <= most)).toBe(true);
        },
      ),
    );
  });

  it("writes together what comes together", async () => {
    const groups: (readonly string[])[] = [];
    const write = createGroupWriter((items: readonly string[]) => {
      groups.push(items);
      return Promise.resolve(items);
    });
    await Promise.all([write("a"), write("b")]);
    await write("c");
    expect(groups).toEqual([["a", "b"], ["c"]]);
  });

  it("fails those of a group, and goes on with the next", async () => {
    const failure = new Error("full");
    let calls = 0;
    const write = createGroupWriter((items: readonly string[]) => {
      calls += 1;
      return calls === 1 ? Promise.reject(failure) : Promise.resolve(items);
    }, 2);
    const results = await Promise.allSettled([write("a"), write("b"), write("c")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
    expect(await write("d")).toBe("d");
  });
});
