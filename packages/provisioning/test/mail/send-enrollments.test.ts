import { inspect } from "node:util";
import { EnrollmentError, Secret, type Enrollment } from "@enrollkit/core";
import PostalMime from "postal-mime";
import { afterEach, describe, expect, it } from "vitest";
import {
  checkMailServer,
  createMemoryJournal,
  sendEnrollments,
  type MailOutcome,
  type MailSettingsInput,
  type SendOptions,
} from "../../src/mail/index.js";
import { clock, collect, enrollmentFor, linkCanary, people } from "./enrollments.js";
import { startMailServer, type Behaviour } from "./mail-server.js";
import { selfSignedCertificate } from "./self-signed-certificate.js";

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

const start = async (...[behaviour, options]: Parameters<typeof startMailServer>) => {
  const server = await startMailServer(behaviour, options);
  running.push(server);
  return server;
};

const send = (
  enrollments: Iterable<Enrollment> | AsyncIterable<Enrollment>,
  settings: MailSettingsInput,
  options: Partial<SendOptions> = {},
): Promise<readonly MailOutcome[]> =>
  collect(sendEnrollments(enrollments, { journal: createMemoryJournal(), clock, ...options, settings }));

/** An outcome in few words. */
const told = (outcome: MailOutcome) => {
  if (outcome.status === "sent") return "sent";
  if (outcome.status === "skipped") return `skipped ${outcome.reason}`;
  const { code, vendorCode, path } = outcome.error;
  return [outcome.status, code, vendorCode, path].filter((part) => part !== undefined).join(" ");
};

const login = { username: "ana.login", password: new Secret("right-canary") };
const wrongLogin = { username: "ana.login", password: new Secret("wrong-canary") };

describe("a mail", () => {
  it("arrives with both parts, the QR code inline, and the sender's and recipient's names", async () => {
    const server = await start();
    const outcomes = await send(
      [enrollmentFor("ana@people.example", { name: "Ana Müller", key: "row-1", device: { name: "iPad 7" } })],
      { ...server.settings, replyTo: "help@sender.example", language: "de" },
    );
    expect(outcomes).toEqual([
      { key: "row-1", id: "enrollment-of-ana@people.example", index: 0, status: "sent" },
    ]);
    expect(server.mails).toHaveLength(1);
    expect(server.mails[0]).toMatchObject({ from: "it@sender.example", to: ["ana@people.example"] });
    const mail = await PostalMime.parse(Buffer.from(server.mails[0]?.source ?? "", "latin1"));
    expect(mail.from).toMatchObject({ address: "it@sender.example", name: "IT department" });
    expect(mail.to).toMatchObject([{ address: "ana@people.example", name: "Ana Müller" }]);
    expect(mail.replyTo).toMatchObject([{ address: "help@sender.example" }]);
    expect(mail.subject).toBe("Richten Sie Ihr Gerät ein: iPad 7");
    expect(mail.date).toBe("2026-09-20T10:00:00.000Z");
    expect(mail.text).toContain(linkCanary);
    expect(mail.text).toContain("Guten Tag Ana Müller,");
    expect(mail.html).toContain(linkCanary);
    expect(mail.attachments).toMatchObject([
      { mimeType: "image/png", disposition: "inline", contentId: "<qr-code@enrollkit>" },
    ]);
  });

  it.each([
    ["tls", true],
    ["starttls", false],
  ] as const)("goes by %s with a login", async (security, secure) => {
    const certificate = selfSignedCertificate();
    const server = await start({}, { ...certificate, secure, authOptional: false });
    const smtp = { ...server.smtp, ...login, security, certificateAuthority: certificate.cert };
    expect((await send(people(1), { ...server.settings, smtp })).map(told)).toEqual(["sent"]);
    expect(server.counts.logins).toBe(1);
  });
});

