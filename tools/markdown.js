import { readFile, writeFile } from "node:fs/promises";
import os from "node:os";
import prettier from "prettier";

/** @type {(rows: (string | number)[][]) => string} - the first row is the heading. */
export const markdownTable = ([heading, ...rows]) => {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(heading), line(heading.map(() => "---")), ...rows.map(line)].join("\n");
};

/** The sections of a page, by their titles. @type {(page: string) => Map<string, string>} */
export const sectionsOf = (page) =>
  new Map(
    page
      .split(/^(?=## )/m)
      .slice(1)
      .map((text) => [text.slice(3, text.indexOf("\n")), text.trim()]),
  );

/** What the figures of a page were measured on. */
export const machine = () => {
  const cpus = os.cpus();
  const model = cpus[0]?.model.trim() ?? "unknown";
  const memory = Math.round(os.totalmem() / 2 ** 30);
  return `${cpus.length} × ${model}, ${memory} GB, ${os.type()} ${os.release()}, ${os.arch()}`;
};

const formatted = async (path, text) =>
  prettier.format(text, { ...(await prettier.resolveConfig(path)), parser: "markdown" });

/** Writes a page, formatted as all others. @type {(path: string, text: string) => Promise<void>} */
export const writeMarkdown = async (path, text) => writeFile(path, await formatted(path, text));

/** Whether a page is what would be written. @type {(path: string, text: string) => Promise<boolean>} */
export const isUpToDate = async (path, text) =>
  (await formatted(path, text)) === (await readFile(path, "utf8"));
