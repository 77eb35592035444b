// Holds every block of code in the docs and the READMEs against the code: compiles it, runs it, or reads it as settings.
import { relative } from "node:path";
import { pathToFileURL } from "node:url";
import { pagesWithBlocks, placeOf, readBlocks } from "./blocks.js";
import { root } from "./places.js";
import { checkSettings } from "./settings-blocks.js";
import { checkShell } from "./shell-blocks.js";
import { checkTypeScript } from "./typescript-blocks.js";

const checkedLanguages = new Set(["ts", "sh", "json", "jsonc"]);
/** Shown, and nothing to run: an output, a tree of folders, a usage line. */
const shownLanguages = new Set(["text", "csv"]);

/** Blocks that nothing checks, and reasons that say nothing. */
const unchecked = (blocks) =>
  blocks.flatMap((block) => {
    const { language, notes } = block;
    if (notes.has("not run") && notes.get("not run").length < 10)
      return [`${placeOf(block)} does not say why it is not run`];
    if (notes.has("output") && language !== "text") return [`${placeOf(block)} an output is a text block`];
    if (checkedLanguages.has(language) || shownLanguages.has(language) || notes.has("not run")) return [];
    return [
      `${placeOf(block)} no check knows the language "${language}": use ${[...checkedLanguages].join(", ")} or text`,
    ];
  });

/** Checks blocks of pages. @returns a report: problems, counts by language, and what was not run. */
export const checkBlocks = async (blocks, options = {}) => {
  const settings = await checkSettings(blocks);
  const typescript = await checkTypeScript(blocks, options);
  const shell = await checkShell(blocks, options);
  return {
    problems: [...unchecked(blocks), ...settings.problems, ...typescript.problems, ...shell.problems],
    counts: { ts: typescript.counts, sh: shell.counts, json: settings.counts },
    outputs: blocks.filter(({ notes }) => notes.has("output")).length,
    notRun: blocks.filter(({ notes }) => notes.has("not run")),
  };
};

const main = async (words) => {
  const pages = await pagesWithBlocks();
  const chosen =
    words.length === 0
      ? pages
      : pages.filter((page) => words.some((word) => relative(root, page).startsWith(word)));
  const blocks = (await Promise.all(chosen.map(readBlocks))).flat();
  const { problems, counts, outputs, notRun } = await checkBlocks(blocks);
  const say = (text) => process.stdout.write(`${text}\n`);
  say(`${blocks.length} blocks on ${chosen.length} pages`);
  say(`ts: ${counts.ts.compiled} compiled, ${counts.ts.run} of them run`);
  say(`sh: ${counts.sh.run} run`);
  say(`settings: ${counts.json.run} read`);
  say(`outputs: ${outputs} compared`);
  say(`not run: ${notRun.length}`);
  for (const block of notRun) say(`  ${placeOf(block)} ${block.language}: ${block.notes.get("not run")}`);
  for (const problem of problems) process.stderr.write(`\n${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main(process.argv.slice(2));
