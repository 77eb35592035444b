import { durationLength } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../output/usage-error.js";
import { readDuration } from "./duration.js";

describe("readDuration", () => {
  it.each([
    ["7d", "P7D"],
    ["36h", "PT36H"],
    ["90m", "PT90M"],
    ["90M", "PT90M"],
    [" 1D ", "P1D"],
    ["007d", "P7D"],
    ["P7D", "P7D"],
    ["PT1H30M", "PT1H30M"],
    ["P1M", "P1M"],
  ])("%j is %s", (text, iso) => {
    expect(readDuration(text, "--within")).toBe(iso);
  });

  it.each([
    "",
    "7",
    "d",
    "7w",
    "1.5d",
    "-7d",
    "0d",
    "P0D",
    "-P7D",
    "P",
    "p7d",
    "P-7D",
    "seven days",
    "7 d",
    "1d12h",
  ])("%j is refused, in words", (text) => {
    const read = () => readDuration(text, "--within");
    expect(read).toThrow(UsageError);
    expect(read).toThrow(`--within ${JSON.stringify(text)} is not a duration above zero`);
  });

  it("means as long as it says", () => {
    const units = { d: 86_400_000, h: 3_600_000, m: 60_000 };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999 }),
        fc.constantFrom<(keyof typeof units)[]>("d", "h", "m"),
        (count, unit) => {
          expect(durationLength(readDuration(`${count}${unit}`, "--within"))).toBe(count * units[unit]);
        },
      ),
    );
  });

  it("takes anything else for no duration, and never breaks", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          expect(readDuration(text, "--within")).toMatch(/^P/);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});
