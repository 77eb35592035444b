// Holds a new vendor against what a change must pass, first with its gaps and then without: `npm run new-adapter:check`.
// That its tests are red and then green is part of `npm test`.
import { performance } from "node:perf_hooks";
import { allowedChanges, startTrial, trialVendor } from "./trial.js";
import { targetsOf } from "./vendor-files.js";

const [adapter, simulator, page] = targetsOf(trialVendor);
const script = (name, ...words) => ["node_modules/pnpm/bin/pnpm.cjs", "run", name, ...words];

const vitest = ["node_modules/vitest/vitest.mjs", "run"];

const checks = [
  ["build", script("build")],
  ["types of the adapter", ["node_modules/typescript/bin/tsc", "--noEmit", "-p", adapter]],
  ["types of the simulators", ["node_modules/typescript/bin/tsc", "--noEmit", "-p", "packages/simulators"]],
  ["lint", ["node_modules/eslint/bin/eslint.js", "--max-warnings=0", adapter, simulator]],
  ["format", ["node_modules/prettier/bin/prettier.cjs", "--check", adapter, simulator, page]],
  ["unused", script("unused")],
  ["generated tables", script("tables:check")],
];
/** What gaps make no difference to. */
const checksAtTheEnd = [
  ["boundaries", script("boundaries")],
  ["dependencies", script("dependencies:check")],
  ["lockfile", script("lockfile:check")],
  // A vendor's exports are driven by convention.
  ["secrets", [...vitest, "--project", "secrets", "library.test.ts"]],
  ["the code on its pages", script("docs:blocks", page, adapter)],
];

const step = async (name, does) => {
  const began = performance.now();
  await does();
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s`);
};

let trial;
try {
  await step("the project is copied and installed", async () => {
    trial = await startTrial();
  });
  const pass = async (those) => {
    for (const [name, words] of those) await step(`  ${name}`, () => trial.must(...words));
  };
  await step("the generator has run", async () => {
    await trial.generate();
    await trial.install();
  });
  await step("with its gaps", () => pass(checks));
  await step("the gaps are filled", async () => {
    await trial.fill();
    await trial.must(...script("build"));
    await trial.must(...script("tables"));
  });
  await step("without gaps", () => pass([...checks, ...checksAtTheEnd]));
  const others = (await trial.changed()).filter((path) => !allowedChanges.includes(path));
  if (others.length > 0) throw new Error(`a new vendor has changed ${others.join(", ")}`);
  console.log(`a new vendor changes ${allowedChanges.join(", ")}, and nothing else`);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
} finally {
  await trial?.remove();
}
