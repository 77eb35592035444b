import { inspect } from "node:util";
import { Secret, type Enrollment, type EnrollmentArtifact } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { qrPng } from "../qr/png.js";
import { english } from "../texts/english.js";
import { mailFingerprint } from "./fingerprint.js";
import { composeMessage } from "./message.js";

const now = Date.parse("2026-09-20T10:00:00Z");
const reader = { timeZone: "Europe/Berlin" };
const secret = (value: string) => new Secret(value);

const link: EnrollmentArtifact = { kind: "enrollment-link", value: secret("https://mdm.example/e/CANARY") };
const code: EnrollmentArtifact = { kind: "enrollment-code", value: secret("CANARY-42") };
const token: EnrollmentArtifact = { kind: "enrollment-token", value: secret("CANARYTOKEN") };
const payload: EnrollmentArtifact = { kind: "provisioning-qr", value: secret('{"t":"CANARY"}') };

const enrollment: Enrollment = {
  id: "e1",
  provider: "apple",
  vendor: "applivery",
  artifacts: [link],
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "2026-09-27T10:00:00Z",
  uses: "one",
  recipient: { email: "ana@people.example", name: "Ana" },
  warnings: [],
  requestIds: [],
};
const compose = (changes: Partial<Enrollment> = {}) =>
  composeMessage({ ...enrollment, ...changes }, reader, now);

