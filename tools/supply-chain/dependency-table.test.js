import { describe, expect, it } from "vitest";
import { dependencyPage, reasonProblems, shownSize } from "./dependency-table.js";

describe("reasons", () => {
  const direct = { core: ["zod"], http: ["axios", "zod"] };
  const reasons = { core: { zod: "checks" }, http: { axios: "calls", zod: "checks" } };

  it("are complete", () => {
    expect(reasonProblems(direct, reasons)).toEqual([]);
  });

  it.each([
    ["a missing one", { ...reasons, core: {} }, "core depends on zod, and reasons.json does not say why"],
    [
      "an empty one",
      { ...reasons, core: { zod: " " } },
      "core depends on zod, and reasons.json does not say why",
    ],
    [
      "a stale one",
      { ...reasons, core: { zod: "checks", luxon: "time" } },
      "reasons.json says why core depends on luxon, and it does not",
    ],
    [
      "one of a package that is gone",
      { ...reasons, gone: { zod: "checks" } },
      "reasons.json says why gone depends on zod, and it does not",
    ],
  ])("name %s", (_, written, problem) => {
    expect(reasonProblems(direct, written)).toEqual([problem]);
  });
});

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [1499, "1 kB"],
  [1500, "2 kB"],
  [999_999, "1,000 kB"],
  [1_000_000, "1 MB"],
  [1_250_000, "1.3 MB"],
  [26_334_107, "26.3 MB"],
])("shows %i bytes as %s", (bytes, text) => {
  expect(shownSize(bytes)).toBe(text);
});

it("does not count what only some machines install", () => {
  const lockfile = {
    importers: { "packages/core": { dependencies: { zod: { version: "4.6.7" } } } },
    packages: { "zod@4.6.7": {}, "fast@1.0.0": { os: ["linux"], cpu: ["x64"] } },
    snapshots: { "zod@4.6.7": { optionalDependencies: { fast: "1.0.0" } }, "fast@1.0.0": {} },
  };
  const packages = [{ folder: "packages/core", manifest: { name: "core" } }];
  const page = dependencyPage(lockfile, packages, ({ name }) => (name === "zod" ? 5000 : 900_000), {
    core: { zod: "checks" },
  });
  expect(page).toContain("| `core` | 1 | 2 | 5 kB |");
  expect(page).toContain("| `zod` | 4.6.7 | 1 more | 5 kB | checks |");
});
