// Mutation testing: `npm run mutation` changes the code in many small ways and counts the changes that a test notices.
// With names of targets only those; with --incremental only what changed since the last run; with --page nothing is run,
// and the page is written from what was measured last.
import { readFile } from "node:fs/promises";
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
      page: { type: "boolean", default: false },
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

const optionsFor = ({ name, mutate, ignoreStatic }, incremental) => ({
  allowConsoleColors: false,
  cleanTempDir: "always",
  concurrency: 1,
  coverageAnalysis: "perTest",
  // A run without it must not look at the results of an earlier one.
  incremental,
  incrementalFile: join(cache, `${name}.incremental.json`),
  ignoreStatic,
  ignorePatterns: ["dist", ".turbo", "coverage", "examples/*/output"],
  jsonReporter: { fileName: reportPath(name) },
  mutate,
  packageManager: "pnpm",
  plugins: [fileURLToPath(import.meta.resolve("@stryker-mutator/vitest-runner"))],
  reporters: ["json", "progress-append-only"],
  tempDirName: "node_modules/.cache/mutation/sandbox",
  testRunner: "vitest",
  thresholds: { high: 100, low: threshold, break: threshold },
  // In milliseconds, on top of one and a half times what the tests took before; machines are shared, and slow at times.
  timeoutMS: 20_000,
  vitest: { configFile: "tools/mutation/vitest.config.ts", related: false },
});

const writeResults = async (chosen) => {
  const results = await Promise.all(
    chosen.map(async (target) => ({ ...target, ...summaryOf(await readJson(reportPath(target.name))) })),
  );
  await writePage(join(root, "docs/mutation.md"), results, {
    names: targets.map(({ name }) => name),
    reviews: await readJson(new URL("reviews.json", import.meta.url)),
    threshold,
  });
};

const run = async () => {
  const { chosen, incremental, page } = readArguments();
  process.chdir(root);
  for (const target of page ? [] : chosen) {
    console.log(`\n${target.name}: ${target.what}`);
    process.env.MUTATION_FOLDER = target.folder;
    process.env.MUTATION_TESTS = JSON.stringify(target.tests);
    // A score below the threshold is this process's exit code, and no reason to stop.
    await new Stryker(optionsFor(target, incremental)).runMutationTest();
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
