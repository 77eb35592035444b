import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { mapInBatches, type BatchPlan } from "./map-in-batches.js";

const plan = (changes: Partial<BatchPlan<number, string, "a">>): BatchPlan<number, string, "a"> => ({
  prepare: () => ({ lane: "a" }),
  batchSize: () => 1000,
  execute: (_, batch) => Promise.resolve(batch.map(() => "done")),
  concurrency: 8,
  order: "input",
  window: 100_000,
  ...changes,
});

describe("the pace of mapInBatches", () => {
  it("holds, beside what is under way, one batch and no more", async () => {
    let read = 0;
    function* endless() {
      for (;;) yield read++;
    }
    const execute = () => new Promise<never>(() => {});
    const limits = { concurrency: 2, batchSize: () => 600 };
    void mapInBatches(endless(), plan({ ...limits, execute })).next();
    for (let turn = 0; turn < 20; turn += 1) await nextTurn();
    expect(read).toBe(3 * 600);
  });

  it.each(["input", "completion"] as const)(
    "lets others have their turns while it reads and while it hands out (%s)",
    async (order) => {
      let [read, taken, over] = [0, 0, false];
      function* source() {
        while (read < 20_000) yield read++;
      }
      const turns = [{ read, taken }];
      const watch = async () => {
        while (!over) {
          await nextTurn();
          turns.push({ read, taken });
        }
      };
      const watching = watch();
      for await (const result of mapInBatches(source(), plan({ order }))) taken += result === "" ? 0 : 1;
      over = true;
      await watching;
      const steps = turns.slice(1).map((turn, place) => ({
        read: turn.read - (turns[place]?.read ?? 0),
        taken: turn.taken - (turns[place]?.taken ?? 0),
      }));
      expect(taken).toBe(20_000);
      expect(Math.max(...steps.map((step) => step.read))).toBeLessThanOrEqual(1000);
      expect(Math.max(...steps.map((step) => step.taken))).toBeLessThanOrEqual(1000);
    },
  );
});
