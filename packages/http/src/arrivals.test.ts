import { describe, expect, it } from "vitest";
import { createArrivalGauge } from "./arrivals.js";

describe("createArrivalGauge", () => {
  it("counts what a call takes longer than the quickest, from the least that matters to the most", () => {
    const latenessOf = createArrivalGauge({ least: 10, most: 100 });
    expect([50, 60, 61, 120, 500, 40].map(latenessOf)).toEqual([
      0,
      0,
      expect.closeTo(10.49, 1),
      expect.closeTo(69.2, 1),
      100,
      0,
    ]);
    // 40 is the quickest now: 51 is late by 11, less what the measure has let go.
    expect(latenessOf(51)).toBeCloseTo(10.8, 1);
  });

  it("lets go of the quickest with each answer, for networks change", () => {
    const latenessOf = createArrivalGauge({ least: 0, most: 1000 });
    latenessOf(100);
    const late = Array.from({ length: 200 }, () => latenessOf(200));
    expect(late[0]).toBeCloseTo(99.5, 5);
    expect(late.at(-1)).toBe(0);
    expect(late.every((each, at) => at === 0 || each <= (late[at - 1] ?? 0))).toBe(true);
  });
});
