import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Files of an adapter that change one vocabulary into another, without a call: by these names in every adapter. */
const pureFiles = ["mapping", "errors", "correlation", "personal-usage", "resource-names", "token-request"];

/**
 * What is mutated together, and by whose tests it must be noticed.
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {string} folder - of the package, from the root of the project.
 * @property {string[]} files - that are changed, from the root of the project.
 * @property {string[]} tests - globs from the package's folder.
 * @property {boolean} ignoreStatic - whether changes to what runs on import are left out.
 */

/** @type {(root: string, name: string) => Target} */
const adapterTarget = (root, name) => {
  const folder = `packages/adapters/${name}`;
  const files = pureFiles.filter((file) => existsSync(join(root, folder, "src", `${file}.ts`)));
  return {
    name,
    folder,
    files: files.map((file) => `${folder}/src/${file}.ts`),
    // The tables beside the files alone: what only a test through the whole provider notices counts as missed.
    tests: files.map((file) => `src/${file}?(-*).test.ts`),
    ignoreStatic: false,
  };
};

/** What exports and nothing else, and declarations, hold nothing that could be changed. */
const isCode = (name) => name.endsWith(".ts") && !/\.(?:test|d)\.ts$/.test(name) && name !== "index.ts";

/** @type {(root: string, name: string) => Target} */
const packageTarget = (root, name) => {
  const folder = `packages/${name}`;
  const files = readdirSync(join(root, folder, "src"), { recursive: true })
    .map((file) => file.replaceAll("\\", "/"))
    .filter(isCode)
    .sort();
  return {
    name,
    folder,
    files: files.map((file) => `${folder}/src/${file}`),
    // Beside the code alone: http's tests of a hostile network take real time, and each change of what all calls go
    // through would run them all.
    tests: ["src/**/*.test.ts"],
    // What runs once, on import, is seen by every test: each such change would run all of them.
    ignoreStatic: true,
  };
};

/**
 * Every adapter, then the packages that all of them stand on.
 *
 * @param {string} root - of the project.
 * @returns {Target[]}
 */
export const findTargets = (root) => [
  ...readdirSync(join(root, "packages/adapters"))
    .sort()
    .map((name) => adapterTarget(root, name)),
  packageTarget(root, "http"),
  packageTarget(root, "core"),
];
