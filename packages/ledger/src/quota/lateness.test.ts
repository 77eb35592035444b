import { describe, expect, it } from "vitest";
import { createArrivalGauge, createLatenessTolerance } from "./lateness.js";

describe("createLatenessTolerance", () => {
  it.each<[string, number[], number]>([
    ["nothing is known", [], 25],
    ["slots come in time", [3, 2, 4, 1], 25],
    ["a process was suspended", [2, 60_000, 3], 25],
    ["it was suspended twice", [2, 60_000, 60_000], 25],
    ["all of them are late", [80, 60, 100], 75],
    ["they are in time again", [80, 60, 100, 5], 25],
    ["the database takes minutes", [60_000, 60_000, 60_000], 1000],
  ])("%s", (_, seen, expected) => {
    const tolerance = createLatenessTolerance(25);
    for (const lateness of seen) tolerance.note(lateness);
    expect(tolerance.next()).toBe(expected);
  });
});

describe("createArrivalGauge", () => {
  it.each<[string, number[], number]>([
    ["the first may be late by all of it", [30, 60, 80], 80],
    ["but by no more than a slot's length", [30, 60, 500], 100],
    ["then by what one takes longer than the quickest", [50, 90, 90, 90], 40],
    ["but by no more than a slot's length", [50, 50, 50, 900], 100],
    ["the quickest is forgotten slowly", [50, ...Array<number>(600).fill(300)], 0],
  ])("%s", (_, roundTrips, expected) => {
    const latenessOf = createArrivalGauge(100);
    expect(roundTrips.map(latenessOf).at(-1)).toBeCloseTo(expected, -1);
  });
});
