import { EnrollmentError, type EnrollmentErrorDetails } from "@enrollkit/core";
import type { NodemailerError } from "nodemailer";
import { redactServerWords } from "./server-words.js";

/** What is known of a mail that did not go out as it should. */
export interface LostMail {
  /** The whole message was written to the server: if its answer is missing, it may have been taken. */
  readonly handedOver: boolean;
  /** What no error may repeat: addresses, names, links, passwords. */
  readonly known: Iterable<string>;
}

interface Verdict extends EnrollmentErrorDetails {
  readonly message: string;
}

/** The enhanced status of an answer, `5.1.1`: https://www.rfc-editor.org/rfc/rfc3463 */
const enhancedStatus = (response: string): string | undefined =>
  /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];

const unauthenticated: Verdict = {
  code: "unauthenticated",
  path: "smtp.password",
  message: "the mail server refuses the username and password",
};

/** What a server's final refusal is about: first by its code, then by its status, then by the command. */
const permanent = (replyCode: number, status: string | undefined, command: string | undefined): Verdict => {
  if ([530, 534, 535, 538].includes(replyCode)) return unauthenticated;
  if (status?.startsWith("5.7.") === true) {
    return { code: "forbidden", message: "the mail server's rules forbid this mail" };
  }
  if (command === "RCPT TO") {
    return {
      code: "invalid-request",
      path: "recipient.email",
      message: "the mail server refuses the recipient's address",
    };
  }
  if (command === "MAIL FROM") {
    return { code: "invalid-config", path: "from.email", message: "the mail server refuses the sender" };
  }
  return { code: "unknown", message: "the mail server refuses this mail" };
};

const certificateProblem = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_(?:GET|VERIFY)_/;

/** What went wrong before the server said anything about the mail. */
const unanswered = ({ code, originalCode, message }: NodemailerError): Verdict => {
  const reason = originalCode ?? code ?? "";
  if (certificateProblem.test(reason) || (code === "ETLS" && message.includes("certificate"))) {
    return {
      code: "failed-precondition",
      path: "smtp.certificateAuthority",
      message: "the mail server's certificate is not trusted; nothing was sent",
      advice: "check smtp.host, or give the authority that signed its certificate",
    };
  }
  if (code === "ETLS" || reason.startsWith("ERR_SSL_")) {
    return {
      code: "failed-precondition",
      path: "smtp.security",
      message: "no encrypted connection with the mail server came about; nothing was sent",
      advice: "check smtp.port: tls is usual on 465, starttls on 587",
    };
  }
  if (code === "EAUTH" || code === "ENOAUTH") {
    return { ...unauthenticated, message: "the mail server offers no way to log in that is known here" };
  }
  return { code: "unavailable", message: "the mail server cannot be reached; nothing was sent" };
};

const judge = (error: NodemailerError, handedOver: boolean): Verdict => {
  const { responseCode = 0, response = "", command, code } = error;
  if (code === "ETLS") return unanswered(error);
  if (responseCode >= 500 && responseCode < 600) {
    return permanent(responseCode, enhancedStatus(response), command);
  }
  if (responseCode >= 400 && responseCode < 500) {
    return {
      code: "unavailable",
      message: "the mail server refuses this mail for now",
      advice: "send it again later",
    };
  }
  if (handedOver) {
    return {
      code: "outcome-unknown",
      message: "the mail was handed over, and the mail server's answer was lost",
      advice: "look into the server's log, or ask the recipient, before it is sent again",
    };
  }
  return unanswered(error);
};

/**
 * Makes what nodemailer reports an EnrollmentError. Nodemailer's own error is no `cause` of it: it holds the address and
 * the dialogue with the server. `vendorCode` is the enhanced status, else the SMTP code, else the system's code.
 */
export const smtpError = (thrown: unknown, { handedOver, known }: LostMail): EnrollmentError => {
  const error: NodemailerError = thrown instanceof Error ? thrown : new Error("not an error");
  const { message, ...details } = judge(error, handedOver);
  const { response = "", responseCode, originalCode, code } = error;
  const vendorCode = enhancedStatus(response) ?? responseCode ?? originalCode ?? code;
  return new EnrollmentError(message, {
    ...details,
    ...(vendorCode !== undefined && { vendorCode }),
    ...(response !== "" && { vendorMessage: redactServerWords(response, known) }),
  });
};

/** Whether an error is about the settings, so that every further mail would meet it too. */
export const isAboutSettings = ({ path }: EnrollmentError): boolean =>
  path !== undefined && /^(?:smtp|from)\b/.test(path);
