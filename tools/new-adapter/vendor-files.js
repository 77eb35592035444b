// The files of a new vendor, made from the templates: nothing is written here.
import { readFile, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import prettier from "prettier";

const templates = join(import.meta.dirname, "templates");

/** Where each folder of templates goes. @type {(kebab: string) => Record<string, string>} */
const placesFor = (kebab) => ({
  adapter: `packages/adapters/${kebab}`,
  simulator: `packages/simulators/src/${kebab}`,
  docs: "docs/vendors",
});

/** What is made for a vendor, and nothing else is touched. @type {(kebab: string) => string[]} */
export const targetsOf = (kebab) => {
  const { adapter, simulator, docs } = placesFor(kebab);
  return [adapter, simulator, `${docs}/${kebab}.md`];
};

/** @type {(text: string, words: import("./vendor-words.js").VendorWords, today: string) => string} */
const filledIn = (text, words, today) =>
  text
    .replaceAll("VENDOR_NAME", words.constant)
    .replaceAll("VendorName", words.pascal)
    .replaceAll("vendorName", words.camel)
    .replaceAll("Vendor Name", words.product)
    .replaceAll("vendor-name", words.kebab)
    .replaceAll("day-of-today", today);

/**
 * Every file of a new vendor, formatted as all others: names are of any length, and lines are not.
 *
 * @param {import("./vendor-words.js").VendorWords} words
 * @param {{ root: string, today: string }} options - the project, for its format; the day, as "2026-09-20".
 * @returns {Promise<Map<string, string>>} texts by their paths from the project's root.
 */
export const vendorFilesFor = async (words, { root, today }) => {
  const places = placesFor(words.kebab);
  const found = await readdir(templates, { recursive: true, withFileTypes: true });
  const paths = found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(templates, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
  const files = new Map();
  for (const path of paths) {
    const [folder, ...rest] = path.replace(/\.template$/, "").split("/");
    const target = `${places[folder]}/${rest.join("/").replaceAll("vendor-name", words.kebab)}`;
    const text = filledIn(await readFile(join(templates, path), "utf8"), words, today);
    const filepath = join(root, target);
    files.set(target, await prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath }));
  }
  return files;
};

/** The gaps in texts, by their numbers. @type {(files: Map<string, string>) => string[]} */
export const gapsIn = (files) =>
  [...new Set([...files.values()].flatMap((text) => text.match(/\b[0-9]+ of [0-9]+: [^"`(]+/g) ?? []))]
    .map((gap) => gap.trim())
    .sort();
