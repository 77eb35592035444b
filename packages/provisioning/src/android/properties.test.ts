import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { propertiesText } from "./properties.js";

describe("propertiesText", () => {
  it.each([
    ["plain", "key", "value", "key=value\n"],
    ["a URL", "u", "https://a/b?c=d#e", "u=https\\://a/b?c\\=d\\#e\n"],
    ["a separator in the key", "a=b:c", "", "a\\=b\\:c=\n"],
    ["a key that looks like a comment", "#a!", "x", "\\#a\\!=x\n"],
    ["spaces in the key", " a b", "x", "\\ a\\ b=x\n"],
    ["spaces in the value", "k", "  a b ", "k=\\  a b \n"],
    ["a backslash", "k", "C:\\temp", "k=C\\:\\\\temp\n"],
    ["white space that is no space", "k", "\t\n\r\f", "k=\\t\\n\\r\\f\n"],
    ["umlauts", "k", "Größe", "k=Gr\\u00f6\\u00dfe\n"],
    ["a character of two units", "k", "𝔘", "k=\\ud835\\udd18\n"],
    ["control characters", "k", "\u0000\u007f", "k=\\u0000\\u007f\n"],
  ])("%s", (_, key, value, expected) => {
    expect(propertiesText([[key, value]])).toBe(expected);
  });

  it("keeps the order and adds nothing", () => {
    expect(
      propertiesText([
        ["b", "1"],
        ["a", "2"],
      ]),
    ).toBe("b=1\na=2\n");
  });

  it("is one line of printable ASCII for each property", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (properties) => {
        expect(propertiesText(properties)).toMatch(/^([ -~]+\n)*$/);
        expect(propertiesText(properties).split("\n")).toHaveLength(properties.length + 1);
      }),
    );
  });
});
