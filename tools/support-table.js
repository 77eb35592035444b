// Writes what pages say in numbers, from the adapters' descriptors; with --check it only compares.
import { readFile, writeFile } from "node:fs/promises";
import { capabilityTable } from "../packages/cli/dist/commands/capabilities.js";
import { loadPlugins } from "../packages/cli/dist/vendors.js";
import prettier from "prettier";
import { loadAdapters } from "./packages/adapters.js";

const descriptorsOf = (plugins) => plugins.map(({ descriptor }) => descriptor);

/** What the command brings is compared; a page of its own has every adapter. */
const compared = descriptorsOf(await loadPlugins());
const descriptors = descriptorsOf(await loadAdapters());

const row = (cells) => `| ${cells.join(" | ")} |`;
const tableOf = ([head, ...rows]) => [row(head), row(head.map(() => "---")), ...rows.map(row)].join("\n");

const becomesOf = {
  required: "needed: without it the request is refused",
  sent: "goes to the vendor",
  echoed: "comes back in the result; the vendor has no place for it",
  unsupported: "refused",
};

const fieldTable = ({ fields }) =>
  tableOf([
    ["field of a request", "what becomes of it"],
    ...Object.entries(fields).map(([field, support]) => [`\`${field}\``, becomesOf[support]]),
  ]);

const hostList = ({ hosts, quotas, documentation }) =>
  [
    ...hosts.map((host) => `- \`https://${host}\``),
    "",
    ...quotas.map(
      ({ calls, per, scope }) => `Quota: ${calls.toLocaleString("en-US")} calls per \`${per}\` and ${scope}.`,
    ),
    `The vendor's page: <${documentation}>`,
  ].join("\n");

/** Each page, with its generated parts by name. */
const pages = new Map([
  ["README.md", { "support-table": tableOf(capabilityTable(compared)) }],
  ["docs/vendors/index.md", { "support-table": tableOf(capabilityTable(compared)) }],
  ...descriptors.map((descriptor) => [
    `docs/vendors/${descriptor.vendor}.md`,
    {
      capabilities: tableOf(capabilityTable([descriptor])),
      fields: fieldTable(descriptor),
      hosts: hostList(descriptor),
    },
  ]),
]);

const withPart = (path, text, [name, part]) => {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  if (!text.includes(start) || !text.includes(end)) throw new Error(`${path} has no place for ${name}`);
  const before = text.slice(0, text.indexOf(start) + start.length);
  return `${before}\n\n${part}\n\n${text.slice(text.indexOf(end))}`;
};

for (const [page, made] of pages) {
  const path = new URL(`../${page}`, import.meta.url);
  const text = await readFile(path, "utf8");
  const whole = Object.entries(made).reduce((each, part) => withPart(page, each, part), text);
  const options = { ...(await prettier.resolveConfig(path)), parser: "markdown" };
  const wanted = await prettier.format(whole, options);
  if (!process.argv.includes("--check")) await writeFile(path, wanted);
  else if (wanted !== text) {
    process.stderr.write(`the generated parts of ${page} are out of date: run \`npm run tables\`\n`);
    process.exitCode = 1;
  }
}
