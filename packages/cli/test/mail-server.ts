import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { onTestFinished } from "vitest";

const refusal = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code });

/** What the server does with the mail for an address; by default it takes it. */
export type Answer = (address: string) => Promise<void> | "refuse" | "drop" | undefined;

/** A real SMTP server on this machine for the time of a test, and the mails that it took. */
export const startMailServer = async (answer: Answer = () => undefined) => {
  const mails: { readonly to: string; readonly source: string }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ["STARTTLS"],
    logger: false,
    onAuth: ({ username, password }, _, done) => {
      if (password === "right-canary") done(null, { user: username });
      else done(refusal(535, "5.7.8 not accepted"));
    },
    onRcptTo: ({ address }, _, done) => {
      if (answer(address) === "refuse") done(refusal(550, `5.1.1 <${address}> is unknown here`));
      else done();
    },
    onData: (stream, session, done) => {
      const to = session.envelope.rcptTo.map(({ address }) => address).join();
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const verdict = answer(to);
        mails.push({ to, source: Buffer.concat(chunks).toString("latin1") });
        if (verdict === "drop") {
          for (const connection of server.connections) connection._socket.destroy();
        } else {
          void Promise.resolve(verdict).then(() => {
            done();
          });
        }
      });
    },
  });
  // A client that leaves in the middle, and one that is dropped, are what these tests are about.
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
        for (const connection of server.connections) connection._socket.destroy();
      }),
  );
  const { port } = server.server.address() as AddressInfo;
  return {
    mails,
    recipients: () => mails.map(({ to }) => to).sort(),
    settings: {
      smtp: { host: "127.0.0.1", port, security: "none" },
      from: { email: "it@sender.example", name: "IT department" },
      timeZone: "Europe/Berlin",
    },
  };
};
