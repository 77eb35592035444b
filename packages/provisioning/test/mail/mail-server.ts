import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import type { MailSettingsInput } from "../../src/mail/index.js";

/** A mail as the server took it. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
}

/** What the server does with a recipient; by default it takes the mail. `drop`: it cuts the connection. */
export interface Behaviour {
  readonly onRecipient?: (address: string) => { code: number; text: string } | "drop" | undefined;
  /** Called when the whole mail is here. */
  readonly onMail?: (
    address: string,
  ) => { code: number; text: string } | "drop" | "take-and-drop" | Promise<void> | undefined;
}

const refusal = ({ code, text }: { readonly code: number; readonly text: string }) =>
  Object.assign(new Error(text), { responseCode: code });

/** A real SMTP server on this machine, that remembers what it took. */
export const startMailServer = async (behaviour: Behaviour = {}, options: SMTPServerOptions = {}) => {
  const mails: ReceivedMail[] = [];
  const counts = { connections: 0, most: 0, logins: 0 };
  const drop = (session: SMTPServerSession) => {
    for (const connection of server.connections) {
      if (connection.id === session.id) connection._socket.destroy();
    }
  };
  const recipientOf = ({ envelope }: SMTPServerSession) => envelope.rcptTo[0]?.address ?? "";

  const server: SMTPServer = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: options.secure === true || options.key !== undefined ? [] : ["STARTTLS"],
    logger: false,
    onConnect: (_, done) => {
      counts.connections += 1;
      counts.most = Math.max(counts.most, server.connections.size);
      done();
    },
    onAuth: ({ username, password }, _, done) => {
      counts.logins += 1;
      if (username === "ana.login" && password === "right-canary") done(null, { user: username });
      else done(refusal({ code: 535, text: `5.7.8 ana.login ${password ?? ""} not accepted` }));
    },
    onRcptTo: ({ address }, session, done) => {
      const verdict = behaviour.onRecipient?.(address);
      if (verdict === "drop") drop(session);
      else done(verdict && refusal(verdict));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const take = () => {
          const { mailFrom, rcptTo } = session.envelope;
          mails.push({
            from: mailFrom === false ? "" : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            source: Buffer.concat(chunks).toString("latin1"),
          });
        };
        const verdict = behaviour.onMail?.(recipientOf(session));
        if (verdict === undefined) {
          take();
          done();
        } else if (verdict instanceof Promise) {
          void verdict.then(() => {
            take();
            done();
          });
        } else if (verdict === "drop" || verdict === "take-and-drop") {
          if (verdict === "take-and-drop") take();
          drop(session);
        } else done(refusal(verdict));
      });
    },
    ...options,
  });
  // A client that leaves in the middle is what these tests are about.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.server.address() as AddressInfo;
  const smtp = { host: "127.0.0.1", port, security: "none" as const };
  return {
    mails,
    counts,
    smtp,
    settings: {
      smtp,
      from: { email: "it@sender.example", name: "IT department" },
      timeZone: "Europe/Berlin",
    } satisfies MailSettingsInput,
    /** To whom mails went, in the order of arrival. */
    recipients: () => mails.flatMap(({ to }) => to),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
        for (const connection of server.connections) connection._socket.destroy();
      }),
  };
};
