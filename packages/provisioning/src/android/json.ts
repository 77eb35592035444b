import { unicodeEscape } from "./unicode-escape.js";

/** What a JSON text says; undefined where it is none. The parser's own error would repeat a piece of it, and so of a token. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Compact JSON of printable ASCII alone: a scanner that guesses the character set of a QR code cannot guess wrong. */
export const asciiJson = (value: object): string =>
  // By UTF-16 unit: a character beyond the first plane becomes two escapes.
  JSON.stringify(value).replace(/[^ -~]/g, unicodeEscape);
