// Writes a new vendor's adapter, simulator and docs page: `npm run new:adapter -- northwind-mobile`.
import { parseArgs } from "node:util";
import { findPackages, root } from "../supply-chain/packages.js";
import { gapsIn, targetsOf, vendorFilesFor } from "./vendor-files.js";
import { vendorWordsOf } from "./vendor-words.js";
import { writeFiles } from "./write-files.js";

const usage = `npm run new:adapter -- <vendor> [--product "As The Vendor Writes It"]

  <vendor>   the word in a config, such as northwind-mobile
  --product  such as "Northwind Mobile", which is what it is if you do not say`;

const readWords = (words) => {
  try {
    const { positionals, values } = parseArgs({
      args: words,
      allowPositionals: true,
      options: { product: { type: "string" } },
    });
    if (positionals.length === 1) return { typed: positionals[0], product: values.product };
  } catch (error) {
    throw new Error(`${error.message}\n\n${usage}`, { cause: error });
  }
  throw new Error(`one vendor at a time\n\n${usage}`);
};

const report = ({ kebab }, files) => {
  const gaps = gapsIn(files);
  return [
    `wrote ${files.size} files:`,
    ...targetsOf(kebab).map((target) => `  ${target}`),
    "",
    `${gaps.length} gaps are yours to fill, from the vendor's documentation:`,
    ...gaps.map((gap) => `  ${gap}`),
    "",
    "first this package has to be known; then its tests tell the next gap:",
    "  npx pnpm install --no-frozen-lockfile",
    `  npx vitest run --project ${kebab}`,
    "",
    "docs/guides/write-an-adapter.md goes through all of it.",
  ].join("\n");
};

try {
  const { typed, product } = readWords(process.argv.slice(2));
  const taken = new Set(findPackages().map(({ manifest }) => manifest.name.replace("@enrollkit/", "")));
  const words = vendorWordsOf(typed, { product, taken });
  const files = await vendorFilesFor(words, { root, today: new Date().toISOString().slice(0, 10) });
  await writeFiles(root, { targets: targetsOf(words.kebab), files });
  console.log(report(words, files));
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
