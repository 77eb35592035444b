import { writeFile } from "node:fs/promises";
import os from "node:os";
import prettier from "prettier";

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

const markdownTable = ([heading, ...rows]) => {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
};

const machine = () => {
  const cpus = os.cpus();
  const model = cpus[0]?.model.trim() ?? "unknown";
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${cpus.length} × ${model}, ${memory} GB, ${os.type()} ${os.release()}, ${os.arch()}`;
};

/** Writes the page of results. */
export const writePage = async (path, sections) => {
  const all = sections.flatMap(({ findings }) => findings.results);
  const missed = all.filter(({ met }) => met === false);
  const goals = all.filter(({ met }) => met !== null);
  const text = [
    "# Benchmarks",
    "Written by `npm run bench`. Ratios are measured side by side in one run, so that they mean the same elsewhere.",
    [
      `- machine: ${machine()}`,
      `- load before the run: ${sections[0]?.load.toFixed(1)}`,
      `- node ${process.versions.node}`,
      `- ${new Date().toISOString().slice(0, 10)}`,
      `- ${goals.length - missed.length} of ${goals.length} goals met`,
    ].join("\n"),
    ...sections.flatMap(({ title, findings: { results, notes = [], table } }) => [
      `## ${title}`,
      ...notes,
      markdownTable(resultRows(results)),
      ...(table === undefined ? [] : [markdownTable(table)]),
    ]),
  ].join("\n\n");
  const options = { ...(await prettier.resolveConfig(path)), parser: "markdown" };
  await writeFile(path, await prettier.format(text, options));
};
