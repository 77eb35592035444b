import { parseInput } from "@enrollkit/core";
import { mailSettingsSchema, type MailSettings } from "@enrollkit/provisioning/mail";
import type { Terminal } from "../terminal.js";
import { readSettings } from "./settings-file.js";

/**
 * Reads how mail goes out.
 *
 * @throws EnrollmentError that names the file, and every field at fault.
 */
export const readMailSettings = (path: string, terminal: Terminal): MailSettings =>
  readSettings(
    path,
    terminal,
    (settings) => parseInput(mailSettingsSchema, settings, "invalid-config"),
    "`enrollkit mail --help` shows what such a file holds, and --mail-settings names it",
  );
