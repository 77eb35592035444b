import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseInput, Secret } from "@enrollkit/core";
import {
  checkMailServer,
  composeMessage,
  createMemoryJournal,
  mailSettingsSchema,
  openMailJournal,
  sendEnrollments,
  writeMessages,
  type MailSettingsInput,
} from "@enrollkit/provisioning/mail";
import type * as mail from "@enrollkit/provisioning/mail";
import { startMailServer } from "../../../packages/provisioning/test/mail/mail-server.js";
import { planted } from "../canaries.js";
import { at, attempts, CONSTANT, withPasted, type Drives } from "./drive.js";
import { androidEnrollment, emptyEnrollment, enrollment } from "./enrollments.js";

/** Whatever files a drive leaves: the test looks at all of them. */
export const mailFolder = mkdtempSync(join(tmpdir(), "enrollkit-secrets-mail-"));

const reader = { timeZone: "Europe/Berlin" };
const everyone = [
  enrollment(),
  androidEnrollment(),
  emptyEnrollment,
  enrollment({ recipient: { email: `${planted.accessToken}@` } }),
];

const settings: MailSettingsInput = {
  smtp: { host: "127.0.0.1", port: 9, security: "none" },
  from: { email: planted.email, name: planted.name },
  timeZone: "Europe/Berlin",
};

const login = { username: planted.email, password: new Secret(planted.smtpPassword) };

/** A server that repeats what it was told. */
const withServer = async (behaviour: Parameters<typeof startMailServer>[0], smtp: object) => {
  const server = await startMailServer(behaviour);
  const outcomes: unknown[] = [];
  try {
    const options = {
      settings: { ...settings, smtp: { ...server.smtp, ...smtp } },
      journal: createMemoryJournal(),
    };
    for await (const outcome of sendEnrollments(everyone, options)) outcomes.push(outcome);
    return outcomes;
  } finally {
    await server.close();
  }
};

const echo = (text: string) => ({
  code: 550,
  text: `5.1.1 <${text}> ${planted.email} ${planted.name} ${planted.linkToken} is refused`,
});

const fileWith = (name: string, content: string) => {
  const path = join(mailFolder, name);
  writeFileSync(path, content, { mode: 0o600 });
  return path;
};

const journalWith = async () => {
  const journal = await openMailJournal(join(mailFolder, "sent.jsonl"));
  const server = await startMailServer();
  try {
    const all: unknown[] = [];
    const options = { settings: { ...settings, smtp: server.smtp }, journal };
    for await (const outcome of sendEnrollments(everyone, options)) all.push(outcome);
    return all;
  } finally {
    await server.close();
    await journal.close();
  }
};

export const drives: Drives<typeof mail> = {
  composeMessage: [
    ...at("mailTo", () => composeMessage(enrollment(), reader, 0).to),
    ...attempts(
      () => ({ ...composeMessage(androidEnrollment(), reader, 0), to: undefined }),
      () => composeMessage(emptyEnrollment, reader, 0),
      () => composeMessage(enrollment(), reader, Date.parse("2100-01-01T00:00:00Z")),
    ),
    ...withPasted((text) =>
      composeMessage(enrollment({ recipient: { email: `${text}, ${text}`, name: `${text}\n` } }), reader, 0),
    ),
  ],
  openMailJournal: [
    ...attempts(journalWith),
    ...withPasted((text) => openMailJournal(fileWith("wrong.jsonl", `{"${text}\n${text}\n`))),
  ],
  createMemoryJournal: attempts(() => createMemoryJournal()),
  QR_CONTENT_ID: CONSTANT,
  checkMailServer: [
    ...attempts(() => checkMailServer(settings)),
    ...attempts(async () => {
      const server = await startMailServer();
      try {
        await checkMailServer({ ...settings, smtp: { ...server.smtp, ...login } });
      } finally {
        await server.close();
      }
    }),
    ...withPasted((text) => checkMailServer({ ...settings, smtp: { host: text, security: text as "tls" } })),
  ],
  sendEnrollments: attempts(
    () => withServer({}, {}),
    () => withServer({ onRecipient: echo }, {}),
    () => withServer({ onMail: echo }, {}),
    () => withServer({ onRecipient: () => "drop" }, {}),
    () => withServer({ onMail: () => "take-and-drop" }, {}),
    () => withServer({}, login),
    () => withServer({}, { security: "starttls" }),
    () => withServer({}, { password: planted.smtpPassword }),
  ),
  mailSettingsSchema: withPasted((text) =>
    parseInput(
      mailSettingsSchema,
      {
        smtp: { host: text, password: text, [text]: 1 },
        from: { email: `${text}@` },
        replyTo: text,
        [text]: text,
      },
      "invalid-config",
    ),
  ),
  writeMessages: attempts(
    () => writeMessages(everyone, join(mailFolder, "mails"), { settings }),
    () => writeMessages(everyone, join(mailFolder, "mails"), { settings }),
    () =>
      writeMessages(everyone, join(mailFolder, "mails"), {
        settings: { ...settings, timeZone: planted.accessToken },
      }),
  ),
};
