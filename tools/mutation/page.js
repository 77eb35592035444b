import { readFile } from "node:fs/promises";
import { machine, markdownTable, sectionsOf, writeMarkdown } from "../markdown.js";
import { reviewOf } from "./report.js";

const percent = (score) => `${score.toFixed(1)} %`;

const shortened = (text) => (text.length > 80 ? `${text.slice(0, 79)}…` : text);

/** As code within a cell of a table. */
const inCell = (text) => `\`${shortened(text).replaceAll("`", "´").replaceAll("|", "\\|")}\``;

const byReason = (survivors, reviews) => {
  const groups = new Map();
  for (const survivor of survivors) {
    const why = reviewOf(survivor, reviews)?.why ?? "";
    groups.set(why, [...(groups.get(why) ?? []), survivor]);
  }
  return groups;
};

const survivorTable = (survivors, folder) =>
  markdownTable([
    ["where", "code", "became", "tests that ran it"],
    ...survivors.map(({ file, line, code, replacement, covered }) => [
      `${file.slice(`${folder}/src/`.length)}:${line}`,
      inCell(code),
      inCell(replacement),
      covered ? "some" : "none",
    ]),
  ]);

const survivorText = ({ survivors, folder }, reviews) => {
  if (survivors.length === 0) return ["Nothing survived."];
  const groups = byReason(survivors, reviews);
  const open = groups.get("") ?? [];
  groups.delete("");
  const reasons = [...groups].sort(([, left], [, right]) => right.length - left.length);
  return [
    ...(reasons.length === 0
      ? []
      : [
          "Reviewed, and left alive:",
          markdownTable([["survivors", "why"], ...reasons.map(([why, { length }]) => [length, why])]),
        ]),
    ...(open.length === 0 ? [] : ["Not reviewed:", survivorTable(open, folder)]),
  ];
};

/** Which files the figures are of, and which they are not. */
const filesText = ({ folder, files, measured }) => {
  const shown = (paths) => paths.map((path) => `\`${path.slice(`${folder}/src/`.length)}\``).join(", ");
  const missing = files.filter((file) => !measured.includes(file));
  return missing.length === 0
    ? `Changed were ${shown(files)}.`
    : `Changed were ${shown(measured)}. Not measured: ${shown(missing)}.`;
};

const sectionText = (result, reviews, threshold) => {
  const { name, counts, mutants, score, measuredOn } = result;
  return [
    `## ${name}`,
    `${filesText(result)}${counts.Ignored > 0 ? " Left out is what runs once, on import: every test would run for it." : ""}`,
    markdownTable([
      [
        "score",
        "goal",
        "changes",
        "noticed",
        "endless, and stopped",
        "survived",
        "run by no test",
        "left out",
      ],
      [
        percent(score),
        `≥ ${threshold} % ${score >= threshold ? "met" : "missed"}`,
        mutants,
        counts.Killed,
        counts.Timeout,
        counts.Survived,
        counts.NoCoverage,
        counts.Ignored,
      ],
    ]),
    ...survivorText(result, reviews),
    `Measured on ${measuredOn.toISOString().slice(0, 10)} with node ${process.versions.node} on ${machine()}.`,
  ].join("\n\n");
};

/**
 * Writes what was measured into the page of results; other targets stay as they were measured.
 *
 * @param {string} path
 * @param {any[]} results - a target, the summary of its report and the `Date` of it, together.
 * @param {{ names: string[], reviews: import("./report.js").Review[], threshold: number }} options - the names of all
 *   targets, and the least score that is enough, in percent.
 */
export const writePage = async (path, results, { names, reviews, threshold }) => {
  const sections = sectionsOf(await readFile(path, "utf8").catch(() => ""));
  for (const result of results) sections.set(result.name, sectionText(result, reviews, threshold));
  const text = [
    "# Mutation testing",
    "Written by `npm run mutation`: [Stryker](https://stryker-mutator.io) changes the code in many small ways, one at a " +
      "time, and runs the tests that reach it. A change that no test notices has survived. The score is the share of " +
      "changes that were noticed; an adapter's mapping and errors must be noticed by the tables beside them, whatever " +
      "tests of the whole provider would notice. `core` and `http` must be noticed by the tests beside their code: those " +
      "of composites over simulators, and of a hostile network in real time, are left out. Figures of one package may come " +
      "from several runs (`--only`), and some of these from a part of its tests (`--tests`): with all, they are no less.",
    "Survivors are read by a person; `tools/mutation/reviews.json` keeps what was found.",
    ...names.flatMap((name) => sections.get(name) ?? []),
  ].join("\n\n");
  await writeMarkdown(path, text);
};
