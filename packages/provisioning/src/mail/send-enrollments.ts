import { EnrollmentError, failureOf, type Enrollment } from "@enrollkit/core";
import { inOrder } from "./in-order.js";
import type { MailJournal } from "./journal.js";
import { connectMailServer, type MailServer } from "./mail-server.js";
import type { MailMessage } from "./message.js";
import { positionOf, type MailOutcome, type MailVerdict, type Skipped } from "./outcome.js";
import { createPreparation, type MailOptions } from "./prepare.js";
import { readMailSettings, type MailSettingsInput } from "./settings.js";
import { isAboutSettings } from "./smtp-errors.js";

/** Options of {@link sendEnrollments}. */
export interface SendOptions extends MailOptions {
  /** Remembers what was sent: give the same one on every run. See `openMailJournal` and `createMemoryJournal`. */
  readonly journal: MailJournal;
  /** What to do with a mail that an earlier run began and whose result it did not learn. Default: `leave`. */
  readonly inDoubt?: "leave" | "resend" | undefined;
}

const inDoubtError = () =>
  new EnrollmentError("an earlier run began to send this mail, and did not learn what became of it", {
    code: "outcome-unknown",
    advice: 'look into the mail server\'s log, or ask the recipient; inDoubt: "resend" sends it again',
  });

/** What became of a mail that the journal let begin. */
type Attempt = Exclude<MailVerdict, Skipped>;

const handOver = async (server: MailServer, message: MailMessage, now: number): Promise<Attempt> => {
  try {
    await server.send(message, now);
    return { status: "sent" };
  } catch (error) {
    if (!EnrollmentError.is(error)) throw error;
    return failureOf(error);
  }
};

/** Sends mails, each under the protection of the journal. */
const createSender = ({ journal, inDoubt = "leave" }: SendOptions, server: MailServer) => {
  /** The latest work on each mail: two enrollments in one run may be the same one, and then wait for each other. */
  const latest = new Map<string, Promise<unknown>>();
  let wrongSettings: EnrollmentError | undefined;

  const sendOnce = async (message: MailMessage, now: () => number): Promise<MailVerdict> => {
    const standing = await journal.begin(message.fingerprint, inDoubt);
    if (standing === "already-sent") return { status: "skipped", reason: "already-sent" };
    if (standing === "in-doubt") return { status: "unknown", error: inDoubtError() };
    // A server locks accounts out after a few wrong logins: it is not asked again for every further mail.
    const verdict: Attempt =
      wrongSettings === undefined
        ? await handOver(server, message, now())
        : { status: "failed", error: wrongSettings };
    if (verdict.status === "failed" && isAboutSettings(verdict.error)) wrongSettings = verdict.error;
    await journal.finish(message.fingerprint, verdict.status);
    return verdict;
  };

  return async (message: MailMessage, now: () => number): Promise<MailVerdict> => {
    const { fingerprint } = message;
    const earlier = latest.get(fingerprint);
    const work = Promise.allSettled([earlier]).then(() => sendOnce(message, now));
    latest.set(fingerprint, work);
    try {
      return await work;
    } finally {
      if (latest.get(fingerprint) === work) latest.delete(fingerprint);
    }
  };
};

/**
 * Mails each enrollment to its recipient through an SMTP server, a few connections at a time, and yields one outcome for
 * each, in the order of the input. Takes any number of enrollments and reads no faster than outcomes are taken.
 *
 * Nobody is mailed twice for one enrollment, whatever happens: the journal holds the intent before a mail is written and
 * the result after. Run it again with the same journal after a crash, an abort or a temporary refusal: what was sent is
 * `skipped`, what was refused is tried again, and what is in doubt stays `unknown` until `inDoubt: "resend"` says
 * otherwise. After a refused login or certificate the server is left alone, and what has not been sent before fails
 * with the same error.
 *
 * An abort, or a consumer that leaves, ends the run once the mails under way have their answer: to cut them off would
 * leave them in doubt. An abort then throws its reason.
 *
 * @throws EnrollmentError `invalid-config` for wrong settings; whatever the source or the journal throws.
 */
export async function* sendEnrollments(
  enrollments: Iterable<Enrollment> | AsyncIterable<Enrollment>,
  options: SendOptions,
): AsyncGenerator<MailOutcome, void, void> {
  const { settings, clock, prepare } = createPreparation(options);
  const server = connectMailServer(settings);
  const send = createSender(options, server);
  const run = async (enrollment: Enrollment, index: number): Promise<MailOutcome> => {
    const prepared = prepare(enrollment);
    const verdict =
      "message" in prepared ? await send(prepared.message, () => clock.now()) : prepared.verdict;
    return { ...positionOf(enrollment, index), ...verdict };
  };
  try {
    yield* inOrder(enrollments, { width: settings.smtp.connections, signal: options.signal, run });
  } finally {
    server.close();
  }
}

/**
 * Connects to the mail server and logs in; sends nothing.
 *
 * @throws EnrollmentError that says what is wrong with the settings or the server.
 */
export const checkMailServer = async (settings: MailSettingsInput): Promise<void> => {
  const server = connectMailServer(readMailSettings(settings));
  try {
    await server.check();
  } finally {
    server.close();
  }
};