describe("a refusal", () => {
  it.each<[string, Behaviour, string]>([
    [
      "greylisting",
      { onRecipient: () => ({ code: 451, text: "4.7.1 Greylisted, try again" }) },
      "failed unavailable 4.7.1",
    ],
    [
      "an unknown recipient",
      { onRecipient: (address) => ({ code: 550, text: `5.1.1 <${address}> unknown` }) },
      "failed invalid-request 5.1.1 recipient.email",
    ],
    [
      "no relaying",
      { onRecipient: () => ({ code: 554, text: "5.7.1 Relay access denied" }) },
      "failed forbidden 5.7.1",
    ],
    [
      "the content",
      { onMail: () => ({ code: 554, text: `5.6.0 bad link ${linkCanary}` }) },
      "failed unknown 5.6.0",
    ],
    [
      "a full disk, after the mail",
      { onMail: () => ({ code: 452, text: "4.3.1 full" }) },
      "failed unavailable 4.3.1",
    ],
    ["a connection cut before the mail", { onRecipient: () => "drop" }, "failed unavailable ECONNECTION"],
    ["a connection cut after the mail", { onMail: () => "drop" }, "unknown outcome-unknown ECONNECTION"],
  ])("%s: %s", async (_, behaviour, expected) => {
    const server = await start(behaviour);
    const outcomes = await send(people(1), server.settings);
    expect(outcomes.map(told)).toEqual([expected]);
    expect(server.mails).toHaveLength(0);
    const shown = inspect(outcomes, { depth: null }) + JSON.stringify(outcomes);
    expect(shown.replaceAll("enrollment-of-person1@people.example", "")).not.toMatch(/person1|QWJKLPRTZX/);
  });

  it("of one recipient leaves the others alone", async () => {
    const server = await start({
      onRecipient: (address) =>
        address.startsWith("person2@") ? { code: 550, text: "no such user" } : undefined,
    });
    const outcomes = await send(people(3), server.settings);
    expect(outcomes.map(told)).toEqual(["sent", "failed invalid-request 550 recipient.email", "sent"]);
    expect(outcomes.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it("of the login is not asked for again, and shows neither name nor password", async () => {
    const certificate = selfSignedCertificate();
    const server = await start({}, { ...certificate, secure: true, authOptional: false });
    const smtp = {
      ...server.smtp,
      ...wrongLogin,
      security: "tls" as const,
      certificateAuthority: certificate.cert,
      connections: 2,
    };
    const outcomes = await send(people(20), { ...server.settings, smtp });
    expect(new Set(outcomes.map(told))).toEqual(new Set(["failed unauthenticated 5.7.8 smtp.password"]));
    expect(server.counts.logins).toBeLessThanOrEqual(2);
    expect(inspect(outcomes, { depth: null })).not.toMatch(/wrong-canary|ana\.login/);
    expect(outcomes[0]).toMatchObject({ error: { vendorMessage: "535 5.7.8 [redacted] not accepted" } });
    await expect(checkMailServer({ ...server.settings, smtp })).rejects.toMatchObject({
      code: "unauthenticated",
    });
  });
});

describe("an unsafe server", () => {
  it.each(["tls", "starttls"] as const)(
    "with a certificate nobody vouches for is refused (%s)",
    async (security) => {
      const server = await start({}, { ...selfSignedCertificate(), secure: security === "tls" });
      const outcomes = await send(people(2), {
        ...server.settings,
        smtp: { ...server.smtp, ...login, security },
      });
      expect(outcomes.map(told)).toEqual(
        Array(2).fill("failed failed-precondition DEPTH_ZERO_SELF_SIGNED_CERT smtp.certificateAuthority"),
      );
      expect([server.counts.logins, server.mails.length]).toEqual([0, 0]);
    },
  );

  it("that does not offer STARTTLS is refused before the login", async () => {
    const server = await start();
    const smtp = { ...server.smtp, ...login, security: "starttls" as const };
    const outcomes = await send(people(1), { ...server.settings, smtp });
    expect(outcomes.map(told)).toEqual(["failed failed-precondition 500 smtp.security"]);
    expect([server.counts.logins, server.mails.length]).toEqual([0, 0]);
  });

  it("is not spoken to in plain where TLS was asked for", async () => {
    const server = await start();
    const smtp = { ...server.smtp, security: "tls" as const };
    const [outcome] = await send(people(1), { ...server.settings, smtp });
    expect(outcome && told(outcome)).toMatch(/^failed failed-precondition ERR_SSL_\w+ smtp.security$/);
  });
});

describe("no server", () => {
  it("is said, and may be tried again", async () => {
    const server = await startMailServer();
    await server.close();
    const [outcome] = await send(people(1), server.settings);
    expect(outcome).toMatchObject({ status: "failed", error: { code: "unavailable", retryable: true } });
    await expect(checkMailServer(server.settings)).rejects.toMatchObject({ code: "unavailable" });
  });

  it("check is content with a server that takes the login", async () => {
    const server = await start();
    await expect(checkMailServer(server.settings)).resolves.toBeUndefined();
    expect(server.mails).toEqual([]);
  });
});

describe("what is not sent", () => {
  it.each<[string, Enrollment, string]>([
    ["no address", enrollmentFor(undefined), "failed invalid-request recipient.email"],
    [
      "an expired one",
      enrollmentFor("a@b.example", { expiresAt: "2026-09-20T09:59:00Z" }),
      "failed invalid-request expiresAt",
    ],
    [
      "one that the vendor delivered",
      enrollmentFor("a@b.example", { artifacts: [{ kind: "delivered", channel: "email" }] }),
      "skipped delivered-by-vendor",
    ],
  ])("%s", async (_, enrollment, expected) => {
    const server = await start();
    expect((await send([enrollment], server.settings)).map(told)).toEqual([expected]);
    expect(server.counts.connections).toBe(0);
  });

  it("an enrollment that the vendor delivered goes out where that is asked for, if there is something to send", async () => {
    const server = await start();
    const delivered = { kind: "delivered", channel: "email" } as const;
    const outcomes = await send(
      [
        enrollmentFor("a@b.example", { artifacts: [delivered] }),
        enrollmentFor("c@d.example", {
          artifacts: [...people(1).flatMap(({ artifacts }) => artifacts), delivered],
        }),
      ],
      server.settings,
      { deliveredByVendor: "send" },
    );
    expect(outcomes.map(told)).toEqual(["failed invalid-request artifacts", "sent"]);
  });

  it("anything, with settings that are wrong", async () => {
    await expect(send(people(1), { ...(await start()).settings, timeZone: "Berlin" })).rejects.toSatisfy(
      (error) => EnrollmentError.is(error) && error.path === "timeZone",
    );
  });
});

describe("many", () => {
  it("go over a bounded number of connections, in order, read no faster than taken", async () => {
    const server = await start();
    let read = 0;
    const source = function* () {
      for (const enrollment of people(40)) {
        read += 1;
        yield enrollment;
      }
    };
    const settings = { ...server.settings, smtp: { ...server.smtp, connections: 4 } };
    const indexes: number[] = [];
    for await (const { index } of sendEnrollments(source(), {
      settings,
      clock,
      journal: createMemoryJournal(),
    })) {
      indexes.push(index);
      expect(read - indexes.length).toBeLessThanOrEqual(4);
    }
    expect(indexes).toEqual(people(40).map((_, index) => index));
    expect(new Set(server.recipients()).size).toBe(40);
    expect(server.counts.most).toBeLessThanOrEqual(4);
    expect(server.counts.connections).toBeLessThanOrEqual(4);
  });

  it("each in the language of the recipient", async () => {
    const server = await start();
    await send([enrollmentFor("a@b.de"), enrollmentFor("a@b.com")], server.settings, {
      languageOf: ({ recipient }) => (recipient?.email?.endsWith(".de") === true ? "de" : "en"),
    });
    const subjects = await Promise.all(
      server.mails.map(async ({ source }) => (await PostalMime.parse(Buffer.from(source, "latin1"))).subject),
    );
    expect(subjects.toSorted()).toEqual(["Richten Sie Ihr Gerät ein", "Set up your device"]);
  });
});
