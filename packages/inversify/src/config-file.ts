import { dirname, resolve } from "node:path";
import { EnrollmentError, formatPath, type ProviderPlugin } from "@enrollkit/core";
import jsonc from "jsonc-parser";
import { readConfig, type ConfigOptions, type EnrollKitConfig } from "./config.js";
import { readTextFile, whyUnreadable } from "./text-file.js";

const unreadable = (path: string, error: unknown): EnrollmentError => {
  const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
  const reason = missing ? "there is no such file" : `it ${whyUnreadable(error)}`;
  return new EnrollmentError(`config ${path}: ${reason}`, {
    code: "invalid-config",
    advice: "name the config file with --config, or create enrollkit.config.json in this folder",
    cause: error,
  });
};

/** Line and column of an offset, from 1. */
const placeOf = (text: string, offset: number): string => {
  const before = text.slice(0, offset).split("\n");
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
};

/** Of two keys that are the same, JSON keeps the last: a provider would be gone, and nobody told. */
const refuseRepeatedKeys = (path: string, text: string) => {
  const seen = new Set<string>();
  jsonc.visit(text, {
    onObjectProperty: (property, offset, _length, _line, _column, parent) => {
      const place = [...parent(), property];
      const id = JSON.stringify(place);
      if (seen.has(id)) {
        throw new EnrollmentError(
          `config ${path}: ${placeOf(text, offset)}: ${formatPath(place)} is written twice`,
          { code: "invalid-config", path: formatPath(place), advice: "keep one of the two, or rename it" },
        );
      }
      seen.add(id);
    },
  });
};

const parse = (path: string, text: string): unknown => {
  const errors: jsonc.ParseError[] = [];
  const value: unknown = jsonc.parse(text, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first === undefined) {
    refuseRepeatedKeys(path, text);
    return value;
  }
  const words = jsonc
    .printParseErrorCode(first.error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  throw new EnrollmentError(`config ${path}: ${placeOf(text, first.offset)}: not valid JSON (${words})`, {
    code: "invalid-config",
  });
};

/**
 * Reads a config file: JSON; comments and trailing commas are fine. Relative `$file` references start at its folder.
 *
 * @throws EnrollmentError `invalid-config`, see {@link readConfig}.
 */
export const readConfigFile = (
  path: string,
  plugins: readonly ProviderPlugin[],
  options: Omit<ConfigOptions, "directory" | "source"> = {},
): EnrollKitConfig => {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
  return readConfig(parse(path, text), plugins, {
    ...options,
    directory: dirname(resolve(path)),
    source: `config ${path}`,
  });
};
