import { createHash } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Enrollment, Secret } from "@enrollkit/core";
import { qrArtifact, qrPng, qrSvg, terminalQr, type QrMedium } from "@enrollkit/provisioning";
import { selectEnrollments, type EnrollmentRow, type SelectionOptions } from "../input/enrollments.js";
import { counted } from "../output/counted.js";
import { withoutControls } from "../output/plain-text.js";
import { printableKey } from "../output/row-places.js";
import { writeSecretFile } from "../output/secret-file.js";
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

export interface QrCommandOptions extends GlobalOptions, SelectionOptions {
  readonly output?: string;
  readonly overwrite?: true;
  readonly format: "png" | "svg";
  readonly medium: QrMedium;
  readonly reveal?: true;
}

/** An enrollment whose code can be drawn, by a name that tells nobody's address. */
interface Code {
  readonly name: string;
  readonly id: string;
  readonly payload: Secret;
}

/** The caller's own id, as far as a file name can carry it; else what stands for the vendor's id. */
const tagOf = ({ key, provider, id }: Enrollment): string => {
  const tag = printableKey(key)
    ?.replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  if (tag !== undefined && tag !== "") return tag;
  return createHash("sha256")
    .update(JSON.stringify([provider, id]))
    .digest("hex")
    .slice(0, 12);
};

/** The place in the file first: in a folder, codes stand in its order. */
const nameOf = ({ enrollment, index }: EnrollmentRow) =>
  `${String(index + 1).padStart(5, "0")}-${tagOf(enrollment)}`;

/** A folder that only its owner can enter, unless it was there before. */
const prepareFolder = async (path: string, overwrite = false): Promise<void> => {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (overwrite || (await readdir(path)).length === 0) return;
  throw new UsageError(`${path} is not empty`, "name another folder with --output, or pass --overwrite");
};

/**
 * `enrollkit qr`: the QR code of each enrollment of a file. Whoever sees a code can enroll: images go to files for their
 * owner alone, and only `--reveal` draws in the terminal.
 */
export const qr = async (terminal: Terminal, path: string, options: QrCommandOptions): Promise<ExitCode> => {
  const { format, medium, reveal, json } = options;
  const selection = await selectEnrollments(path, options, terminal);
  const withoutCode: string[] = [];
  const codes = async function* (): AsyncGenerator<Code, void, void> {
    for await (const row of selection.rows()) {
      const payload = qrArtifact(row.enrollment)?.value;
      if (payload === undefined) withoutCode.push(nameOf(row));
      else yield { name: nameOf(row), id: row.enrollment.id, payload };
    }
  };
  const finish = (): ExitCode => {
    const remarks = [
      ...selectionRemarks(selection.summary()),
      ...(withoutCode.length === 0
        ? []
        : [`nothing to draw, neither payload nor link: ${withoutCode.length}: ${withoutCode.join(", ")}`]),
    ];
    if (!json) for (const remark of remarks) writeLine(terminal.stderr, remark);
    return withoutCode.length === 0 ? exitCodes.done : exitCodes.someFailed;
  };

  if (reveal) {
    const revealed: Record<string, string>[] = [];
    for await (const { name, id, payload } of codes()) {
      if (json) revealed.push({ name, id, payload: payload.reveal() });
      else
        writeLine(
          terminal.stdout,
          `${withoutControls(name)}\n${terminalQr(payload, { medium: "screen" })}\n`,
        );
    }
    if (json) printResult(terminal, options, { codes: revealed, withoutCode }, () => "");
    return finish();
  }

  const folder = options.output ?? selection.beside("qr");
  const inFolder = (name: string) => join(resolve(terminal.folder, folder), name);
  await prepareFolder(inFolder("."), options.overwrite);
  const files: string[] = [];
  for await (const { name, payload } of codes()) {
    const image = format === "png" ? qrPng(payload, { medium }) : `${qrSvg(payload, { medium })}\n`;
    await writeSecretFile(inFolder(`${name}.${format}`), image, options.overwrite);
    files.push(`${name}.${format}`);
  }
  const exitCode = finish();
  printResult(terminal, options, { output: folder, files, withoutCode, ...selection.summary() }, () =>
    [
      `wrote ${counted(files.length, "QR code")} into ${folder} (only you can read them)`,
      "whoever sees one can enroll; delete them when they have served",
    ].join("\n"),
  );
  return exitCode;
};
