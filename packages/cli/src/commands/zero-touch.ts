import { resolve } from "node:path";
import type { Enrollment } from "@enrollkit/core";
import { zeroTouchExtras } from "@enrollkit/provisioning";
import { selectEnrollments, type Selection, type SelectionOptions } from "../input/enrollments.js";
import { readExtras } from "../input/extras.js";
import { writeSecretFile } from "../output/secret-file.js";
import { UsageError } from "../output/usage-error.js";
import {
  exitCodes,
  printResult,
  writeLine,
  type ExitCode,
  type GlobalOptions,
  type Terminal,
} from "../terminal.js";

export interface ZeroTouchCommandOptions extends GlobalOptions, SelectionOptions {
  readonly output?: string;
  readonly overwrite?: true;
  readonly reveal?: true;
}

const onlyEnrollment = async (selection: Selection): Promise<Enrollment> => {
  let first: Enrollment | undefined;
  for await (const enrollment of selection.enrollments()) first ??= enrollment;
  const { chosen } = selection.summary();
  if (first !== undefined && chosen === 1) return first;
  throw new UsageError(
    `${selection.name} holds ${chosen} enrollments; a zero-touch configuration takes one`,
    "choose it with --key",
  );
};

/** `enrollkit zero-touch`: the text for the field "DPC extras" of a zero-touch configuration. */
export const zeroTouch = async (
  terminal: Terminal,
  path: string,
  { extras: extrasPath, ...options }: ZeroTouchCommandOptions,
): Promise<ExitCode> => {
  const extras = extrasPath === undefined ? {} : readExtras(extrasPath, terminal);
  const selection = await selectEnrollments(path, options, terminal);
  const chosen = await onlyEnrollment(selection);
  const text = zeroTouchExtras(chosen, extras).reveal();
  if (options.reveal) {
    writeLine(terminal.stdout, text);
    return exitCodes.done;
  }
  const output = options.output ?? selection.beside("dpc-extras.json");
  await selection.refuseAsOutput(output);
  await writeSecretFile(resolve(terminal.folder, output), `${text}\n`, options.overwrite);
  const { id, expiresAt } = chosen;
  printResult(terminal, options, { output, id, expiresAt }, () =>
    [
      `wrote ${output} (only you can read it); expires: ${expiresAt}`,
      'paste its text into the field "DPC extras" of a configuration in the zero-touch portal',
      "it holds the token: every device of that configuration enrolls with it",
    ].join("\n"),
  );
  return exitCodes.done;
};
