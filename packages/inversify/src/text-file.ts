import { readFileSync } from "node:fs";

/**
 * Reads a file of UTF-8 text, with or without a byte-order mark.
 *
 * @throws as node:fs does; `ERR_ENCODING_INVALID_ENCODED_DATA` if it is not UTF-8, as PowerShell's redirections are not.
 */
export const readTextFile = (path: string): string =>
  new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "does not exist",
  EACCES: "cannot be read by this user",
  EISDIR: "is a folder",
  ERR_ENCODING_INVALID_ENCODED_DATA: "is not UTF-8 text",
};

/** Why a file could not be read; reads on after its name. */
export const whyUnreadable = (error: unknown): string => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return reasons[code] ?? `cannot be read (${code})`;
};
