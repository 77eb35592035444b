import { resolve } from "node:path";
import {
  createReliably,
  REDACTED,
  revealEnrollment,
  type Enrollment,
  type EnrollmentRequest,
  type Recipient,
} from "@enrollkit/core";
import { enrollmentColumns } from "../input/columns.js";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withAnyLedger } from "../ledger-session.js";
import { enrollmentWords } from "../output/enrollment-words.js";
import { printableKey } from "../output/row-places.js";
import { fetchInto } from "../output/secret-file.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";

export interface CreateCommandOptions extends LedgerFileOptions {
  readonly provider?: string;
  readonly output?: string;
  readonly overwrite?: true;
  readonly reveal?: true;
  readonly qr?: true;
  readonly onUnsupported?: "reject" | "warn";
  /** Fields by the name of their column. */
  readonly fields: Readonly<Partial<Record<keyof typeof enrollmentColumns, string>>>;
}

const requestOf = (fields: CreateCommandOptions["fields"]): EnrollmentRequest => {
  const request: Record<string, unknown> = {};
  for (const [column, place] of Object.entries(enrollmentColumns)) {
    const text = fields[column as keyof typeof enrollmentColumns];
    if (text !== undefined) place(request, text);
  }
  return request;
};

const concealed = ({ email, name }: Recipient): Recipient => ({
  ...(email !== undefined && { email: REDACTED }),
  ...(name !== undefined && { name: REDACTED }),
});

/** What may be printed anywhere: secrets conceal themselves, people are taken out. */
const conceal = (enrollment: Enrollment): Enrollment => {
  const { key, recipient } = enrollment;
  return {
    ...enrollment,
    ...(key !== undefined && { key: printableKey(key) ?? REDACTED }),
    ...(recipient !== undefined && { recipient: concealed(recipient) }),
  };
};

/** Creates it, and takes note of it if there is a ledger, before it is sent and after. */
const createOne = (terminal: Terminal, options: CreateCommandOptions): Promise<Enrollment> => {
  const { output, overwrite, onUnsupported } = options;
  const { clock, signal } = terminal;
  return withAnyLedger(terminal, options, async ({ ledger }) => {
    const { service } = await openSession(terminal, options, ledger);
    const request = requestOf(options.fields);
    const provider = service.providerFor(request, options);
    return fetchInto(
      output === undefined ? undefined : resolve(terminal.folder, output),
      overwrite,
      () => createReliably(ledger?.recorded(provider) ?? provider, request, { onUnsupported, signal, clock }),
      (created) => `${JSON.stringify(revealEnrollment(created), undefined, 2)}\n`,
    );
  });
};

/** `enrollkit create`: one enrollment. Its secrets go to the output file, and to the screen only if asked for. */
export const create = async (terminal: Terminal, options: CreateCommandOptions): Promise<ExitCode> => {
  const enrollment = await createOne(terminal, options);
  const { output, reveal = false, qr = false } = options;
  printResult(terminal, options, reveal ? revealEnrollment(enrollment) : conceal(enrollment), () =>
    [
      enrollmentWords(enrollment, reveal),
      ...(output === undefined ? [] : ["", `with its secrets: ${output} (only you can read it)`]),
    ].join("\n"),
  );
  if (qr) {
    const { qrArtifact, terminalQr } = await import("@enrollkit/provisioning");
    const artifact = qrArtifact(enrollment);
    writeLine(
      terminal.stderr,
      artifact === undefined ? "there is nothing to draw" : terminalQr(artifact.value),
    );
  }
  if (output === undefined && !reveal && !qr) {
    writeLine(
      terminal.stderr,
      "the secrets are hidden: pass --output FILE to keep them, --qr or --reveal to show them",
    );
  }
  return exitCodes.done;
};
