import encodeQR from "qr";
import { describe, expect, it } from "vitest";
import { readPlainGif } from "./plain-gif.js";

describe("readPlainGif", () => {
  it.each([1, 20, 300, 2953])("reads the encoder's modules of a payload of %i bytes", (length) => {
    const text = "x".repeat(length);
    const options = { ecc: "low", border: 4, encoding: "byte" } as const;
    const { side, dark } = readPlainGif(encodeQR(text, "gif", options));
    const modules = encodeQR(text, "raw", options);
    expect(side).toBe(modules.length);
    expect(dark.join("")).toBe(modules.flat().map(Number).join(""));
  });

  it.each([
    ["a compressed image", 408 + 1],
    ["an image that ends early", 408],
  ])("refuses %s", (_, damaged) => {
    const gif = encodeQR("x", "gif");
    gif[damaged] = 0;
    expect(() => readPlainGif(gif)).toThrow("not a plain one");
  });
});
