import { resolve } from "node:path";
import { EnrollmentError } from "@enrollkit/core";
import {
  checkMailServer,
  openMailJournal,
  sendEnrollments,
  writeMessages,
  type MailSettings,
} from "@enrollkit/provisioning/mail";
import { selectEnrollments, type Selection, type SelectionOptions } from "../input/enrollments.js";
import { readMailSettings } from "../input/mail-settings.js";
import { failureLines, listedFailures } from "../output/bulk-report.js";
import { createMailReport, mailOutcomeLine, mailTable, type MailReport } from "../output/mail-report.js";
import { createProgressDisplay } from "../output/progress.js";
import { openSecretFile, type SecretFile } from "../output/secret-file.js";
import { selectionRemarks } from "../output/selection-remarks.js";
import { UsageError } from "../output/usage-error.js";
import {
  exitCodes,
  printResult,
  writeLine,
  type ExitCode,
  type GlobalOptions,
  type Terminal,
} from "../terminal.js";

export interface MailCommandOptions extends GlobalOptions, SelectionOptions {
  readonly mailSettings: string;
  readonly journal?: string;
  readonly inDoubt: "leave" | "resend";
  /** A folder. */
  readonly dryRun?: string;
  readonly check?: true;
  readonly output?: string;
  readonly overwrite?: true;
}

/** A run: from what, and where its results go. */
interface Run {
  readonly terminal: Terminal;
  readonly selection: Selection;
  readonly settings: MailSettings;
  readonly report: MailReport;
}

/** Writes each mail into a file, and connects to nothing. */
const write = async ({ terminal, selection, settings, report }: Run, folder: string): Promise<void> => {
  const { clock, signal } = terminal;
  const outcomes = writeMessages(selection.enrollments(), resolve(terminal.folder, folder), {
    settings,
    clock,
    signal,
  });
  for await (const outcome of outcomes) report.add(outcome, selection.rowAt(outcome.index));
};

/** Sends each mail, and writes what became of it as soon as that is known. */
const send = async (
  { terminal, selection, settings, report }: Run,
  journalPath: string,
  inDoubt: "leave" | "resend",
  output: SecretFile | undefined,
): Promise<void> => {
  const { clock, folder, signal } = terminal;
  const journal = await openMailJournal(resolve(folder, journalPath), clock);
  const progress = createProgressDisplay(terminal, selection.total);
  try {
    const options = { settings, journal, inDoubt, signal, clock };
    for await (const outcome of sendEnrollments(selection.enrollments(), options)) {
      const row = selection.rowAt(outcome.index);
      report.add(outcome, row);
      await output?.write(`${mailOutcomeLine(outcome, row)}\n`);
      const { sent, failed, unknown } = report.summary();
      const done = outcome.index + 1;
      progress.update({ read: done, done, created: sent, failed, unknown, inFlight: 0 });
    }
  } finally {
    progress.stop();
    await journal.close();
  }
};

/**
 * Connects and logs in. A server that refuses the login would refuse every mail: better to say so once, before the first.
 */
const checkServer = async (settings: MailSettings, settingsPath: string): Promise<void> => {
  try {
    await checkMailServer(settings);
  } catch (error) {
    if (!EnrollmentError.is(error) || error.advice !== undefined) throw error;
    const wrong =
      error.code === "unavailable"
        ? "smtp.host, smtp.port and the network"
        : "smtp.username and smtp.password";
    throw error.with({ advice: `check ${wrong}; ${settingsPath} holds the settings` });
  }
};

const printCheck = (terminal: Terminal, { smtp }: MailSettings, options: GlobalOptions): void => {
  const { host, port, username } = smtp;
  const login = username === undefined ? "" : ", and takes the username and password";
  printResult(terminal, options, { host, port, ok: true }, () =>
    [`${host}:${port} can be reached${login}`, "nothing was sent"].join("\n"),
  );
};

/** Where the failures are that are too many to be listed. */
const placeOfRest = ({ dryRun, output }: MailCommandOptions): string => {
  if (dryRun !== undefined) return "--json lists them all";
  return output === undefined
    ? "--json lists them all, and so does a file named with --output"
    : "the outcomes say which and why";
};

/** What was done, for a person or a program. */
const printRun = (
  { terminal, selection, report }: Run,
  options: MailCommandOptions,
  journal: string,
): ExitCode => {
  const { json, dryRun, output } = options;
  const { failures, ...counts } = report.summary();
  if (!json) {
    const remarks = [
      ...selectionRemarks(selection.summary()),
      ...failureLines(failures, listedFailures, placeOfRest(options)),
    ];
    for (const line of remarks) writeLine(terminal.stderr, line);
  }
  const places = dryRun === undefined ? { journal, output } : { dryRun };
  printResult(terminal, options, { ...counts, failures, ...selection.summary(), ...places }, () =>
    [
      mailTable(counts, dryRun === undefined ? "SENT" : "WRITTEN"),
      "",
      ...(dryRun === undefined
        ? [
            `journal: ${journal}; with it nobody is mailed twice, so run it again for what is missing`,
            ...(output === undefined ? [] : [`outcomes, without addresses and secrets: ${output}`]),
          ]
        : [
            `mails as they would be sent: ${dryRun} (only you can read them)`,
            "they hold the secrets in clear text: delete them when you have looked at them",
          ]),
    ].join("\n"),
  );
  return failures.length === 0 ? exitCodes.done : exitCodes.someFailed;
};

/**
 * `enrollkit mail`: brings each enrollment of a file to its recipient through an SMTP server. The journal keeps everybody
 * from being mailed twice, however often it runs.
 */
export const mail = async (
  terminal: Terminal,
  path: string | undefined,
  options: MailCommandOptions,
): Promise<ExitCode> => {
  const settings = readMailSettings(options.mailSettings, terminal);
  if (options.check) {
    await checkServer(settings, options.mailSettings);
    printCheck(terminal, settings, options);
    return exitCodes.done;
  }
  if (path === undefined) {
    throw new UsageError(
      "a file of enrollments is missing",
      "give one that `enrollkit bulk` wrote, or --check",
    );
  }
  const selection = await selectEnrollments(path, options, terminal);
  const journal = options.journal ?? selection.beside("mail-journal.jsonl");
  const { dryRun, output, overwrite, inDoubt } = options;
  if (output !== undefined) await selection.refuseAsOutput(output);
  if (dryRun === undefined) await checkServer(settings, options.mailSettings);
  const run: Run = { terminal, selection, settings, report: createMailReport() };

  const file =
    output === undefined ? undefined : await openSecretFile(resolve(terminal.folder, output), overwrite);
  try {
    if (dryRun === undefined) await send(run, journal, inDoubt, file);
    else await write(run, dryRun);
  } catch (error) {
    if (run.report.count > 0) printRun(run, options, journal);
    throw error;
  } finally {
    await file?.close();
  }
  return printRun(run, options, journal);
};
