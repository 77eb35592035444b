import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fill } from "./fill.js";

describe("fill", () => {
  it.each([
    ["Hello {name}", { name: "Ana" }, "Hello Ana"],
    ["{name}, {name}", { name: "Ana" }, "Ana, Ana"],
    ["{other}", { name: "Ana" }, "{other}"],
    ["{name}", { name: "{count} $& $1", count: "7" }, "{count} $& $1"],
    ["{constructor}", {}, "{constructor}"],
  ])("%j", (template, values, expected) => {
    expect(fill(template, values)).toBe(expected);
  });

  it("puts any text in as it is", () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(fill("<{name}>", { name })).toBe(`<${name}>`);
      }),
    );
  });
});
