import { EnrollmentError, isExpired, parseInput, Secret, type Enrollment } from "@enrollkit/core";
import * as z from "zod";
import { qrPng } from "../qr/png.js";
import { fill } from "../texts/fill.js";
import { firstText } from "../texts/first-text.js";
import { textsFor } from "../texts/texts-for.js";
import type { Texts } from "../texts/texts.js";
import { validUntil, type Reader } from "../texts/valid-until.js";
import { wayIn, type WayIn } from "../texts/way-in.js";
import { mailFingerprint } from "./fingerprint.js";
import { addressSchema, nameSchema, type MailAddress } from "./mail-address.js";
import { htmlPart } from "./message-html.js";
import { textPart } from "./message-text.js";

/** One mail to one person, before it is put into a form for transport. Its secrets print as `[redacted]`. */
export interface MailMessage {
  /** Stands for the enrollment and the recipient: the same mail has the same one on every run. It tells neither. */
  readonly fingerprint: string;
  readonly to: MailAddress;
  /** One line; holds no secret. */
  readonly subject: string;
  readonly text: Secret;
  /** Shows {@link MailMessage.qr} as `cid:` {@link QR_CONTENT_ID}; refers to nothing outside. */
  readonly html: Secret;
  /** The QR code to scan, as the base64 of a PNG. */
  readonly qr?: Secret | undefined;
  /** What must not be repeated when something goes wrong: links, codes, payloads. */
  readonly secrets: readonly Secret[];
}

const recipientSchema = z.object({
  recipient: z.object({ email: addressSchema, name: nameSchema.optional() }),
});

/** A device's name comes from wherever: it becomes one line, and nothing that a reader of mail would decode. */
const oneLine = (text: string): string =>
  text
    .replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replaceAll("=?", "= ?")
    .trim();

const subjectFor = ({ device }: Enrollment, texts: Texts): string => {
  const name = oneLine(device?.name ?? "");
  return oneLine(name === "" ? texts.mail.subject : fill(texts.mail.subjectForDevice, { name }));
};

const refuse = (message: string, path: string, advice?: string) =>
  new EnrollmentError(message, { code: "invalid-request", path, ...(advice !== undefined && { advice }) });

const secretsOf = ({ scan, link, code, token }: WayIn): readonly Secret[] =>
  [scan, link, code, token].filter((secret) => secret !== undefined);

/** The way in, if it can be mailed. */
const mailable = (enrollment: Enrollment): WayIn => {
  const way = wayIn(enrollment);
  if (secretsOf(way).length > 0) return way;
  throw refuse("artifacts hold nothing to mail: the vendor kept it", "artifacts");
};

/**
 * Writes the mail that brings an enrollment to its recipient: a text and an HTML part with the steps, the link or code, a
 * QR code and until when it works. Pure: it sends nothing.
 *
 * @param now - milliseconds since the Unix epoch.
 * @throws EnrollmentError `invalid-request`: `recipient.email` is missing or not one address, `recipient.name` has a
 *   line break, the enrollment has expired, it holds nothing to mail, or too much for a QR code; `unsupported`, path `language`.
 */
export const composeMessage = (enrollment: Enrollment, reader: Reader, now: number): MailMessage => {
  const recipient = { ...enrollment.recipient, name: firstText(enrollment.recipient?.name) };
  const { email, name } = parseInput(recipientSchema, { recipient }, "invalid-request").recipient;
  if (isExpired(enrollment, now) === true) {
    throw refuse("the enrollment has expired", "expiresAt", "create a new one");
  }
  const way = mailable(enrollment);
  const texts = textsFor(reader.language ?? "en");
  const subject = subjectFor(enrollment, texts);
  const content = {
    name,
    way,
    texts,
    uses: enrollment.uses,
    validUntil: validUntil(enrollment, reader, now),
  };
  return {
    fingerprint: mailFingerprint(enrollment, email),
    to: { address: email, ...(name !== undefined && { name }) },
    subject,
    text: new Secret(textPart(content)),
    html: new Secret(htmlPart(subject, content)),
    qr: way.scan && new Secret(qrPng(way.scan).toString("base64")),
    secrets: secretsOf(way),
  };
};