describe("composeMessage", () => {
  it("says in both parts whom it is for, how to get in, and until when", () => {
    const { subject, text, html, to } = compose({ artifacts: [code, link] });
    expect(subject).toBe(english.mail.subject);
    expect(to).toEqual({ address: "ana@people.example", name: "Ana" });
    for (const part of [text.reveal(), html.reveal()]) {
      expect(part).toContain("Hello Ana,");
      expect(part).toContain("https://mdm.example/e/CANARY");
      expect(part).toContain("CANARY-42");
      expect(part).toContain("Valid until Sunday, September 27, 2026");
      expect(part).toContain("12:00");
      expect(part).toContain(english.uses.one);
    }
  });

  it("prints no secret", () => {
    const message = compose({ artifacts: [link, code, token, payload] });
    expect(inspect(message, { depth: null, showHidden: true }) + JSON.stringify(message)).not.toContain(
      "CANARY",
    );
  });

  it.each<[string, readonly EnrollmentArtifact[], string | undefined, RegExp, RegExp]>([
    ["a link", [link, token], "https://mdm.example/e/CANARY", /e\/CANARY/, /CANARYTOKEN/],
    ["a payload", [payload, token], '{"t":"CANARY"}', /Scan this code/, /CANARY/],
    ["a code", [code, token], undefined, /CANARY-42/, /CANARYTOKEN|cid:/],
    ["a token, where there is nothing else", [token], undefined, /CANARYTOKEN/, /cid:/],
  ])("brings %s, and nothing more", (_, artifacts, qr, present, absent) => {
    const message = compose({ artifacts });
    expect(message.qr?.reveal()).toBe(qr && qrPng(secret(qr)).toString("base64"));
    expect(message.html.reveal()).toMatch(present);
    expect(message.html.reveal()).not.toMatch(absent);
    expect(message.text.reveal()).toMatch(present);
    expect(message.text.reveal()).not.toMatch(absent);
    expect(message.html.reveal().includes('src="cid:qr-code@enrollkit"')).toBe(qr !== undefined);
  });

  it("puts the device into the subject, as one line", () => {
    expect(compose({ device: { name: "iPad\r\nBcc: x =?utf-8?Q?y?=\u2028 7 " } }).subject).toBe(
      "Set up your device: iPad Bcc: x = ?utf-8?Q?y?= 7",
    );
    expect(compose({ device: { name: " \n" } }).subject).toBe(english.mail.subject);
  });

  it("greets nobody by a name it does not know, and takes words of one's own", () => {
    const message = composeMessage(
      { ...enrollment, recipient: { email: "ana@people.example" }, expiresAt: "never", uses: 3 },
      { ...reader, language: { ...english, language: "ar", direction: "rtl" } },
      now,
    );
    expect(message.text.reveal()).toContain("Hello,\n");
    expect(message.text.reveal()).toContain(`${english.expiry.never}\nWorks for 3 devices.`);
    expect(message.html.reveal()).toContain('<html lang="ar" dir="rtl">');
  });

  it.each(["", "  ", "\u00A0"])("takes the name %j for none", (name) => {
    const { text, to } = compose({ recipient: { email: "ana@people.example", name } });
    expect(text.reveal()).toContain("Hello,\n");
    expect(to).toEqual({ address: "ana@people.example" });
  });

  it.each<[string, Partial<Enrollment>, string]>([
    ["no recipient", { recipient: undefined }, "recipient.email"],
    ["no address", { recipient: { name: "Ana" } }, "recipient.email"],
    ["two addresses", { recipient: { email: "a@b.example,c@d.example" } }, "recipient.email"],
    ["a line break in the name", { recipient: { email: "a@b.example", name: "A\nB" } }, "recipient.name"],
    ["an expiry in the past", { expiresAt: "2026-09-20T10:00:00Z" }, "expiresAt"],
    ["nothing", { artifacts: [] }, "artifacts"],
    ["what the vendor kept", { artifacts: [{ kind: "delivered", channel: "email" }] }, "artifacts"],
    [
      "more than a QR code holds",
      { artifacts: [{ kind: "provisioning-qr", value: secret("CANARY".repeat(500)) }] },
      "payload",
    ],
    ["a lost secret", { artifacts: [{ kind: "enrollment-link", value: secret("[redacted]") }] }, "artifacts"],
  ])("refuses %s", (_, changes, path) => {
    expect(() => compose(changes)).toThrow(expect.objectContaining({ code: "invalid-request", path }));
    expect(() => compose(changes)).not.toThrow(/@[a-z]|CANARY/);
  });

  it("says of an expired enrollment that it has expired, and what to do", () => {
    expect(() => compose({ expiresAt: "2026-09-20T10:00:00Z" })).toThrow(
      expect.objectContaining({ message: "the enrollment has expired", advice: "create a new one" }),
    );
  });

  it("escapes everything, loads nothing, and links only to the web", () => {
    const piece = fc.constantFrom(
      ...Array.from("<>&'\"`= /"),
      "<script>",
      "</title>",
      '" onload="',
      "javascript:",
      "a",
    );
    const hostile = fc.array(piece, { minLength: 1 }).map((pieces) => pieces.join(""));
    const safe = compose({ device: { name: "x" } }).html.reveal();
    const tags = (html: string) =>
      Array.from(html.matchAll(/<[^>]*>/g), ([tag]) => tag.replace(/"[^"]*"/g, '""'));
    fc.assert(
      fc.property(hostile, hostile, (name, value) => {
        const html = compose({
          recipient: { email: "ana@people.example", name },
          device: { name: value },
          artifacts: [{ kind: "enrollment-link", value: secret(`https://mdm.example/${encodeURI(value)}`) }],
        }).html.reveal();
        expect(tags(html)).toEqual(tags(safe));
      }),
    );
    const odd = compose({ artifacts: [{ kind: "enrollment-link", value: secret("javascript:alert(1)") }] });
    expect(odd.html.reveal()).not.toContain("href");
    expect(safe.match(/(?:src|href)="[^"]*"/g)).toEqual([
      'src="cid:qr-code@enrollkit"',
      'href="https://mdm.example/e/CANARY"',
    ]);
    expect(safe).not.toMatch(/<(?:script|link|style|iframe)|url\(|@import/);
  });
});

describe("mailFingerprint", () => {
  it("differs for another enrollment, provider, vendor, expiry or person, and tells none of them", () => {
    const reference = { provider: "p", vendor: "v", id: "i", expiresAt: "2026-09-27T10:00:00Z" } as const;
    const prints = [
      mailFingerprint(reference, "a@b.example"),
      mailFingerprint({ ...reference, id: "j" }, "a@b.example"),
      mailFingerprint({ ...reference, provider: "q" }, "a@b.example"),
      mailFingerprint({ ...reference, vendor: "w" }, "a@b.example"),
      mailFingerprint({ ...reference, expiresAt: "2026-10-27T10:00:00Z" }, "a@b.example"),
      mailFingerprint(reference, "c@b.example"),
    ];
    expect(new Set(prints).size).toBe(6);
    expect(prints.every((print) => /^[\w-]{43}$/.test(print))).toBe(true);
    expect(mailFingerprint(reference, "A@B.example")).toBe(prints[0]);
  });
});
