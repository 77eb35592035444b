import { unicodeEscape } from "./unicode-escape.js";

/** What would not be read as itself, beside what is no printable ASCII: it separates, begins a comment, or escapes. */
const named: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "\t": "\\t",
  "\n": "\\n",
  "\r": "\\r",
  "\f": "\\f",
  "=": "\\=",
  ":": "\\:",
  "#": "\\#",
  "!": "\\!",
};

const escaped = (text: string) =>
  text.replace(
    // By UTF-16 unit, as Java counts: a character beyond the first plane becomes two escapes.
    /[\\=:#!]|[^ -~]/g,
    (unit) => named[unit] ?? unicodeEscape(unit),
  );

/**
 * Keys and values in the text form of `java.util.Properties`, one line each, in the order given. It is pure ASCII, so that
 * it reads the same as ISO-8859-1 and as UTF-8, and has no comment with a date: the same input gives the same text.
 *
 * @see https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/Properties.html#load(java.io.Reader)
 */
export const propertiesText = (properties: readonly (readonly [key: string, value: string])[]): string =>
  properties
    // A space ends a key, and is skipped at the beginning of a value.
    .map(([key, value]) => `${escaped(key).replaceAll(" ", "\\ ")}=${escaped(value).replace(/^ /, "\\ ")}\n`)
    .join("");
