// Runs the sh blocks of a page, in their order, in one shell and one folder, as a reader would.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { placeOf } from "./blocks.js";
import { outputProblem } from "./expected-output.js";
import { root } from "./places.js";
import { inParallel, runProcess } from "./processes.js";
import { preludes } from "./typescript-blocks.js";

const command = join(root, "packages/cli/bin/enrollkit.js");

/**
 * `enrollkit simulate` runs until it is stopped: a reader leaves it in another terminal, and waits for it to say that it
 * is running. Its config is no sign of that: a page may have shown one of that name before.
 */
const withSimulationBehind = (line) => {
  const [, words] = /^(enrollkit simulate[^&#]*)&?\s*(?:#.*)?$/.exec(line) ?? [];
  if (words === undefined) return line;
  return `start_simulation ${words.trim().replace(/^enrollkit /, "")}`;
};

const head = `
set -o pipefail
shopt -s expand_aliases
start_simulation() {
  : > "$STATE/simulate.log"
  enrollkit "$@" >> "$STATE/simulate.log" 2>&1 &
  until grep -q '^running' "$STATE/simulate.log"; do sleep 0.05; kill -0 $! || return 1; done
}
exec 3> "$STATE/failures"
trap 'printf "%s\\t%s\\t%s\\n" "$BLOCK" "$?" "$BASH_COMMAND" >&3' ERR
trap 'trap - ERR; kill $(jobs -p) 2>/dev/null' EXIT
`;

const write = async (path, text, mode) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  if (mode !== undefined) await chmod(path, mode);
};

/** Each block of a page as a piece of one script. Files of the page are there from the moment it shows them. */
const pieceOf = ({ language, notes, text }, number, state) => {
  const stage = [`BLOCK=${number}`, `exec > "$STATE/${number}.out" 2>&1`];
  if (language !== "sh") return `cp "$STATE/files/${number}" "${notes.get("file")}"`;
  const prelude = notes.get("setup");
  return [
    ...(prelude === undefined
      ? []
      : ["BLOCK=setup", `exec > "$STATE/setup.out" 2>&1`, `source "${state}/${prelude}.sh"`]),
    ...stage,
    ...text.split("\n").map(withSimulationBehind),
    `echo ${number} >> "$STATE/done"`,
  ].join("\n");
};

const wantedExits = ({ notes }) =>
  new Set((notes.get("exits") ?? "").split(/[\s,]+/).filter((code) => code !== ""));

const readLines = async (path) =>
  (await readFile(path, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");

const tail = (text) => text.trim().split("\n").slice(-12).join("\n");

const runPage = async (page, blocks) => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-docs-"));
  const state = await mkdtemp(join(tmpdir(), "enrollkit-docs-state-"));
  const steps = blocks.filter(
    ({ language, notes }) =>
      (language === "sh" && !notes.has("not run")) || (notes.has("file") && language !== "ts"),
  );
  try {
    await write(
      join(state, "bin/enrollkit"),
      `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`,
      0o755,
    );
    for (const [number, { language, notes, text }] of steps.entries()) {
      if (language !== "sh") await write(join(state, "files", String(number)), `${text}\n`);
      const prelude = notes.get("setup");
      if (language !== "sh" || prelude === undefined) continue;
      const lines = (await readFile(join(preludes, `${prelude}.sh`), "utf8")).split("\n");
      await write(join(state, `${prelude}.sh`), lines.map(withSimulationBehind).join("\n"));
    }
    const pieces = steps.map((block, number) => pieceOf(block, number, state));
    await write(join(state, "page.sh"), `${head}\n${pieces.join("\n")}\n`);
    const { code, signal } = await runProcess("bash", [join(state, "page.sh")], {
      cwd: folder,
      environment: {
        STATE: state,
        TOOLS: import.meta.dirname,
        PATH: `${join(state, "bin")}:${process.env.PATH}`,
        CI: "true",
        HOME: folder,
      },
    });

    const outputOf = async (number) => readFile(join(state, `${number}.out`), "utf8").catch(() => "");
    const problems = [];
    for (const line of await readLines(join(state, "failures"))) {
      const [number, exit, words] = line.split("\t");
      const block = steps[number];
      if (block !== undefined && wantedExits(block).has(exit)) continue;
      const where = block === undefined ? `${page} its setup` : placeOf(block);
      problems.push(`${where} \`${words}\` ended with ${exit}:\n${tail(await outputOf(number))}`);
    }
    const done = new Set(await readLines(join(state, "done")));
    for (const [number, block] of steps.entries()) {
      if (block.language !== "sh") continue;
      if (!done.has(String(number))) {
        problems.push(
          `${placeOf(block)} was not reached (${signal ?? code}):\n${tail(await outputOf(number))}`,
        );
        continue;
      }
      const shown = blocks[blocks.indexOf(block) + 1];
      const problem = shown?.notes.has("output") && outputProblem(shown.text, await outputOf(number));
      if (problem) problems.push(`${placeOf(shown)} ${problem}`);
    }
    return problems;
  } finally {
    await rm(folder, { recursive: true, force: true });
    await rm(state, { recursive: true, force: true });
  }
};

/** @returns problems, and how many blocks were run. */
export const checkShell = async (blocks, { parallel = 2 } = {}) => {
  const pages = new Map();
  for (const block of blocks) pages.set(block.page, [...(pages.get(block.page) ?? []), block]);
  const problems = [];
  const runnable = (each) => each.language === "sh" && !each.notes.has("not run");
  await inParallel(
    [...pages].filter(([, ofPage]) => ofPage.some(runnable)),
    parallel,
    async ([page, ofPage]) => problems.push(...(await runPage(page, ofPage))),
  );
  return { problems, counts: { run: blocks.filter(runnable).length } };
};
