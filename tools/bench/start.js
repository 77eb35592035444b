import { execFile } from "node:child_process";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { atMost, forComparison, median } from "./results.js";

const execute = promisify(execFile);
const pathOf = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const urlOf = (path) => new URL(`../../${path}`, import.meta.url).href;

/** Milliseconds that a new process takes to import modules, measured in itself. */
const importTime = (specifiers, folder) => async () => {
  const code = `
    const started = performance.now();
    await Promise.all(${JSON.stringify(specifiers)}.map((each) => import(each)));
    process.stdout.write(String(performance.now() - started));`;
  const { stdout } = await execute(process.execPath, ["--input-type=module", "-e", code], { cwd: folder });
  return Number(stdout);
};

/** Milliseconds from the start of a process to its end. */
const runTime = (words) => async () => {
  const started = performance.now();
  await execute(process.execPath, words);
  return performance.now() - started;
};

/** Medians; the subjects take turns, and a first turn, which fills the caches of the disk, does not count. */
const measure = async (subjects, turns) => {
  const times = subjects.map(() => []);
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const [place, subject] of subjects.entries()) {
      const time = await subject();
      if (turn > 0) times[place].push(time);
    }
  }
  return times.map(median);
};

const adapters = ["android-management", "applivery", "eset-connect"];
const rounded = (milliseconds) => milliseconds.toFixed(1);

/** @returns {Promise<import("./results.js").Findings>} */
export const start = async ({ quick }) => {
  const measured = quick ? adapters.slice(0, 1) : adapters;
  const turns = quick ? 3 : 21;
  const [libraries, ...imports] = await measure(
    [
      importTime(["axios", "zod", "luxon"], pathOf("packages/http")),
      ...measured.map((adapter) =>
        importTime(
          [urlOf("packages/core/dist/index.js"), urlOf(`packages/adapters/${adapter}/dist/index.js`)],
          pathOf("."),
        ),
      ),
    ],
    turns,
  );
  const [nothing, version] = await measure(
    [runTime(["-e", "0"]), runTime([pathOf("packages/cli/bin/enrollkit.js"), "--version"])],
    turns,
  );
  return {
    results: [
      ...measured.map((adapter, place) =>
        atMost(1.15, `import of core and ${adapter} ÷ axios, zod, luxon`, imports[place] / libraries),
      ),
      atMost(2, "`enrollkit --version` ÷ `node -e 0`", version / nothing),
      forComparison("import of axios, zod, luxon", libraries, "ms"),
      forComparison("`node -e 0`", nothing, "ms"),
    ],
    notes: [`A new process each time, in turns; medians of ${turns}. The files are in the disk cache.`],
    table: [
      ["what", "ms"],
      ["axios, zod, luxon", rounded(libraries)],
      ...measured.map((adapter, place) => [`core and ${adapter}`, rounded(imports[place])]),
      ["node -e 0", rounded(nothing)],
      ["enrollkit --version", rounded(version)],
    ],
  };
};
