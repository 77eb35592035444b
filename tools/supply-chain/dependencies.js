// Writes docs/dependencies.md from the lockfile and what is installed; with --check it only compares.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isUpToDate, writeMarkdown } from "../markdown.js";
import { dependencyPage, directNames, reasonProblems } from "./dependency-table.js";
import { findInstalled, unpackedSize } from "./installed.js";
import { findPublishedPackages, readLockfile, root } from "./packages.js";

const fail = (problems) => {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
};

const lockfile = readLockfile();
const packages = findPublishedPackages();
const reasons = JSON.parse(await readFile(new URL("reasons.json", import.meta.url), "utf8"));
const problems = reasonProblems(directNames(lockfile, packages), reasons);
const installed = findInstalled();

/** @type {(locked: import("./graph.js").LockedPackage) => number} */
const sizeOf = ({ name, version }) => {
  const folder = installed.get(`${name}@${version}`);
  if (folder === undefined) throw new Error(`${name}@${version} is not installed: run \`npm run setup\``);
  return unpackedSize(folder);
};

const path = join(root, "docs/dependencies.md");
if (problems.length > 0) fail(problems);
else {
  const page = dependencyPage(lockfile, packages, sizeOf, reasons);
  if (!process.argv.includes("--check")) await writeMarkdown(path, page);
  else if (!(await isUpToDate(path, page))) {
    fail(["docs/dependencies.md is out of date: run `npm run dependencies`"]);
  }
}
