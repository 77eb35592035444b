import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "./csv.js";

describe("csvLine", () => {
  it.each([
    [["a", "b"], "a,b\r\n"],
    [["", ""], ",\r\n"],
    [["a,b", 'say "hi"', "two\nlines"], '"a,b","say ""hi""","two\nlines"\r\n'],
    [["=1+1", "+49 30", "-1", "@SUM(A1)"], "'=1+1,'+49 30,'-1,'@SUM(A1)\r\n"],
    [["\t=1", "\r=1", "\n=1"], '\'\t=1,"\'\r=1","\'\n=1"\r\n'],
    [['=HYPERLINK("http://x";"y")'], '"\'=HYPERLINK(""http://x"";""y"")"\r\n'],
    [["＝1+1", "＋49", "－1", "＠SUM(A1)"], "'＝1+1,'＋49,'－1,'＠SUM(A1)\r\n"],
    [["a=1", " =1"], "a=1, =1\r\n"],
  ])("%j", (cells, line) => {
    expect(csvLine(cells)).toBe(line);
  });

  it("is read back as it was, and no cell begins like a formula", () => {
    const cell = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom("=", "+", "-", "@", "\t", '"', ",", "\r", "\n", "'", "a") }),
    );
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 }), (rows) => {
        const read: string[][] = parse(rows.map(csvLine).join(""), { record_delimiter: "\r\n" });
        expect(read.length).toBe(rows.length);
        for (const [place, row] of rows.entries()) {
          for (const [column, text] of row.entries()) {
            const found = read[place]?.[column] ?? "";
            expect(found).not.toMatch(/^[=+\-@\t\r\n]/);
            expect([text, `'${text}`]).toContain(found);
          }
        }
      }),
    );
  });
});
