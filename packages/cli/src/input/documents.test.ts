import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteSource, readAll } from "../../test/byte-source.js";
import { readDocuments } from "./documents.js";

const cuts = fc.array(fc.nat(), { maxLength: 5 });
const record = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), {
  minKeys: 1,
  noNullPrototype: true,
});

const read = (text: string, at: readonly number[] = []) => readAll(readDocuments(byteSource(text, at)));

describe("documents", () => {
  it("one object over several lines is one row, wherever the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(record, fc.constantFrom("\n", "\r\n"), cuts, async (value, lineEnd, at) => {
        const text = JSON.stringify(value, undefined, 2).replaceAll("\n", lineEnd);
        expect(await read(`${text}${lineEnd}`, at)).toEqual({
          read: [{ line: 1, value: JSON.parse(JSON.stringify(value)) as unknown }],
          error: undefined,
        });
      }),
    );
  });

  it("an object on each line is a row each, wherever the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 4 }), cuts, async (values, at) => {
        const text = values.map((value) => JSON.stringify(value)).join("\n");
        const { read: rows, error } = await read(text, at);
        expect(error).toBeUndefined();
        expect(rows.map(({ value }) => value)).toEqual(JSON.parse(JSON.stringify(values)));
        expect(rows.map(({ line }) => line)).toEqual(values.map((_, index) => index + 1));
      }),
    );
  });

  it.each([
    ["", "standard input is empty"],
    ["\n \n", "standard input is empty"],
    ["key,email\n", "standard input does not begin with {, so it holds no enrollments"],
    ["[{}]", "standard input does not begin with {, so it holds no enrollments"],
    ['{\n"canary": "a",\n}', "standard input: line 3: not valid JSON"],
    ['{\n"canary": "a"', "standard input: "],
    ['{"a": 1}\n{"canary', "standard input: line 2: not valid JSON"],
    [`{\n"a": "${"x".repeat(1_000_000)}"}`, "standard input is longer than 1,000,000 characters"],
  ])("%j is refused, and nothing of it repeated", async (text, message) => {
    const { error } = await read(text);
    expect(error).toMatchObject({ name: "UsageError" });
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain("canary");
  });
});
