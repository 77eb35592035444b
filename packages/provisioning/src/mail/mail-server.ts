import { Readable } from "node:stream";
import { createTransport } from "nodemailer";
import { mailOptions, messageIdOf } from "./mime.js";
import type { MailMessage } from "./message.js";
import type { MailSettings } from "./settings.js";
import { smtpError } from "./smtp-errors.js";

/** A mail server, and the connections to it. */
export interface MailServer {
  /**
   * Hands one mail over. It is written to the server once at most, whatever happens to connections.
   *
   * @param now - milliseconds since the Unix epoch: the date it carries.
   * @throws EnrollmentError; `outcome-unknown` if the answer to a mail that was written was lost.
   */
  send(message: MailMessage, now: number): Promise<void>;
  /** Connects and logs in. */
  check(): Promise<void>;
  /** Ends idle connections; busy ones finish. */
  close(): void;
}

/** Milliseconds. RFC 5321 lets a server take minutes for its last answer: giving up early makes doubt. */
const timeouts = { connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 300_000 } as const;

const transportFor = ({ smtp }: MailSettings) =>
  createTransport({
    pool: true,
    host: smtp.host,
    port: smtp.port,
    secure: smtp.security === "tls",
    requireTLS: smtp.security === "starttls",
    // An upgrade that is taken if it is offered protects from nobody, and fails on a local server's own certificate.
    ignoreTLS: smtp.security === "none" || smtp.security === "insecure",
    tls: {
      rejectUnauthorized: true,
      minVersion: "TLSv1.2",
      ...(smtp.certificateAuthority !== undefined && { ca: smtp.certificateAuthority }),
    },
    ...(smtp.username !== undefined &&
      smtp.password !== undefined && {
        auth: { user: smtp.username, pass: smtp.password.reveal() },
        forceAuth: true,
      }),
    maxConnections: smtp.connections,
    ...timeouts,
    logger: false,
  });

/** What no error about a mail may repeat. Whatever has an @ or a dot in it is left out anyway. */
const knownTexts = ({ smtp }: MailSettings, message?: MailMessage): readonly string[] => {
  const login = [smtp.username, smtp.password?.reveal()].filter((text) => text !== undefined);
  const encoded = login.map((text) => Buffer.from(text).toString("base64"));
  if (message === undefined) return [...login, ...encoded];
  const { address, name = "" } = message.to;
  const secrets = message.secrets.map((secret) => secret.reveal());
  return [...login, ...encoded, address.slice(0, address.lastIndexOf("@")), name, ...secrets];
};

/** Makes ready to send by the settings' server. Connects with the first mail, and keeps connections for the next. */
export const connectMailServer = (settings: MailSettings): MailServer => {
  const transport = transportFor(settings);
  /** Ids of the mails whose last byte has been taken for writing. */
  const handedOver = new Set<string>();

  transport.use("stream", (mail, done) => {
    const id = mail.message.messageId();
    mail.message.processFunc((input) =>
      Readable.from(
        (async function* () {
          if (handedOver.has(id)) throw new Error("this mail has been written to the server once");
          for await (const chunk of input) yield chunk as Buffer;
          handedOver.add(id);
        })(),
        { objectMode: false },
      ),
    );
    done();
  });

  return {
    send: async (message, now) => {
      const id = messageIdOf(message, settings);
      const mail = mailOptions(message, settings, now);
      try {
        await transport.sendMail(mail);
      } catch (error) {
        throw smtpError(error, {
          handedOver: handedOver.has(id),
          known: knownTexts(settings, message),
        });
      } finally {
        handedOver.delete(id);
      }
    },
    check: async () => {
      try {
        await transport.verify();
      } catch (error) {
        throw smtpError(error, { handedOver: false, known: knownTexts(settings) });
      }
    },
    close: () => {
      transport.close();
    },
  };
};
