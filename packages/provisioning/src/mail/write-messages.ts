import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EnrollmentError, type Enrollment, type Failure } from "@enrollkit/core";
import { inOrder } from "./in-order.js";
import { messageBytes } from "./mime.js";
import type { MailMessage } from "./message.js";
import { positionOf, type MailPosition, type Skipped } from "./outcome.js";
import { createPreparation, type MailOptions } from "./prepare.js";

/** What became of the mail of one enrollment in a dry run. `file`: its name within the folder. */
export type MailFileOutcome = MailPosition &
  ({ readonly status: "written"; readonly file: string } | Skipped | Failure);

/** The place in the input, for people; the fingerprint's start, so that two runs differ where their mails do. */
const fileNameOf = ({ fingerprint }: MailMessage, index: number): string => {
  const hash = Buffer.from(fingerprint, "base64url").toString("hex").slice(0, 12);
  return `${String(index + 1).padStart(5, "0")}-${hash}.eml`;
};

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

/**
 * The dry run of `sendEnrollments`: writes each mail into a file, as it would be sent, and connects to nothing. File names
 * hold no personal data. The files hold links and codes in the clear: only the owner may read them (0600, in a folder of
 * 0700 if it is made here), and they are to be deleted after they were looked at.
 *
 * @param folder - is made if it is not there. A file that is there already is not overwritten.
 * @throws EnrollmentError `invalid-config` for wrong settings, `failed-precondition` for a folder that holds such a file;
 *   whatever the source or the file system throws.
 */
export async function* writeMessages(
  enrollments: Iterable<Enrollment> | AsyncIterable<Enrollment>,
  folder: string,
  options: MailOptions,
): AsyncGenerator<MailFileOutcome, void, void> {
  const { settings, clock, prepare } = createPreparation(options);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await chmod(folder, 0o700);

  const write = async (message: MailMessage, index: number): Promise<string> => {
    const file = fileNameOf(message, index);
    const bytes = await messageBytes(message, settings, clock.now());
    try {
      await writeFile(join(folder, file), bytes, { flag: "wx", mode: 0o600 });
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
      throw new EnrollmentError(`the folder holds ${file} already; give an empty one`, {
        code: "failed-precondition",
        path: "folder",
      });
    }
    return file;
  };
  const run = async (enrollment: Enrollment, index: number): Promise<MailFileOutcome> => {
    const position = positionOf(enrollment, index);
    const prepared = prepare(enrollment);
    if (!("message" in prepared)) return { ...position, ...prepared.verdict };
    return { ...position, status: "written", file: await write(prepared.message, index) };
  };
  yield* inOrder(enrollments, { width: 4, signal: options.signal, run });
}
