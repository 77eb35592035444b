import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writePage } from "./page.js";
import { reviewOf, summaryOf } from "./report.js";
import { findTargets } from "./targets.js";

const source = "const limit = 3;\nexport const fits = (text) =>\n  text.length <= limit;\n";
const mutant = (status, fields = {}) => ({
  status,
  mutatorName: "EqualityOperator",
  replacement: "text.length < limit",
  location: { start: { line: 3, column: 3 }, end: { line: 3, column: 23 } },
  ...fields,
});
const reportOf = (...mutants) => ({ files: { "packages/core/src/fits.ts": { source, mutants } } });
const survivor = {
  file: "packages/core/src/fits.ts",
  line: 3,
  mutator: "EqualityOperator",
  code: "text.length <= limit",
  replacement: "text.length < limit",
  covered: true,
};

describe("a report", () => {
  it("is summed up: an endless change was noticed, one that no test ran was not", () => {
    const statuses = ["Killed", "Killed", "Timeout", "Survived", "NoCoverage", "Ignored"];
    const { counts, mutants, score, survivors, measured } = summaryOf(
      reportOf(...statuses.map((status) => mutant(status))),
    );
    expect(counts).toEqual({ Killed: 2, Timeout: 1, Survived: 1, NoCoverage: 1, Ignored: 1 });
    expect([mutants, score]).toEqual([5, 60]);
    expect(survivors).toEqual([survivor, { ...survivor, covered: false }]);
    expect(measured).toEqual(["packages/core/src/fits.ts"]);
  });

  it("shows a change over several lines on one", () => {
    const location = { start: { line: 2, column: 21 }, end: { line: 3, column: 23 } };
    const { survivors } = summaryOf(
      reportOf(mutant("Survived", { location, replacement: "() =>\n  undefined" })),
    );
    expect(survivors[0]).toMatchObject({
      code: "(text) => text.length <= limit",
      replacement: "() => undefined",
    });
  });

  it("of nothing that could be noticed is no failure", () => {
    expect(summaryOf(reportOf(mutant("Ignored"))).score).toBe(100);
  });
});

describe("a review", () => {
  const why = "both are the same";

  it.each([
    ["everything", {}, true],
    ["the file", { file: "core/src/fits\\.ts$" }, true],
    ["another file", { file: "http" }, false],
    ["kind and code", { mutator: "^Equality", code: "length" }, true],
    ["the kind and another code", { mutator: "^Equality", code: "width" }, false],
    ["another replacement", { replacement: "^true$" }, false],
  ])("of %s fits: %s", (_, review, fits) => {
    expect(reviewOf(survivor, [{ why, ...review }])?.why).toBe(fits ? why : undefined);
  });

  it("is the first that fits", () => {
    expect(reviewOf(survivor, [{ why: "no", file: "http" }, { why }, { why: "later" }])?.why).toBe(why);
  });
});

describe("the page", () => {
  let folder;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mutation-page-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const target = {
    folder: "packages/core",
    files: ["packages/core/src/fits.ts", "packages/core/src/more.ts"],
  };
  const options = { names: ["http", "core"], reviews: [], threshold: 85 };
  const result = (name, ...mutants) => ({
    ...target,
    name,
    ...summaryOf(reportOf(...mutants)),
    measuredOn: new Date("2026-11-29T12:00:00Z"),
  });

  it("has a score, and every survivor, reviewed or not", async () => {
    const path = join(folder, "mutation.md");
    const reviews = [{ why: "It is the same.", replacement: "^true$" }];
    await writePage(
      path,
      [result("core", mutant("Killed"), mutant("Survived"), mutant("Survived", { replacement: "true" }))],
      { ...options, reviews },
    );
    const page = await readFile(path, "utf8");
    expect(page).toContain("Changed were `fits.ts`. Not measured: `more.ts`.");
    expect(page).toMatch(/\| 33\.3 % \| ≥ 85 % missed \| 3 +\| 1 +\|/);
    expect(page).toMatch(/\| 1 +\| It is the same\. \|/);
    expect(page).toMatch(/\| fits\.ts:3 \| `text\.length <= limit` \| `text\.length < limit` \| some /);
  });

  it("keeps what was measured of others", async () => {
    const path = join(folder, "mutation.md");
    await writePage(path, [result("core", mutant("Killed"))], options);
    await writePage(path, [result("http", mutant("Survived"))], options);
    const page = await readFile(path, "utf8");
    expect(page.match(/^## .*/gm)).toEqual(["## http", "## core"]);
    expect(page).toContain("Nothing survived.");
    expect(page).toContain("Measured on 2026-11-29 ");
  });
});

it("finds every adapter by itself, and what all stand on", () => {
  const targets = findTargets(join(import.meta.dirname, "../.."));
  expect(targets.map(({ name }) => name).slice(-2)).toEqual(["http", "core"]);
  for (const { folder, files, name } of targets) {
    expect(files.length, name).toBeGreaterThan(0);
    for (const file of files) expect(file.startsWith(`${folder}/src/`)).toBe(true);
    if (folder.startsWith("packages/adapters/")) {
      expect(files).toEqual(expect.arrayContaining([`${folder}/src/mapping.ts`, `${folder}/src/errors.ts`]));
    }
  }
});
