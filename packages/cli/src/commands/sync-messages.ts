import { parseEnrollmentNotification } from "@enrollkit/android-management";
import { EnrollmentError } from "@enrollkit/core";
import type { Ledger } from "@enrollkit/ledger";
import { readJsonLines } from "../input/json-lines.js";
import { openTextSource } from "../input/text-source.js";
import type { LedgerFileOptions } from "../input/ledger-settings.js";
import { withLedger } from "../ledger-session.js";
import { explainRow } from "../output/failure.js";
import { UsageError } from "../output/usage-error.js";
import { openSession } from "../session.js";
import { exitCodes, printResult, writeLine, type ExitCode, type Terminal } from "../terminal.js";

interface MessageOptions extends LedgerFileOptions {
  readonly provider?: string;
}

/** The only provider of the config that can have sent them, or the one that the person names. */
const senderOf = async (terminal: Terminal, options: MessageOptions): Promise<string> => {
  const { service } = await openSession(terminal, options);
  if (options.provider !== undefined) return service.provider(options.provider).name;
  const names = service.names.filter(
    (name) => service.provider(name).descriptor.vendor === "android-management",
  );
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  throw new UsageError(
    "whose messages they are is not clear",
    names.length === 0
      ? "the config has no provider of the Android Management API"
      : `add --provider with one of: ${names.join(", ")}`,
  );
};

/** @returns whether the ledger knows the enrollment; undefined if the message is about none. */
const note = async (ledger: Ledger, provider: string, message: unknown): Promise<boolean | undefined> => {
  const notification = parseEnrollmentNotification(message);
  if (notification.kind === "other" || notification.enrollmentId === undefined) return undefined;
  const { enrollmentId, device, enrolledAt } = notification;
  return ledger.noteUse({ provider, enrollmentId, device, usedAt: enrolledAt });
};

/** Takes note of Android's messages, one on each line. The same one may come again. */
export const syncMessages = async (
  terminal: Terminal,
  path: string,
  options: MessageOptions,
): Promise<ExitCode> => {
  const source = openTextSource(path, terminal);
  const provider = await senderOf(terminal, options);
  return withLedger(terminal, options, async ({ ledger }) => {
    const counts = { noted: 0, notInLedger: 0, aboutOtherThings: 0, failed: 0 };
    for await (const { line, value } of readJsonLines(source)) {
      terminal.signal?.throwIfAborted();
      try {
        const isKnown = await note(ledger, provider, value);
        if (isKnown === undefined) counts.aboutOtherThings += 1;
        else counts[isKnown ? "noted" : "notInLedger"] += 1;
      } catch (error) {
        if (!EnrollmentError.is(error) || error.code !== "invalid-request") throw error;
        counts.failed += 1;
        writeLine(terminal.stderr, `${source.name}: line ${line}: ${explainRow(error)}`);
      }
    }
    printResult(terminal, options, { provider, ...counts }, () =>
      [
        `devices noted: ${counts.noted}`,
        `about enrollments that are not in the ledger: ${counts.notInLedger}`,
        `about other things: ${counts.aboutOtherThings}`,
        ...(counts.failed === 0 ? [] : [`that cannot be read: ${counts.failed}`]),
      ].join("\n"),
    );
    return counts.failed === 0 ? exitCodes.done : exitCodes.someFailed;
  });
};
