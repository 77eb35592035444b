import * as fc from "fast-check";
import { DateTime, Settings } from "luxon";
import { describe, expect, it } from "vitest";
import { instantMilliseconds, isIsoInstant, parseInstant } from "./instant.js";

const two = (number: number) => String(number).padStart(2, "0");

/** Instants, and texts that only look like them: February 31, 24 o'clock, second 60. */
const texts = fc
  .record({
    year: fc.integer({ min: 0, max: 9999 }),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.integer({ min: 0, max: 32 }),
    hour: fc.integer({ min: 0, max: 25 }),
    minute: fc.integer({ min: 0, max: 60 }),
    second: fc.integer({ min: 0, max: 60 }),
    fraction: fc.oneof(fc.constant(""), fc.stringMatching(/^\.\d{1,9}$/)),
    zone: fc.constantFrom("Z", "+02:00", "-00:30"),
  })
  .map(
    ({ year, month, day, hour, minute, second, fraction, zone }) =>
      `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction}${zone}`,
  );

describe("reading instants", () => {
  it("agrees with luxon", () => {
    const seen = { valid: 0, invalid: 0 };
    fc.assert(
      fc.property(texts, (text) => {
        const instant = DateTime.fromISO(text, { zone: "utc" });
        seen[instant.isValid ? "valid" : "invalid"] += 1;
        if (instant.isValid) expect(instantMilliseconds(text)).toBe(instant.toMillis());
        else expect(() => instantMilliseconds(text)).toThrow(RangeError);
        expect(isIsoInstant(text)).toBe(instant.isValid && text.endsWith("Z"));
      }),
      { numRuns: 2000, seed: 20260920 },
    );
    expect(Math.min(seen.valid, seen.invalid)).toBeGreaterThan(200);
  });

  it("is text that can be one, and no list that reads like it", () => {
    const values = ["2026-09-20T10:15:30Z", "2026-02-31T10:15:30Z", ["2026-09-20T10:15:30Z"], 7, undefined];
    expect(values.map(isIsoInstant)).toEqual([true, false, false, false, false]);
  });

  it("is told in UTC, whatever it was written in", () => {
    const zone = Settings.defaultZone;
    Settings.defaultZone = "Europe/Berlin";
    try {
      const instant = parseInstant("2026-09-20T12:15:30+02:00");
      expect([instant.zoneName, instant.hour]).toEqual(["UTC", 10]);
    } finally {
      Settings.defaultZone = zone;
    }
  });
});
