import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fingerprint } from "./fingerprint.js";
import { createFingerprintIndex } from "./fingerprint-index.js";

describe("fingerprint", () => {
  it("is two unsigned numbers of 32 bits, the same for the same text and seed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer(), (text, seed) => {
        const { high, low } = fingerprint(text, seed);
        expect([high, low]).toEqual([high >>> 0, low >>> 0]);
        expect(fingerprint(text, seed)).toEqual({ high, low });
      }),
    );
  });

  const rows = 20_000;
  it.each<[string, (row: number) => string]>([
    ["numbers", String],
    ["names that differ at the end", (row) => `warehouse-munich-phone-${row}`],
    ["names that differ at the beginning", (row) => `${row}@example.com`],
    ["one character, again and again", (row) => "a".repeat(row % 400) + "b".repeat(Math.floor(row / 400))],
    ["two characters in turn", (row) => row.toString(2)],
    [
      "characters outside ASCII",
      (row) => String.fromCharCode(0x4e00 + (row % 200), 0x4e00 + Math.floor(row / 200)),
    ],
  ])("tells %s apart, and uses all its bits", (_, textOf) => {
    const halves = ["high", "low"] as const;
    const prints = Array.from({ length: rows }, (__, row) => fingerprint(textOf(row), 7));
    expect(new Set(prints.map(({ high, low }) => `${high} ${low}`)).size).toBe(rows);
    for (const half of halves) {
      for (let bit = 0; bit < 32; bit += 1) {
        const ones = prints.filter((print) => ((print[half] >>> bit) & 1) === 1).length;
        // Six standard deviations of a fair coin.
        expect(Math.abs(ones - rows / 2)).toBeLessThan(3 * Math.sqrt(rows));
      }
    }
    const agreeing = prints.filter(({ high, low }) => high >>> 22 === low >>> 22).length;
    expect(Math.abs(agreeing - rows / 1024)).toBeLessThan(6 * Math.sqrt(rows / 1024));
  });

  it("of another seed has nothing in common", () => {
    const same = Array.from({ length: 1000 }, (_, row) => {
      const [one, other] = [fingerprint(`row ${row}`, 1), fingerprint(`row ${row}`, 2)];
      return one.high === other.high || one.low === other.low;
    });
    expect(same).not.toContain(true);
  });
});

describe("createFingerprintIndex", () => {
  it("holds what a Map holds, and takes no half of a fingerprint for the whole", () => {
    const part = fc.integer({ min: 0, max: 50 });
    const given = fc.record({
      seed: fc.nat(),
      meanLength: fc.constantFrom(undefined, 0, 1 / 64),
      pairs: fc.array(fc.tuple(part, part), { maxLength: 3000, size: "max" }),
    });
    fc.assert(
      fc.property(given, ({ seed, meanLength, pairs }) => {
        const index = createFingerprintIndex(meanLength);
        const map = new Map<string, number>();
        const prints = pairs.map(([one, other]) => ({
          high: fingerprint(String(one), seed).high,
          low: fingerprint(String(other), seed).low,
        }));
        for (const [place, print] of prints.entries()) {
          const id = `${print.high} ${print.low}`;
          if (index.find(print) !== map.get(id)) expect.fail(`${id} is not found as the Map finds it`);
          if (map.has(id)) continue;
          map.set(id, place);
          index.add(print, place);
        }
        expect(prints.map((print) => index.find(print))).toEqual(
          prints.map(({ high, low }) => map.get(`${high} ${low}`)),
        );
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ["that differs in its first half", { high: 6, low: 0x0003_0001 }],
    ["that differs above the bits that lead to its chain", { high: 5, low: 0x0004_0001 }],
    [
      "that is nothing but the bits that lead to its chain, like a row that is not taken",
      { high: 0, low: 1 },
    ],
  ])("finds nothing for a fingerprint %s", (_, other) => {
    const index = createFingerprintIndex();
    index.add({ high: 5, low: 0x0003_0001 }, 9);
    expect([index.find({ high: 5, low: 0x0003_0001 }), index.find(other)]).toEqual([9, undefined]);
  });

  it.each([
    ["while chains grow", undefined],
    ["while chains are added", 1],
  ])("finds each of 200,000 again, the largest place too: %s", (_, meanLength) => {
    const index = createFingerprintIndex(meanLength);
    const print = (row: number) => fingerprint(`row-${row}`, 3);
    const rows = Array.from({ length: 200_000 }, (__, row) => row);
    for (const row of rows) index.add(print(row), 2 ** 32 - 1 - row);
    const wrong = rows.filter((row) => index.find(print(row)) !== 2 ** 32 - 1 - row);
    expect(wrong).toEqual([]);
    expect(index.find(print(200_000))).toBeUndefined();
  });
});
