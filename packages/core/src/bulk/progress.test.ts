import { describe, expect, it } from "vitest";
import { createProgress, type BulkProgress } from "./progress.js";

const start = Date.UTC(2026, 0, 15);

/** Settles outcomes at given seconds after the start, and keeps what was reported. */
const run = (steps: readonly (readonly [second: number, outcomes: number])[], total?: number) => {
  let now = start;
  const reports: BulkProgress[] = [];
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const tell = createProgress((progress) => reports.push(progress), { total, clock });
  for (const [second, outcomes] of steps) {
    now = start + second * 1000;
    const results = Array.from({ length: outcomes }, () => ({ status: "created" as const }));
    tell?.("read", [], outcomes);
    tell?.("sent", [], outcomes);
    tell?.("settled", results, outcomes);
  }
  return reports;
};

describe("rate and remaining time", () => {
  it.each<
    [string, (readonly [number, number])[], number | undefined, number | undefined, number | undefined]
  >([
    ["nothing is known at the start", [[0, 5]], 100, undefined, undefined],
    ["outcomes in the time that has passed", [[2, 50]], 100, 25, 2000],
    ["without a total there is no end", [[2, 50]], undefined, 25, undefined],
    [
      "the last outcome",
      [
        [2, 50],
        [4, 50],
      ],
      100,
      25,
      0,
    ],
    ["more than was announced", [[2, 150]], 100, 75, 0],
    ["all at once, in no time", [[0, 100]], 100, undefined, 0],
    ["parts of a second", [[0.25, 10]], 20, 40, 250],
    ["a rate of zero tells nothing", [[2, 0]], 100, 0, undefined],
    [
      "only the last half minute counts",
      [
        [10, 1000],
        [20, 10],
        [50, 20],
        [60, 30],
      ],
      2000,
      1.25,
      752_000,
    ],
    [
      "a clock that is set back begins anew",
      [
        [10, 100],
        [5, 100],
        [7, 10],
      ],
      1000,
      5,
      158_000,
    ],
  ])("%s", (_, steps, total, rate, remaining) => {
    const last = run(steps, total).at(-1);
    expect([last?.rate, last?.remaining]).toEqual([rate, remaining]);
  });

  it("follows a change of speed within half a minute", () => {
    const steps = Array.from({ length: 200 }, (_, second) => [second + 1, second < 100 ? 10 : 2] as const);
    const rates = run(steps).map(({ rate }) => rate);
    expect(rates[199]).toBe(rates[150]);
    expect(rates[99]).toBe(10);
    expect(rates.at(-1)).toBe(2);
  });

  it("costs nothing where nobody listens", () => {
    const clock = {
      now: () => expect.unreachable("the time was asked for"),
      sleep: () => Promise.resolve(),
    };
    expect(createProgress(undefined, { clock })).toBeUndefined();
  });
});
