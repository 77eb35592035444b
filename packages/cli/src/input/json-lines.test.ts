import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { byteSource, readAll } from "../../test/byte-source.js";
import { readJsonLines } from "./json-lines.js";

const read = (bytes: string | Uint8Array, cuts?: readonly number[]) =>
  readAll(readJsonLines(byteSource(bytes, cuts)));

describe("JSON Lines", () => {
  it.each<[string, string]>([
    ["plain", '{"key":"a"}\n{"key":"b"}\n'],
    ["no line end at the end", '{"key":"a"}\n{"key":"b"}'],
    ["Windows line ends", '{"key":"a"}\r\n{"key":"b"}\r\n'],
    ["a byte-order mark", '\ufeff{"key":"a"}\n{"key":"b"}\n'],
  ])("%s", async (_, text) => {
    expect(await read(text)).toEqual({
      read: [
        { line: 1, value: { key: "a" } },
        { line: 2, value: { key: "b" } },
      ],
      error: undefined,
    });
  });

  it("empty lines count and are passed over", async () => {
    const { read: rows } = await read('\n{"key":"a"}\n \n\n{"key":"b"}\n\n');
    expect(rows.map(({ line }) => line)).toEqual([2, 5]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ["nothing at all", "", "standard input is empty"],
    ["nothing but empty lines", "\n\n", "standard input is empty"],
    ["a broken line", '{"key":"a"}\n{"key":\n', "line 2: not valid JSON"],
    ["a list", '{"key":"a"}\n\n["key"]\n', "line 3: not an object"],
    ["a number", "5\n", "line 1: not an object"],
    ["null", "null\n", "line 1: not an object"],
    ["a whole file in one list", '[\n{"key":"a"}\n]\n', "line 1: not valid JSON"],
    ["one endless line", `{"key":"${"x".repeat(1_100_000)}`, "line 1: is longer than 1,000,000 characters"],
    [
      "an endless line in one piece",
      `\n"${"x".repeat(1_100_000)}"\n`,
      "line 2: is longer than 1,000,000 characters",
    ],
    ["UTF-16", Buffer.from('\ufeff{"key":"a"}\n', "utf16le"), "standard input is UTF-16"],
    ["Latin-1", Buffer.from('{"key":"a"}\n{"key":"\u00fc"}\n', "latin1"), "line 2: not UTF-8"],
  ])("refuses %s", async (_, bytes, message) => {
    const { error } = await read(bytes);
    expect(error).toMatchObject({ name: "UsageError", message: expect.stringContaining(message) as string });
    expect(error).toHaveProperty("advice", expect.stringMatching(/^\S.*\S$/));
  });

  it("any objects come back as they were, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue()), { minLength: 1 }),
        fc.array(fc.nat()),
        async (objects, cuts) => {
          const texts = objects.map((each) => JSON.stringify(each));
          const { read: rows, error } = await read(texts.join("\n"), cuts);
          expect(error).toBeUndefined();
          expect(rows.map(({ value }) => JSON.stringify(value))).toEqual(texts);
        },
      ),
    );
  });
});
