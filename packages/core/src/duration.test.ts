import fc from "fast-check";
import { Duration, Settings } from "luxon";
import { describe, expect, it } from "vitest";
import {
  describeDuration,
  durationFrom,
  durationLength,
  parseDuration,
  toIsoDuration,
  type IsoDuration,
} from "./duration.js";

const hour = 3_600_000;
const day = 24 * hour;

describe("describeDuration", () => {
  it.each([
    [0, "0 seconds"],
    [1, "1 millisecond"],
    [60_000, "1 minute"],
    [90_000, "1 minute 30 seconds"],
    [30 * day, "30 days"],
    [day + 2 * hour, "1 day 2 hours"],
    [1500, "1 second 500 milliseconds"],
    [-hour, "minus 1 hour"],
    [315_576_000_000_000, "about 10,000 years"],
    [365.25 * 200 * day - 1, "73,049 days 23 hours 59 minutes 59 seconds 999 milliseconds"],
    [365.25 * 200 * day, "about 200 years"],
  ])("%d ms is %s", (milliseconds, words) => {
    expect(describeDuration(milliseconds)).toBe(words);
  });
});

describe("parseDuration", () => {
  it.each(["", "1h", "3600", "P", "one hour", "PT", "3600s"])(
    "refuses %j and says how to write one",
    (text) => {
      expect(() => parseDuration(text as IsoDuration)).toThrow("write PT1H for one hour");
    },
  );

  it("keeps the units that were written", () => {
    expect(parseDuration("P1M").toObject()).toEqual({ months: 1 });
    expect(parseDuration("PT1.5S").toObject()).toEqual({ seconds: 1, milliseconds: 500 });
  });

  it("remembers what was just asked for, and not all that ever was", () => {
    const [first, second] = [parseDuration("PT4321S"), parseDuration("PT4322S")];
    expect(
      [parseDuration("PT4321S"), parseDuration("PT4322S")].map((each, at) => each === [first, second][at]),
    ).toEqual([true, true]);
    for (let seconds = 5000; seconds < 5101; seconds += 1) parseDuration(`PT${seconds}S`);
    expect(parseDuration("PT4321S")).not.toBe(first);
    expect(parseDuration("PT4321S")).toEqual(first);
  });

  it("takes luxon's Duration as it is", () => {
    const duration = Duration.fromObject({ hours: 3 });
    expect(parseDuration(duration)).toBe(duration);
  });
});

describe("durationFrom", () => {
  it.each<[IsoDuration, string, number]>([
    ["PT1H", "2026-01-31T00:00:00Z", hour],
    ["P1D", "2026-03-28T12:00:00Z", day],
    ["P1W", "2026-03-28T12:00:00Z", 7 * day],
    ["P1M", "2026-01-15T00:00:00Z", 31 * day],
    ["P1M", "2026-02-15T00:00:00Z", 28 * day],
    ["P1M", "2028-02-15T00:00:00Z", 29 * day],
    ["P1Y", "2027-03-01T00:00:00Z", 366 * day],
    ["P1Y", "2028-02-29T00:00:00Z", 365 * day],
    ["P1M", "2026-01-31T00:00:00Z", 28 * day],
    ["P1MT1H", "2026-02-01T00:00:00Z", 28 * day + hour],
    ["P1M-1D", "2026-01-15T00:00:00Z", 30 * day],
    ["P1DT-1H", "2026-03-28T12:00:00Z", 23 * hour],
    ["P0.7D", "2026-01-15T00:00:00Z", 60_480_000],
    ["PT1.1H", "2026-01-15T00:00:00Z", 3_960_000],
    ["PT60.0005S", "2026-01-15T00:00:00Z", 60_000.5],
    ["PT-0.0005S", "2026-01-15T00:00:00Z", -0.5],
    ["P1MT60.0005S", "2026-02-01T00:00:00Z", 28 * day + 60_000.5],
    ["P999999Y", "2026-01-15T00:00:00Z", 999_999 * 365 * day],
    ["-PT1H" as IsoDuration, "2026-02-01T00:00:00Z", -hour],
  ])("%s from %s", (text, now, expected) => {
    expect(durationFrom(parseDuration(text), Date.parse(now))).toBe(expected);
  });

  it("counts a quarter on the calendar", () => {
    expect(durationFrom(Duration.fromObject({ quarters: 1 }), Date.parse("2026-01-01T00:00:00Z"))).toBe(
      90 * day,
    );
  });

  it.each<IsoDuration>(["P0.5M", "P1.5Y"])("refuses %s, which no calendar can tell", (text) => {
    expect(() => durationFrom(parseDuration(text), 0)).toThrow("write days");
  });

  it("is the same wherever the machine stands", () => {
    const zone = Settings.defaultZone;
    Settings.defaultZone = "Europe/Berlin";
    try {
      expect(durationFrom(parseDuration("P1D"), Date.parse("2026-03-28T12:00:00Z"))).toBe(day);
      expect(durationFrom(parseDuration("P1M"), Date.parse("2026-03-01T00:00:00Z"))).toBe(31 * day);
    } finally {
      Settings.defaultZone = zone;
    }
  });
});

describe("durationLength", () => {
  it.each([0.0001, 0.4, 1.0004, 1234.5678])(
    "reads what toIsoDuration wrote of %d ms to the millisecond",
    (length) => {
      expect(durationLength(toIsoDuration(length))).toBe(Math.round(length));
    },
  );

  it("reads back what toIsoDuration wrote", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 315_576_000_000 }), (seconds) => {
        expect(durationLength(toIsoDuration(seconds * 1000))).toBe(seconds * 1000);
      }),
    );
  });

  it.each<IsoDuration>(["P1M", "P1Y", "P1Y2D"])(
    "refuses %s, whose length depends on the calendar",
    (text) => {
      expect(() => durationLength(text)).toThrow("depends on the calendar");
    },
  );
});
