// A vendor's name in all the ways in which code and pages write it.

/** What a folder, a package and the word in a config can be called, on every system. */
const kebab = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const longest = 40;

/** Names that mean something else: words of configs, folders beside the vendors', and files that Windows cannot have. */
const reserved = new Map([
  ["base", "what all simulators share has that folder"],
  ["index", "the page that compares the vendors has that name"],
  ["router", "a config means a composite by it"],
  ["fallback", "a config means a composite by it"],
  ["memory", "the provider of the package testing has that name"],
  ["vendor-name", "the templates have that name"],
  ...["con", "prn", "aux", "nul"].map((name) => [name, "Windows cannot have a folder of that name"]),
]);

const upperFirst = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** A name as near to what was typed as one that is allowed. */
const suggestionFor = (typed) =>
  typed
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[-0-9]+|-+$/g, "")
    .slice(0, longest)
    .replace(/-+$/, "");

/** @type {(typed: string, taken: ReadonlySet<string>) => string | undefined} */
const problemOf = (typed, taken) => {
  if (!kebab.test(typed) || typed.length > longest) {
    const suggestion = suggestionFor(typed);
    const instead = kebab.test(suggestion) ? `: "${suggestion}", say` : "";
    return `it must be words of small letters and digits, joined by "-", with a letter first, at most ${longest} characters${instead}`;
  }
  const reason = reserved.get(typed);
  if (reason !== undefined) return reason;
  return taken.has(typed) ? `the package @enrollkit/${typed} is there already` : undefined;
};

/** What may stand in a text, in code, in JSON and in Markdown without a thought. */
const plainText = /^[\p{L}\p{N}](?:[\p{L}\p{N} .+-]{0,58}[\p{L}\p{N}+])?$/u;

/**
 * @typedef {object} VendorWords
 * @property {string} kebab - "northwind-mobile"
 * @property {string} pascal - "NorthwindMobile"
 * @property {string} camel - "northwindMobile"
 * @property {string} constant - "NORTHWIND_MOBILE"
 * @property {string} product - "Northwind Mobile"
 */

/**
 * @param {string} typed - the vendor's name, as it was typed.
 * @param {{ product?: string | undefined, taken: ReadonlySet<string> }} options - how the vendor writes it, if it is not
 * the words of the name with capital letters; the packages that are there.
 * @returns {VendorWords}
 * @throws {Error} that says what is wrong with the name, and what would be right.
 */
export const vendorWordsOf = (typed, { product, taken }) => {
  const problem = problemOf(typed, taken);
  if (problem !== undefined) throw new Error(`"${typed}" cannot be a vendor's name: ${problem}`);
  const words = typed.split("-").map(upperFirst);
  const pascal = words.join("");
  const shown = product ?? words.join(" ");
  if (!plainText.test(shown)) {
    throw new Error(
      `"${shown}" cannot be a product's name: letters, digits, spaces and ". + -", at most 60 characters`,
    );
  }
  return {
    kebab: typed,
    pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    constant: typed.replaceAll("-", "_").toUpperCase(),
    product: shown,
  };
};
