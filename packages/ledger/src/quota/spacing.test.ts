import type { IsoDuration } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spacingOf } from "./spacing.js";

describe("spacingOf", () => {
  it.each([
    ["ESET Connect", { calls: 10, per: "PT1S", burst: 2, headroom: 0.015 }, 1],
    ["Android Management", { calls: 1000, per: "PT100S", burst: 10 }, 10],
    ["a small project there", { calls: 60, per: "PT100S", burst: 10 }, 3],
    ["Applivery", { calls: 10_000, per: "PT1H", burst: 100, headroom: 0.005 }, 100],
  ] as const)(
    "%s: a twentieth of the quota is lost at most, and as much of the burst is used as that allows",
    (_, quota, burst) => {
      const spacing = spacingOf({ account: "anna", ...quota });
      expect(spacing.burst).toBe(burst);
      expect(spacing.per / (spacing.interval * spacing.calls)).toBeGreaterThanOrEqual(0.955);
    },
  );

  it("keeps slots so far apart that calls which leave and arrive as late as they may stay within any quota", () => {
    const quotas = fc
      .record({ calls: fc.integer({ min: 1, max: 20_000 }), seconds: fc.integer({ min: 1, max: 86_400 }) })
      .chain(({ calls, seconds }) =>
        fc.record({
          account: fc.constant("anna"),
          calls: fc.constant(calls),
          per: fc.constant<IsoDuration>(`PT${seconds}S`),
          burst: fc.integer({ min: 1, max: calls }),
          headroom: fc.double({ min: 0, max: 0.02, noNaN: true }),
        }),
      );
    fc.assert(
      fc.property(quotas, (quota) => {
        const { calls, per, interval, burst, tolerance, jitter } = spacingOf(quota);
        expect(burst).toBeLessThanOrEqual(quota.burst);
        expect((calls - burst + 1) * interval).toBeGreaterThan(per + tolerance + jitter);
        expect(per / (interval * calls)).toBeGreaterThanOrEqual(0.95);
        // Sums of it are exact: nothing is rounded away however many slots there are.
        expect(Number.isInteger(interval * 1024)).toBe(true);
      }),
    );
  });

  it.each([
    [{ calls: 0, per: "PT1S" }],
    [{ calls: 5, per: "PT0S" }],
    [{ calls: 5, per: "PT1S", burst: 6 }],
    [{ calls: 5, per: "PT1S", headroom: -0.1 }],
    [{ calls: Number.NaN, per: "PT1S" }],
  ] as const)("refuses the quota %j", (quota) => {
    expect(() => spacingOf({ account: "anna", ...quota })).toThrow(RangeError);
  });
});
