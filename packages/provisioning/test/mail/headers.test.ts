import fc from "fast-check";
import PostalMime, { type Email } from "postal-mime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Enrollment } from "@enrollkit/core";
import { createMemoryJournal, sendEnrollments } from "../../src/mail/index.js";
import { nameSchema } from "../../src/mail/mail-address.js";
import { clock, collect, enrollmentFor } from "./enrollments.js";
import { startMailServer } from "./mail-server.js";

let server: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.close());

const senderHeaders = [
  "from",
  "to",
  "subject",
  "date",
  "message-id",
  "auto-submitted",
  "mime-version",
  "content-type",
];

/** What the server got for each enrollment, or why nothing was sent. All go over one connection. */
const mailsFor = async (enrollments: readonly Enrollment[], from?: { email: string; name: string }) => {
  server.mails.length = 0;
  const smtp = { ...server.smtp, connections: 1 };
  const settings = { ...server.settings, smtp, ...(from && { from }) };
  const journal = createMemoryJournal();
  const outcomes = await collect(sendEnrollments(enrollments, { settings, clock, journal }));
  const received = [...server.mails];
  const results = await Promise.all(
    outcomes.map(async (outcome) => {
      if (outcome.status !== "sent") return { outcome };
      const mail = received.shift();
      if (mail === undefined) throw new Error("the server has not got what was sent");
      return { outcome, received: mail, mail: await PostalMime.parse(Buffer.from(mail.source, "latin1")) };
    }),
  );
  expect(received).toEqual([]);
  return results;
};

const mailFor = async (enrollment: Enrollment) => {
  const [result] = await mailsFor([enrollment]);
  if (result === undefined) throw new Error("no outcome");
  return result;
};

/** One recipient in the envelope and in the header, and no header that we did not write. */
const expectOneRecipient = (mail: Email, to: readonly string[], address: string) => {
  expect(to).toEqual([address]);
  expect(mail.to?.map((each) => each.address)).toEqual([address]);
  expect([mail.cc, mail.bcc, mail.replyTo]).toEqual([undefined, undefined, undefined]);
  expect(mail.headers.map(({ key }) => key).toSorted()).toEqual(senderHeaders.toSorted());
};

/** What injections are made of, among ordinary letters. */
const piece = fc.constantFrom(
  ...Array.from("\r\n\0\t \u0085\u2028\u2029\"'\\<>,;:@()[]=?_%"),
  "\r\nBcc: eve@evil.example\r\n",
  "\n\n<script>",
  "eve@evil.example",
  '" <eve@evil.example>, "',
  "=?utf-8?Q?=0D=0ABcc:_eve@evil.example?=",
  "Ana",
  "Müller",
  "李",
  "👩🏽‍💻",
  "\u202Egnp",
);
const hostile = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(""));

describe("a name", () => {
  it.each([
    "Ana Müller",
    "李小龍",
    "Ana 👩🏽‍💻",
    'Ana "the boss" Meyer',
    "Meyer, Ana",
    "Ana <eve@evil.example>",
    "eve@evil.example",
    "Ana =? Meyer",
    "Ana; Bcc: eve@evil.example",
    "(Ana)",
    "Żółć ".repeat(40).trim(),
  ])("%j arrives as it is, and adds no recipient", async (name) => {
    const { mail, received } = await mailFor(enrollmentFor("ana@people.example", { name }));
    if (mail === undefined) throw new Error("nothing was sent");
    expectOneRecipient(mail, received.to, "ana@people.example");
    expect(mail.to?.[0]?.name).toBe(name);
  });

  it.each([
    "Ana\r\nBcc: eve@evil.example",
    "Ana\nX: y",
    "Ana\0",
    "=?utf-8?Q?Ana?=",
    "Ana\u2028Meyer",
    "\u202Egnp.exe",
    "\uD800",
  ])("%j is refused", async (name) => {
    const { outcome, mail } = await mailFor(enrollmentFor("ana@people.example", { name }));
    expect(mail).toBeUndefined();
    expect(outcome).toMatchObject({ error: { code: "invalid-request", path: "recipient.name" } });
  });

  it("whatever it is, is refused or goes to one recipient with no further header", async () => {
    const names = fc.array(fc.tuple(hostile, hostile), { minLength: 10, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(names, hostile, async (pairs, senderName) => {
        const sender = nameSchema.safeParse(senderName).success ? senderName : "IT";
        const enrollments = pairs.map(([name, deviceName], index) =>
          enrollmentFor("ana@people.example", { id: `e${index}`, name, device: { name: deviceName } }),
        );
        for (const { mail, received } of await mailsFor(enrollments, {
          email: "it@sender.example",
          name: sender,
        })) {
          if (mail === undefined) continue;
          expectOneRecipient(mail, received.to, "ana@people.example");
          expect(mail.from?.address).toBe("it@sender.example");
        }
      }),
      { numRuns: 3 },
    );
  });
});

describe("an address", () => {
  it.each([
    ["Ana.Meyer+mdm@People.example", "Ana.Meyer+mdm@people.example"],
    ["o'neil@people.example", "o'neil@people.example"],
    ["ana@müller.example", "ana@xn--mller-kva.example"],
    ["ana@例え.example", "ana@xn--r8jz45g.example"],
    ["ana@пример.рф", "ana@xn--e1afmkfd.xn--p1ai"],
  ])("%s goes to %s", async (email, address) => {
    const { received } = await mailFor(enrollmentFor(email));
    expect(/^To: (.*)$/m.exec(received?.source ?? "")?.[1]?.trim()).toBe(address);
    // The server shows the domain as people write it.
    expect(received?.to.map((each) => each.toLowerCase())).toEqual([email.toLowerCase()]);
  });

  it.each([
    "",
    "ana",
    "ana@",
    "@people.example",
    "ana@people",
    "a@b.example, eve@evil.example",
    "a@b.example;eve@evil.example",
    "a@b.example eve@evil.example",
    "Ana <a@b.example>",
    "<a@b.example>",
    '"a b"@c.example',
    "a@b.example\r\nBcc: eve@evil.example",
    "a@b.example\n",
    "a\0@b.example",
    "a@b\n.example",
    "a@b%0a.example",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "a@b@c.example",
    "müller@people.example",
    "a@-b.example",
    "a..b@c.example",
    `${"a".repeat(65)}@b.example`,
    `a@${"b.".repeat(130)}example`,
    "a@b.example\u2028",
    "a＠b.example",
    "group: a@b.example;",
  ])("%j is refused, and not repeated", async (email) => {
    const { outcome, mail } = await mailFor(enrollmentFor(email, { id: "e" }));
    expect(mail).toBeUndefined();
    expect(outcome).toMatchObject({ error: { code: "invalid-request", path: "recipient.email" } });
    expect(JSON.stringify(outcome)).not.toMatch(/evil|@[a-z]/);
  });

  it("whatever it is, is refused or is the one recipient", async () => {
    const address = fc
      .tuple(hostile, fc.constantFrom("", "@people.example", "@b.example\r\n"))
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(address, { minLength: 20, maxLength: 40 }), async (addresses) => {
        const enrollments = addresses.map((email, index) => enrollmentFor(email, { id: `e${index}` }));
        for (const { mail, received } of await mailsFor(enrollments)) {
          if (mail === undefined) continue;
          const [recipient = ""] = received.to;
          expect(recipient).not.toMatch(/[\s,;<>"]/);
          expectOneRecipient(mail, received.to, recipient);
        }
      }),
      { numRuns: 3 },
    );
  });
});
