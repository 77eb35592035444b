import { resolve } from "node:path";
import { EnrollmentError } from "@enrollkit/core";
import { sheet as sheetPieces, type SheetLayout } from "@enrollkit/provisioning";
import { selectEnrollments, type Selection, type SelectionOptions } from "../input/enrollments.js";
import { counted } from "../output/counted.js";
import { writeSecretPieces } from "../output/secret-file.js";
import { selectionRemarks } from "../output/selection-remarks.js";
import {
  exitCodes,
  printResult,
  writeLine,
  type ExitCode,
  type GlobalOptions,
  type Terminal,
} from "../terminal.js";

export interface SheetCommandOptions extends GlobalOptions, SelectionOptions {
  readonly output?: string;
  readonly overwrite?: true;
  readonly layout: SheetLayout;
  readonly language: string;
  readonly timeZone?: string;
  readonly title?: string;
}

/** An error about a card in terms of the file that it is made from. */
const inTheFile = (error: unknown, { name, rowAt }: Selection): unknown => {
  if (!EnrollmentError.is(error)) return error;
  const place = /^enrollments\[(\d+)\]/.exec(error.path ?? "")?.[1];
  if (place === undefined) return error;
  return error.with({ message: `${name}: line ${rowAt(Number(place)).line}: ${error.message}` });
};

/** `enrollkit sheet`: a card to hand out for each enrollment of a file, as one HTML document to print. */
export const sheet = async (
  terminal: Terminal,
  path: string,
  options: SheetCommandOptions,
): Promise<ExitCode> => {
  const selection = await selectEnrollments(path, options, terminal);
  const { layout, language, title, overwrite } = options;
  const timeZone = options.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const pieces = sheetPieces(selection.enrollments(), {
    layout,
    language,
    title,
    timeZone,
    clock: terminal.clock,
  });
  const output = options.output ?? selection.beside("sheet.html");
  await selection.refuseAsOutput(output);
  try {
    await writeSecretPieces(resolve(terminal.folder, output), pieces, overwrite);
  } catch (error) {
    throw inTheFile(error, selection);
  }
  const { chosen, ...summary } = selection.summary();
  if (!options.json)
    for (const remark of selectionRemarks({ chosen, ...summary })) writeLine(terminal.stderr, remark);
  printResult(terminal, options, { output, cards: chosen, timeZone, ...summary }, () =>
    [
      `wrote ${output}: ${counted(chosen, "card")}, times of ${timeZone} (only you can read it)`,
      "open it in a browser and print it on A4 or US Letter, at 100 %",
      "it holds the secrets in clear text: delete it when it is printed",
    ].join("\n"),
  );
  return exitCodes.done;
};
