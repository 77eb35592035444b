import { describe, expect, it } from "vitest";
import { table } from "./table.js";

describe("tables", () => {
  it("columns stand two spaces apart, numbers to the right", () => {
    const text = table(
      ["NAME", "COUNT", "NOTE"],
      [
        ["phones", 5, "ok"],
        ["a longer name", 12_000, ""],
      ],
    );
    expect(text).toBe(
      ["NAME           COUNT  NOTE", "phones             5  ok", "a longer name  12000"].join("\n"),
    );
  });

  it("wide and combined characters do not shift what comes after", () => {
    const lines = table(
      ["NAME", "X"],
      [
        ["日本", "1"],
        ["Zoë", "2"],
      ],
    ).split("\n");
    expect(lines).toEqual(["NAME  X", "日本  1", "Zoë   2"]);
  });

  it("a name cannot give orders to the terminal, or break a row", () => {
    const text = table(["NAME"], [["\u001b[31mred\nsecond\u0007"]]);
    expect(text.split("\n")).toEqual(["NAME", " [31mred second"]);
  });

  it("a heading alone is a table", () => {
    expect(table(["A", "B"], [])).toBe("A  B");
  });
});
