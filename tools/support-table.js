// Writes the support table into README.md from the adapters' descriptors; with --check it only compares.
import { readFile, writeFile } from "node:fs/promises";
import { capabilityTable } from "../packages/cli/dist/commands/capabilities.js";
import { loadPlugins } from "../packages/cli/dist/vendors.js";
import prettier from "prettier";

const start = "<!-- support-table:start -->";
const end = "<!-- support-table:end -->";
const path = new URL("../README.md", import.meta.url);

const row = (cells) => `| ${cells.join(" | ")} |`;
const [head, ...rows] = capabilityTable((await loadPlugins()).map(({ descriptor }) => descriptor));
const table = [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

const text = await readFile(path, "utf8");
const before = text.slice(0, text.indexOf(start) + start.length);
const after = text.slice(text.indexOf(end));
const options = { ...(await prettier.resolveConfig(path)), parser: "markdown" };
const wanted = await prettier.format(`${before}\n\n${table}\n\n${after}`, options);

if (!process.argv.includes("--check")) await writeFile(path, wanted);
else if (wanted !== text) {
  process.stderr.write("the support table of README.md is out of date: run `npm run tables`\n");
  process.exitCode = 1;
}
