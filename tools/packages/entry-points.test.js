import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { entryPointsOf } from "./entry-points.js";

const simulators = join(import.meta.dirname, "../../packages/simulators");
const manifest = JSON.parse(readFileSync(join(simulators, "package.json"), "utf8"));

it("are the vendors' folders, and nothing of what is theirs alone", () => {
  const specifiers = entryPointsOf(simulators, manifest).map(({ specifier }) => specifier);
  expect(specifiers).toEqual(
    expect.arrayContaining(["@enrollkit/simulators", "@enrollkit/simulators/applivery"]),
  );
  expect(specifiers).not.toContain("@enrollkit/simulators/base");
  expect(specifiers.every((each) => each.split("/").length <= 3)).toBe(true);
});

it("have their code and their types where the manifest says", () => {
  expect(entryPointsOf(simulators, manifest)).toContainEqual({
    path: "./applivery",
    specifier: "@enrollkit/simulators/applivery",
    code: "./dist/applivery/index.js",
    types: "./dist/applivery/index.d.ts",
  });
});

it("are none where a manifest exports a page or itself", () => {
  const exports = { "./package.json": "./package.json", "./errors.md": "./errors.md" };
  expect(entryPointsOf(simulators, { name: "acme", exports })).toEqual([]);
  expect(entryPointsOf(simulators, { name: "acme" })).toEqual([]);
});
