import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRunFile, type FindLine, type RunFile } from "./run-file.js";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "enrollkit-run-file-"));
  path = join(folder, "out.jsonl");
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const line = (index: number, word = "", run = "spring") =>
  JSON.stringify({ run, index, status: "created", word });

const known = { run: "spring", rows: 10, isKnown: true, overwrite: false };
const fresh = { ...known, isKnown: false };

const withFile = async <Result>(options: typeof known, use: (file: RunFile) => Promise<Result>) => {
  const file = await openRunFile(path, options);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
};

const text = () => readFile(path, "utf8");

/** The last word of each row that the file knows, in the order of the rows. */
const lastWords = async function* (find: FindLine) {
  for (let index = 0; index < known.rows; index += 1) {
    const found = await find(index);
    if (found !== undefined) yield found;
  }
};

describe("the file of a run", () => {
  it("is its owner's alone, and gone again if nothing was written", async () => {
    await withFile(fresh, async () => {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it("is gone on with, and at the end has one line for each row, the last word of each", async () => {
    await withFile(fresh, async (file) => {
      await Promise.all([file.append([line(3), line(1)]), file.append([line(2, "first")])]);
    });
    await withFile(known, async (file) => {
      await file.append([line(2, "second"), line(0)]);
      expect((await text()).split("\n")).toHaveLength(6);
      await file.rewrite(lastWords);
      expect(await text()).toBe([line(0), line(1), line(2, "second"), line(3), ""].join("\n"));
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["out.jsonl"]);
  });

  it("rewritten from elsewhere alone stays", async () => {
    await withFile(fresh, (file) =>
      file.rewrite(async function* () {
        yield await Promise.resolve(line(5));
      }),
    );
    expect(await text()).toBe(`${line(5)}\n`);
  });

  it("stays as it was if the new lines break off", async () => {
    await withFile(fresh, async (file) => {
      await file.append([line(1)]);
      const broken = file.rewrite(async function* () {
        yield await Promise.resolve(line(0));
        throw new Error("the database is gone");
      });
      await expect(broken).rejects.toThrow("the database is gone");
    });
    expect(await text()).toBe(`${line(1)}\n`);
    expect(await readdir(folder)).toEqual(["out.jsonl"]);
  });

  it("behind a link is rewritten where it is", async () => {
    await writeFile(join(folder, "place.jsonl"), "");
    await symlink("place.jsonl", path);
    await withFile(known, async (file) => {
      await file.append([line(1)]);
      await file.rewrite(lastWords);
    });
    expect((await readdir(folder)).sort()).toEqual(["out.jsonl", "place.jsonl"]);
    expect(await readFile(join(folder, "place.jsonl"), "utf8")).toBe(`${line(1)}\n`);
  });

  it("of which a killed process wrote only the empty beginning is the run's own", async () => {
    await writeFile(path, "");
    await withFile(fresh, (file) => file.append([line(0)]));
    expect(await text()).toBe(`${line(0)}\n`);
  });

  it("loses nothing but the line that was torn, wherever a killed process stopped writing", async () => {
    const whole = [line(0), line(7, 'ü"\\'), line(3)].map((each) => `${each}\n`).join("");
    const bytes = Buffer.from(whole);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: bytes.length }), async (length) => {
        await writeFile(path, whole);
        await truncate(path, length);
        const complete = bytes.subarray(0, length).toString().split("\n").slice(0, -1);
        await withFile(known, (file) => file.append([line(9)]));
        expect(await text()).toBe([...complete, line(9), ""].join("\n"));
      }),
    );
  });

  it.each([
    ["a letter", "Dear Ana,\n", known, 1],
    ["a note without an end", "Dear Ana", known, 1],
    ["outcomes of no run", '{"key":"a","index":0,"status":"created"}\n', known, 1],
    ["outcomes of another run", `${line(0, "", "autumn")}\n`, known, 1],
    ["a beginning of another run's", '{"run":"autumn","ind', known, 1],
    ["a row that the run does not have", `${line(0)}\n${line(10)}\n`, known, 2],
    ["a row of no place", '{"run":"spring","index":"0"}\n', known, 1],
    ["a broken line", `${line(0)}\n{"run":"spring",\n${line(1)}\n`, known, 2],
  ])("with %s is refused, and left alone", async (_, content, options, place) => {
    await writeFile(path, content);
    await expect(openRunFile(path, options)).rejects.toThrow(
      `${path} exists already, and its line ${place} is not an outcome of run "spring"`,
    );
    expect(await text()).toBe(content);
  });

  it("of a run that the ledger does not know is refused: it may hold secrets that no vendor shows again", async () => {
    await writeFile(path, `${line(0)}\n`);
    await expect(openRunFile(path, fresh)).rejects.toThrow('the ledger does not know run "spring" yet');
  });

  it("with something else is replaced where that is asked for, but only by a first line", async () => {
    const overwriting = { ...known, overwrite: true };
    await writeFile(path, "Dear Ana,\n");
    await withFile(overwriting, () => Promise.resolve());
    expect(await text()).toBe("Dear Ana,\n");
    await withFile(overwriting, (file) => file.append([line(0)]));
    await withFile(overwriting, (file) => file.append([line(1)]));
    expect(await text()).toBe(`${line(0)}\n${line(1)}\n`);
    expect(await readdir(folder)).toEqual(["out.jsonl"]);
  });

  it("that is a folder is refused in words", async () => {
    await expect(openRunFile(folder, { ...known, overwrite: true })).rejects.toThrow("is not a file");
  });
});
