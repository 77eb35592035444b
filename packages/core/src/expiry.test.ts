import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import type { Enrollment } from "./enrollment.js";
import { expiryWarning, isExpired, remaining } from "./expiry.js";
import { LAST_INSTANT, parseInstant, toIsoInstant } from "./instant.js";

const now = Date.parse("2026-09-20T10:00:00Z");
const at = (expiresAt: Enrollment["expiresAt"]) => ({ expiresAt });
const millisecondsLeft = (expiresAt: Enrollment["expiresAt"]) => {
  const left = remaining(at(expiresAt), now);
  return typeof left === "string" ? left : left.toMillis();
};

describe("instants", () => {
  it.each([
    ["2026-09-20T10:15:30Z", "2026-09-20T10:15:30Z"],
    ["2026-09-20T10:15:30.123456789Z", "2026-09-20T10:15:30.123456789Z"],
    ["2026-09-20T12:15:30.5+02:00", "2026-09-20T10:15:30.500Z"],
    ["9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999999999Z"],
  ])("%s is kept as %s", (text, kept) => {
    expect(toIsoInstant(text)).toBe(kept);
  });

  it("cuts digits below a millisecond off, and never rounds up", () => {
    expect(parseInstant("2026-09-20T10:15:30.123999999Z").toMillis()).toBe(
      Date.parse("2026-09-20T10:15:30.123Z"),
    );
  });

  it.each(["", "yesterday", "2026-09-20", "2026-13-01T00:00:00Z"])("refuses %j", (text) => {
    expect(() => toIsoInstant(text)).toThrow("not an instant");
  });

  it("clamps what lies beyond the year 9999", () => {
    expect(toIsoInstant(now + 315_576_000_000_000)).toBe(LAST_INSTANT);
    expect(toIsoInstant(DateTime.fromMillis(now))).toBe("2026-09-20T10:00:00.000Z");
    expect(() => toIsoInstant(Number.NaN)).toThrow("not an instant");
  });
});

describe("remaining and isExpired", () => {
  it.each<[Enrollment["expiresAt"], number | string, boolean | string]>([
    ["2026-09-20T11:00:00Z", 3_600_000, false],
    ["2026-09-20T10:00:00.001999999Z", 1, false],
    ["2026-09-20T10:00:00Z", 0, true],
    ["2026-09-19T10:00:00Z", 0, true],
    ["9999-12-31T23:59:59.999999999Z", "never", false],
    ["never", "never", false],
    ["unknown", "unknown", "unknown"],
  ])("%s", (expiresAt, left, expired) => {
    expect(millisecondsLeft(expiresAt)).toBe(left);
    expect(isExpired(at(expiresAt), now)).toBe(expired);
  });
});

describe("expiryWarning", () => {
  const hour = 3_600_000;
  it.each([
    ["what was wished", hour, toIsoInstant(now + hour), undefined],
    ["within a minute", hour, toIsoInstant(now + hour - 59_000), undefined],
    [
      "a lifetime that was cut",
      24 * hour,
      toIsoInstant(now + hour),
      "1 day was wished, the vendor issued 1 hour",
    ],
    ["a longer one", hour, toIsoInstant(now + 2 * hour), "1 hour was wished, the vendor issued 2 hours"],
    ["the clamp of a far wish", 315_576_000_000_000, "9999-12-31T23:59:59.999999999Z" as const, undefined],
    ["a minute less", hour, toIsoInstant(now + hour - 60_000), undefined],
    ["a minute more", hour, toIsoInstant(now + hour + 60_000), undefined],
    [
      "more than a minute less",
      hour,
      toIsoInstant(now + hour - 60_001),
      "1 hour was wished, the vendor issued 59 minutes",
    ],
    [
      "a near wish that became for ever",
      hour,
      LAST_INSTANT,
      "1 hour was wished, the vendor issued about 7,973 years",
    ],
    [
      "a far wish that was cut",
      315_576_000_000_000,
      toIsoInstant(now + hour),
      "about 10,000 years was wished, the vendor issued 1 hour",
    ],
    ["a wish that ends in the last instant", Date.parse(LAST_INSTANT) - now, LAST_INSTANT, undefined],
    [
      "one that had passed when it came",
      hour,
      toIsoInstant(now - hour),
      "1 hour was wished, the vendor issued 0 seconds",
    ],
  ])("%s", (_, wished, expiresAt, message) => {
    expect(expiryWarning(wished, now, now, expiresAt)).toEqual(
      message && { code: "expiry-differs", field: "validFor", message },
    );
  });

  it("allows for the time that the call took", () => {
    expect(expiryWarning(hour, now, now + 300_000, toIsoInstant(now + 200_000 + hour))).toBeUndefined();
  });
});
