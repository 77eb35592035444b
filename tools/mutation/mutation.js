// Mutation testing: `npm run mutation` changes the code in many small ways and counts the changes that a test notices.
// With names of targets only those; with --incremental only what changed since the last run; with --only FILES, names
// without .ts and with commas between, only these of them, and what was measured of others stays; with --tests GLOB only
// by these tests of the package, and with all of them the score is no less; with --page nothing is run, and the page is
// written from what was measured last.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { writePage } from "./page.js";
import { summaryOf } from "./report.js";
import { findTargets } from "./targets.js";

const root = join(import.meta.dirname, "../..");
const targets = findTargets(root);
/** The least score that is enough, in percent. */
const threshold = 85;
const cache = join(root, "node_modules/.cache/mutation");
const reportPath = (name) => join(cache, `${name}.json`);
const readJson = async (path) => JSON.parse(await readFile(path, "utf8"));

class UsageError extends Error {}

const readArguments = () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      incremental: { type: "boolean", default: false },
      only: { type: "string" },
      page: { type: "boolean", default: false },
      tests: { type: "string" },
    },
  });
  const unknown = positionals.find((name) => !targets.some((target) => target.name === name));
  if (unknown !== undefined) {
    const names = targets.map(({ name }) => name).join(", ");
    throw new UsageError(`no target is called ${unknown}; there are: ${names}`);
  }
  const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { chosen, ...values };
};

const isAmong = (names, { folder }, file) =>
  names.includes(file.slice(`${folder}/src/`.length, -".ts".length));

const filesOf = (target, only) => {
  const files =
    only === undefined ? target.files : target.files.filter((file) => isAmong(only.split(","), target, file));
  if (files.length === 0) throw new UsageError(`${target.name} has none of these files: ${only}`);
  return files;
};

const optionsFor = (target, { incremental, only }) => ({
  allowConsoleColors: false,
  cleanTempDir: "always",
  concurrency: 1,
  coverageAnalysis: "perTest",
  // What was measured is always kept; all is measured anew unless only what changed is wanted.
  incremental: true,
  force: !incremental && only === undefined,
  incrementalFile: join(cache, `${target.name}.incremental.json`),
  ignoreStatic: target.ignoreStatic,
  ignorePatterns: ["dist", ".turbo", "coverage", "examples/*/output"],
  jsonReporter: { fileName: reportPath(target.name) },
  mutate: filesOf(target, only),
  packageManager: "pnpm",
  plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
  reporters: ["json", "progress-append-only"],
  tempDirName: "node_modules/.cache/mutation/sandbox",
  testRunner: "vitest",
  thresholds: { high: 100, low: threshold, break: threshold },
  // In milliseconds, on top of one and a half times what the tests took before; machines are shared, and slow at times.
  timeoutMS: 10_000,
  vitest: { configFile: "tools/mutation/vitest.config.ts", related: false },
});

const writeResults = async (chosen) => {
  const results = await Promise.all(
    chosen.map(async (target) => {
      const path = reportPath(target.name);
      const { mtime } = await stat(path);
      return { ...target, ...summaryOf(await readJson(path)), measuredOn: mtime };
    }),
  );
  await writePage(join(root, "docs/mutation.md"), results, {
    names: targets.map(({ name }) => name),
    reviews: await readJson(new URL("reviews.json", import.meta.url)),
    threshold,
  });
};

const run = async () => {
  const { chosen, page, tests, ...options } = readArguments();
  process.chdir(root);
  for (const target of page ? [] : chosen) {
    console.log(`\n${target.name}`);
    process.env.MUTATION_FOLDER = target.folder;
    process.env.MUTATION_TESTS = JSON.stringify(tests === undefined ? target.tests : [tests]);
    // A score below the threshold is this process's exit code, and no reason to stop.
    await new Stryker(optionsFor(target, options)).runMutationTest();
  }
  await writeResults(chosen);
};

try {
  await run();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
