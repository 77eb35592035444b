import { dirname, resolve } from "node:path";
import { EnrollmentError } from "@enrollkit/core";
import { parseJsonc } from "./jsonc.js";
import { configError, type ConfigProblem } from "./problems.js";
import { resolveReferences, type ReferenceSources } from "./references.js";
import { readTextFile, whyUnreadable } from "./text-file.js";

/** The text of a file that people write settings in. @param source - how errors name it. */
export const readSettingsText = (source: string, path: string, advice?: string): string => {
  try {
    return readTextFile(path);
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const reason = missing ? "there is no such file" : `it ${whyUnreadable(error)}`;
    throw new EnrollmentError(`${source}: ${reason}`, {
      code: "invalid-config",
      ...(advice !== undefined && { advice }),
      cause: error,
    });
  }
};

/** How {@link readSettingsFile} reads. */
export interface SettingsFileOptions extends Partial<Pick<ReferenceSources, "environment">> {
  /** How errors name the file. Default: its path. */
  readonly source?: string;
}

/**
 * Reads settings that stand beside the config, such as those of a mail server: JSON; comments and trailing commas are
 * fine. Every `{"$env": "NAME"}` and `{"$file": "path"}` becomes a Secret, as in the config; relative paths start at the
 * file's folder.
 *
 * @throws EnrollmentError `invalid-config` if the file cannot be read or is no JSON, or if references lead nowhere:
 *   the message names all of them.
 */
export const readSettingsFile = (
  path: string,
  { environment = process.env, source = path }: SettingsFileOptions = {},
): unknown => {
  const problems: ConfigProblem[] = [];
  const value = parseJsonc(source, readSettingsText(source, path));
  const sources = { environment, directory: dirname(resolve(path)) };
  const settings = resolveReferences(value, sources, (problem) => problems.push(problem));
  if (problems.length > 0) throw configError(problems, source);
  return settings;
};
