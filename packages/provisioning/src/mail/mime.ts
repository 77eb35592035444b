import MailComposer, { type MailComposerOptions } from "nodemailer/lib/mail-composer";
import type { MailAddress } from "./mail-address.js";
import { QR_CONTENT_ID } from "./message-html.js";
import type { MailMessage } from "./message.js";
import type { MailSettings } from "./settings.js";

/** Addresses go in as objects: nothing is ever parsed out of a name. */
const mailbox = ({ address, name = "" }: MailAddress) => ({ address, name });

/** The id by which a mail is known on its way: the same on every run, so that a server may notice a second copy. */
export const messageIdOf = ({ fingerprint }: MailMessage, { from }: MailSettings): string =>
  `<${fingerprint}@${from.email.slice(from.email.lastIndexOf("@") + 1)}>`;

/**
 * A message in nodemailer's words.
 *
 * @param now - milliseconds since the Unix epoch: the date it carries.
 */
export const mailOptions = (message: MailMessage, settings: MailSettings, now: number) =>
  ({
    from: mailbox({ address: settings.from.email, name: settings.from.name }),
    ...(settings.replyTo !== undefined && { replyTo: mailbox({ address: settings.replyTo }) }),
    to: mailbox(message.to),
    envelope: { from: settings.from.email, to: [message.to.address] },
    subject: message.subject,
    date: new Date(now),
    messageId: messageIdOf(message, settings),
    // No "out of office" comes back: https://www.rfc-editor.org/rfc/rfc3834#section-5
    headers: { "Auto-Submitted": "auto-generated" },
    text: message.text.reveal(),
    html: message.html.reveal(),
    attachments:
      message.qr === undefined
        ? []
        : [
            {
              filename: "qr-code.png",
              content: Buffer.from(message.qr.reveal(), "base64"),
              contentType: "image/png",
              contentDisposition: "inline",
              cid: QR_CONTENT_ID,
            },
          ],
    disableFileAccess: true,
    disableUrlAccess: true,
  }) satisfies MailComposerOptions;

/**
 * A message as the bytes of an .eml file. They hold its secrets in the clear.
 *
 * @param now - milliseconds since the Unix epoch: the date it carries.
 */
export const messageBytes = (message: MailMessage, settings: MailSettings, now: number): Promise<Buffer> =>
  new MailComposer({ ...mailOptions(message, settings, now), newline: "\r\n" }).compile().build();
