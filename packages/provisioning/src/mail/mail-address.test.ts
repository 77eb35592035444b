import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { addressSchema, nameSchema } from "./mail-address.js";

/** What injections are made of, among ordinary letters. */
const pieces = fc.constantFrom(
  ...Array.from("\r\n\0\t \u0085\u2028\u2029\"'\\<>,;:@()[]=?_%.-"),
  "\r\nBcc: eve@evil.example\r\n",
  "=?utf-8?Q?=0D=0A?=",
  "ana",
  "müller",
  "李",
  "@people.example",
);
const hostile = fc.array(pieces, { maxLength: 4 }).map((parts) => parts.join(""));

/** What a schema makes of many hostile texts, of those that it takes. */
const accepted = (schema: z.ZodType<string>, texts: fc.Arbitrary<string>): readonly string[] =>
  fc.sample(texts, 3000).flatMap((text) => {
    const { data } = schema.safeParse(text);
    return data === undefined ? [] : [data];
  });

describe("addressSchema", () => {
  it("lets through nothing that could be read as more than one plain address", () => {
    const domain = fc.constantFrom("", "@people.example", "@müller.example");
    const addresses = accepted(
      addressSchema,
      fc.tuple(hostile, domain).map((parts) => parts.join("")),
    );
    expect(addresses.length).toBeGreaterThan(50);
    for (const address of addresses) {
      expect(address).toMatch(/^[\w!#$%&'*+/=?^`{|}~.-]+@[a-z0-9.-]+\.[a-z0-9-]+$/);
    }
  });
});

describe("nameSchema", () => {
  it("lets through no line break and nothing that a reader of mail would decode", () => {
    const names = accepted(nameSchema, hostile);
    expect(names.length).toBeGreaterThan(50);
    for (const name of names) expect(name).not.toMatch(/[\r\n\0\u0085\u2028\u2029]|=\?.*\?=/);
  });
});
