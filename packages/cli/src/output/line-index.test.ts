import { mkdtempSync, rmSync } from "node:fs";
import { open, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, it } from "vitest";
import { createLineReader, wholeLines, type FoundLine } from "./line-index.js";

const folder = mkdtempSync(join(tmpdir(), "enrollkit-lines-"));
const path = join(folder, "lines");
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const withLines = async <Result>(
  text: string,
  use: (
    lines: readonly FoundLine[],
    rest: FoundLine,
    read: ReturnType<typeof createLineReader>,
  ) => Promise<Result>,
) => {
  await writeFile(path, text);
  const file = await open(path);
  try {
    const lines: FoundLine[] = [];
    const found = wholeLines(file);
    for (;;) {
      const next = await found.next();
      if (next.done === true) return await use(lines, next.value, createLineReader(file));
      lines.push(next.value);
    }
  } finally {
    await file.close();
  }
};

const long = "ä".repeat(700_000);

it.each(["", "a", "a\n", "\n\n", `${long}\n${long}\nb\n${long}`])(
  "whole lines, and what has no line break",
  async (text) => {
    const parts = text.split("\n");
    await withLines(text, async (lines, rest, read) => {
      expect(lines.map((line) => line.text)).toEqual(parts.slice(0, -1));
      expect(lines.map(({ line }) => line)).toEqual(parts.slice(0, -1).map((_, place) => place + 1));
      expect([rest.text, rest.line]).toEqual([parts.at(-1), parts.length]);
      for (const line of lines.toReversed()) expect(await read(line)).toBe(line.text);
    });
  },
);

it("finds every line again, in whatever order", async () => {
  const line = fc.string({ unit: "grapheme", maxLength: 30 }).map((text) => text.replaceAll("\n", ""));
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.infiniteStream(fc.nat()), async (texts, places) => {
      await withLines(texts.map((text) => `${text}\n`).join(""), async (lines, rest, read) => {
        expect(rest.length).toBe(0);
        for (const place of places.take(20)) {
          const at = place % lines.length;
          const found = lines[at];
          expect(found?.text).toBe(texts[at]);
          if (found !== undefined) expect(await read(found)).toBe(texts[at]);
        }
      });
    }),
    { numRuns: 50 },
  );
});
