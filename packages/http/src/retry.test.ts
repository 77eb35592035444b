import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, test } from "vitest";
import { backOff, parseRetryAfter } from "./retry.js";

const now = Date.UTC(2026, 0, 15, 12, 0, 0);

describe("parseRetryAfter", () => {
  test.each([
    [undefined, undefined],
    ["", undefined],
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7000],
    ["1.5", 1500],
    ["1.25", 1250],
    ["-3", undefined],
    ["soon", undefined],
    ["1e3", undefined],
    ["9999999999999999", undefined],
    ["Thu, 15 Jan 2026 12:00:30 GMT", 30_000],
    ["Thursday, 15-Jan-26 12:01:00 GMT", 60_000],
    ["Thu Jan 15 12:00:05 2026", 5000],
    ["Thu, 15 Jan 2026 11:59:00 GMT", 0],
  ])("%j is %j milliseconds", (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });

  test("reads every HTTP date", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (seconds) => {
        const date = DateTime.fromMillis(now + seconds * 1000, { zone: "utc" });
        expect(parseRetryAfter(date.toHTTP() ?? "", now)).toBe(seconds * 1000);
      }),
    );
  });

  test("makes of any text nothing or a finite wait", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const wait = parseRetryAfter(header, now) ?? 0;
        expect(Number.isFinite(wait) && wait >= 0).toBe(true);
      }),
    );
  });
});

describe("backOff", () => {
  test.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [6, 30_000],
    [40, 30_000],
  ])("after failure %i lies between nothing and %i milliseconds", (failures, limit) => {
    expect(backOff(failures, () => 0)).toBe(0);
    expect(backOff(failures, () => 0.5)).toBe(limit / 2);
  });
});
