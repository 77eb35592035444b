import { resolve } from "node:path";
import { EnrollmentError } from "@enrollkit/core";
import { readSettingsFile } from "@enrollkit/inversify";
import type { Terminal } from "../terminal.js";

/**
 * Reads a file of settings and what a schema makes of it. Secrets come from where references lead.
 *
 * @param advice - what to do if the settings are wrong.
 * @throws EnrollmentError that names the file and every field at fault, and repeats no value.
 */
export const readSettings = <Settings>(
  path: string,
  { folder, environment }: Terminal,
  read: (settings: unknown) => Settings,
  advice: string,
): Settings => {
  const settings = readSettingsFile(resolve(folder, path), { environment, source: path });
  try {
    return read(settings);
  } catch (error) {
    throw EnrollmentError.is(error) ? error.with({ message: `${path}: ${error.message}`, advice }) : error;
  }
};
