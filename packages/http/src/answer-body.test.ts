import { describe, expect, it } from "vitest";
import * as z from "zod";
import { readBody } from "./answer-body.js";

const schema = z.object({
  name: z.string(),
  size: z.number().max(3).optional(),
  since: z
    .string()
    .transform((text) => {
      if (text === "never") throw new RangeError(`not a date: ${text}`);
      return text.length;
    })
    .optional(),
});
const read = (text: string, unreadable?: string) =>
  readBody(schema, { text, ...(unreadable !== undefined && { unreadable }) });

describe("readBody", () => {
  it("gives what the schema makes of it", () => {
    expect(read('{"name":"a","since":"2026"}')).toEqual({ ok: true, body: { name: "a", since: 4 } });
  });

  it.each<[string, string | undefined, string, string]>([
    ['{"name":"a"}', "it is not UTF-8 text", "it is not UTF-8 text", "SyntaxError"],
    ["<canary>", undefined, "it is not JSON", "SyntaxError"],
    ["", undefined, "the body is not object", "ZodError"],
    ['{"name":7}', undefined, "name is not string", "ZodError"],
    ['{"name":"a","size":4}', undefined, "size does not fit", "ZodError"],
    ['{"size":"canary"}', undefined, "name is not string, size is not number", "ZodError"],
    ['{"name":"a","since":"never"}', undefined, "a value in it cannot be converted", "RangeError"],
  ])("says of %j (%s): %s", (text, unreadable, problem, name) => {
    const answer = read(text, unreadable);
    expect(answer).toMatchObject({ ok: false, problem, cause: { message: problem, name } });
    expect(JSON.stringify(answer)).not.toContain("canary");
  });

  it("names five differences and counts the rest, each once", () => {
    const wide = z.object(Object.fromEntries(Array.from({ length: 7 }, (_, at) => [`f${at}`, z.string()])));
    const first = "f0 is not string, f1 is not string, f2 is not string, f3 is not string, f4 is not string";
    expect(readBody(wide, { text: "{}" })).toMatchObject({ problem: `${first}, and 2 more` });
    expect(readBody(wide, { text: '{"f5":"x","f6":"x"}' })).toMatchObject({ problem: first });
    const list = z.array(z.object({ id: z.string().max(1) }));
    expect(readBody(list, { text: '[{"id":"aa"},{"id":"bb"}]' })).toMatchObject({
      problem: "[0].id does not fit, [1].id does not fit",
    });
  });
});
