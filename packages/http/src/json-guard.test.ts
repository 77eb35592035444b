import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "./json-guard.js";

const problemOf = (text: string) => {
  const read = readJson(text);
  return read.ok ? undefined : read.problem;
};

describe("readJson", () => {
  it.each<[string, unknown]>([
    ["", undefined],
    ["  \n ", undefined],
    ['\uFEFF{"a":1}', { a: 1 }],
    [" 7 ", 7],
    ["null", null],
    ['"a:b,c{["', "a:b,c{["],
    ['["a\uFEFFb"]', ["a\uFEFFb"]],
    ['{"a\\"b":1,"c":"\\\\"}', { 'a"b': 1, c: "\\" }],
    ['{"a":{"a":1},"b":[{"a":2},{"a":3},null,"a:b"]}', { a: { a: 1 }, b: [{ a: 2 }, { a: 3 }, null, "a:b"] }],
    ['[["__proto__"],{"proto":1}]', [["__proto__"], { proto: 1 }]],
  ])("reads %j", (text, value) => {
    expect(readJson(text)).toEqual({ ok: true, value });
  });

  it.each([
    ["{", "it is not JSON"],
    ['{"a":1,}', "it is not JSON"],
    ['{"a', "it is not JSON"],
    ['"a\\', "it is not JSON"],
    ['{"a":1,"a":1}', "it has a field twice in one object"],
    ['[{"b":{"a":1,"\\u0061":2}}]', "it has a field twice in one object"],
    ['{"__proto__":1}', 'it has a field named "__proto__"'],
    ['[[{"a":[{"__proto__":{}}]}]]', 'it has a field named "__proto__"'],
  ])("refuses %s: %s", (text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });

  it.each([
    ["arrays", "[", "]", ""],
    ["objects", '{"a":', "}", "1"],
  ])("reads a hundred levels of %s, and no more", (_, open, close, innermost) => {
    const nested = (depth: number) => open.repeat(depth) + innermost + close.repeat(depth);
    expect(problemOf(nested(100))).toBeUndefined();
    expect(problemOf(nested(101))).toBe("it is nested more than 100 levels deep");
  });

  it("counts levels as they close", () => {
    expect(problemOf(`[${Array(500).fill("[{}]").join(",")}]`)).toBeUndefined();
  });

  it("reads a million values, and no more", () => {
    const list = (count: number) => `[${Array(count).fill("1").join(",")}]`;
    expect(problemOf(list(999_999))).toBeUndefined();
    expect(problemOf(list(1_000_000))).toBe("it holds more than 1000000 values");
    expect(problemOf(`[${Array(500_001).fill("[]").join(",")}]`)).toBe("it holds more than 1000000 values");
  });

  it("reads whatever JSON.stringify writes", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!text.includes("__proto__"));
        expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) as unknown });
      }),
    );
  });
});
