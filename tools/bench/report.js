import { readFile } from "node:fs/promises";
import { machine, markdownTable, sectionsOf, writeMarkdown } from "../markdown.js";

const verdict = ({ met }) => (met === null ? "–" : met ? "met" : "missed");

const shown = ({ value, unit }) => `${value.toLocaleString("en-US", { maximumFractionDigits: 3 })} ${unit}`;

const resultRows = (results) => [
  ["what", "value", "goal", ""],
  ...results.map((result) => [result.name, shown(result), result.goal ?? "–", verdict(result)]),
];

const aligned = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  return rows
    .map((row) => `  ${row.map((cell, column) => String(cell).padEnd(widths[column])).join("  ")}`.trimEnd())
    .join("\n");
};

/** For the terminal. */
export const toText = (title, { results, notes = [], table }) =>
  [
    `\n${title}`,
    ...notes.map((note) => `  ${note}`),
    "",
    aligned(resultRows(results)),
    ...(table === undefined ? [] : ["", aligned(table)]),
  ].join("\n");

const sectionText = ({ title, load, findings: { results, notes = [], table } }) =>
  [
    `## ${title}`,
    ...notes,
    markdownTable(resultRows(results)),
    ...(table === undefined ? [] : [markdownTable(table)]),
    `Measured ${new Date().toISOString().slice(0, 10)} at a load of ${load.toFixed(1)} before the run, ` +
      `with node ${process.versions.node} on ${machine()}.`,
  ].join("\n\n");

const countRows = (page, verdict) => page.match(new RegExp(`\\| ${verdict} *\\|$`, "gm"))?.length ?? 0;

/**
 * Writes the sections into the page of results, in the order of the titles; others on it stay as they were measured.
 *
 * @param {string} path
 * @param {{ title: string, load: number, findings: object }[]} sections
 * @param {string[]} titles - those of all benchmarks.
 */
export const writePage = async (path, sections, titles) => {
  const texts = sectionsOf(await readFile(path, "utf8"));
  for (const section of sections) texts.set(section.title, sectionText(section));
  const body = titles.flatMap((title) => texts.get(title) ?? []).join("\n\n");
  const met = countRows(body, "met");
  const text = [
    "# Benchmarks",
    "Written by `npm run bench`. Ratios are measured side by side in one run, so that they mean the same elsewhere.",
    `${met} of ${met + countRows(body, "missed")} goals met.`,
    body,
  ].join("\n\n");
  await writeMarkdown(path, text);
};
