import { createHash } from "node:crypto";
import type { Enrollment } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifact, beforeExpiry, issued } from "../../test/support/issued.js";
import { provisioningPayload } from "../../test/support/payloads.js";
import { sheet, sheetHtml, type SheetOptions } from "./sheet.js";

const clock = { now: () => beforeExpiry };

const html = (enrollments: readonly Enrollment[], options: Partial<SheetOptions> = {}) =>
  sheetHtml(enrollments, { timeZone: "Europe/Berlin", clock, ...options });

const count = (text: string, part: string) => text.split(part).length - 1;

const token = artifact("enrollment-token", "TOKENTOKENTOKEN");
const link = artifact("enrollment-link", "https://mdm.example.com/LINKLINK?a=1&b=2");
const payload = artifact("provisioning-qr", provisioningPayload());

describe("a card", () => {
  it.each<[string, Partial<Enrollment>, string]>([
    ["the person", { device: { name: "Phone 7" } }, "Ana Müller"],
    [
      "the device",
      { recipient: { name: " ", email: "ana@example.com" }, device: { name: "Phone 7" } },
      "Phone 7",
    ],
    ["the address, where there is no name", { recipient: { email: "ana@example.com" } }, "ana@example.com"],
    ["the serial number", { recipient: undefined, device: { serialNumber: "R58N" } }, "R58N"],
    ["the caller's key", { recipient: undefined, key: "row-7" }, "row-7"],
    ["its place on the sheet", { recipient: undefined }, "Device 1"],
  ])("is headed by %s", async (_, changes, heading) => {
    expect(await html([issued(changes)])).toContain(`<h2 id="card-1"><bdi>${heading}</bdi></h2>`);
  });

  it("tells devices of one name apart", async () => {
    const text = await html([
      issued({
        platform: "android",
        management: "work-profile",
        profile: "sales",
        device: { name: "Phone 7", serialNumber: "R58N" },
      }),
    ]);
    expect(text).toContain(
      '<ul class="about"><li><bdi>Android</bdi></li><li><bdi>work profile</bdi></li>' +
        "<li><bdi>Set up as: sales</bdi></li>" +
        "<li><bdi>Device: Phone 7</bdi></li><li><bdi>Serial number: R58N</bdi></li></ul>",
    );
  });

  it("shows no address beside a name", async () => {
    expect(await html([issued()])).not.toContain("ana@example.com");
  });

  it("shows a link in full, to open and to copy", async () => {
    const shown = "https://mdm.example.com/LINKLINK?a=1&amp;b=2";
    expect(await html([issued({ artifacts: [link, token] })])).toContain(
      `<a class="copy" href="${shown}" rel="noopener noreferrer">${shown}</a>`,
    );
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "//example.com", "intent://x#Intent;end", "no link"])(
    "makes no link to open of %s",
    async (value) => {
      const text = await html([issued({ artifacts: [artifact("enrollment-link", value)] })]);
      expect(text).not.toContain("<a ");
      expect(text).toContain(`<span class="copy">${value}</span>`);
    },
  );

  it.each([
    ["a payload", [token, payload]],
    ["a link", [token, link]],
  ])("keeps the token to itself where there is %s", async (_, artifacts) => {
    const text = await html([issued({ artifacts })]);
    expect(text).not.toContain("TOKENTOKENTOKEN");
    expect(text).not.toContain("EXTRA_ENROLLMENT_TOKEN");
    expect(count(text, "<svg")).toBe(1);
  });

  it("shows the token where there is no other way in", async () => {
    const text = await html([issued({ artifacts: [token] })]);
    expect(text).toContain('<code class="copy">TOKENTOKENTOKEN</code>');
    expect(text).not.toContain("<svg");
  });

  it("that has expired says so, and shows no way in", async () => {
    const text = await html([issued({ expiresAt: "2026-09-20T09:00:00Z", artifacts: [link, token] })]);
    expect(text).toContain('class="card expired"');
    expect(text).toContain("Expired on Sunday, September 20, 2026");
    expect(text).not.toMatch(/<svg|LINKLINK|TOKEN/);
  });

  it.each<[Enrollment["uses"], string]>([
    ["one", "Works once, for one device."],
    [1, "Works once, for one device."],
    [5, "Works for 5 devices."],
    ["unlimited", "Works for any number of devices."],
  ])("tells that it works for: %s", async (uses, sentence) => {
    expect(await html([issued({ uses })])).toContain(`<p>${sentence} Do not pass it on.</p>`);
  });

  it("speaks its reader's language, in the reader's time zone", async () => {
    const text = await html([issued({ key: "one" }), issued({ key: "two" })], {
      readerOf: ({ key }) => (key === "two" ? { language: "de", timeZone: "UTC" } : undefined),
    });
    expect(text).toContain('<html lang="en" dir="ltr">');
    const [english = "", german = ""] = text.split("<article").slice(1);
    expect(english).toMatch(/lang="en"[^]*Valid until Friday, September 25, 2026 at 2:30/);
    expect(german).toMatch(/lang="de"[^]*Gültig bis Freitag, 25. September 2026 um 12:30 UTC/);
  });
});

describe("a sheet", () => {
  it.each([0, 1, 2, 3])("of %i labels closes what it opens", async (length) => {
    const text = await html(
      Array.from({ length }, () => issued()),
      { layout: "labels" },
    );
    expect(count(text, "<article")).toBe(length);
    expect(count(text, '<div class="row">')).toBe(Math.ceil(length / 2));
    expect(count(text, "<div")).toBe(count(text, "</div>"));
  });

  it("allows its own style and nothing else", async () => {
    const text = await html([issued()]);
    const style = /<style>([^]*)<\/style>/.exec(text)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(text).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(text).not.toMatch(/<script|\sstyle=|\son\w+=|\ssrc=|url\(|@import/i);
  });

  it("lets no text become markup, wherever it stands", async () => {
    const structure = (text: string) => text.replaceAll(/[^<>"']/g, "");
    const withText = (text: string) =>
      html(
        [
          issued({
            recipient: { name: `x${text}` },
            device: { name: `x${text}`, serialNumber: `x${text}` },
            artifacts: [artifact("enrollment-code", `x${text}`)],
          }),
        ],
        { title: `x${text}` },
      );
    const harmless = structure(await withText(" y"));
    const hostile = fc.string({
      unit: fc.constantFrom("<", ">", "&", '"', "'", "/", "=", "x", "script", "</title>", "</style>", "-->"),
    });
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        expect(structure(await withText(` y${text}`))).toBe(harmless);
      }),
    );
  });

  it("comes in pieces, and reads no farther than it has written", async () => {
    let read = 0;
    const source = function* () {
      for (;;) {
        read += 1;
        yield issued();
      }
    };
    const pieces = sheet(source(), { timeZone: "UTC", clock });
    await pieces.next();
    expect(read).toBe(0);
    await pieces.next();
    await pieces.next();
    expect(read).toBe(2);
    await pieces.return();
  });

  it("takes the title that it is given", async () => {
    const text = await html([issued()], { title: "Welcome to ACME & Co" });
    expect(count(text, "Welcome to ACME &amp; Co")).toBe(3);
  });

  it.each<[string, Partial<SheetOptions>, object]>([
    ["a time zone", { timeZone: "Mars/Olympus" }, { code: "invalid-request", path: "timeZone" }],
    ["a language", { language: "tlh" }, { code: "unsupported", path: "language" }],
    [
      "a reader's language",
      { readerOf: () => ({ language: "tlh" }) },
      { code: "unsupported", path: "enrollments[0].language" },
    ],
    [
      "a reader's time zone",
      { readerOf: () => ({ timeZone: "Mars/Olympus" }) },
      { code: "invalid-request", path: "enrollments[0].timeZone" },
    ],
  ])("refuses %s that there is not", async (_, options, error) => {
    await expect(html([issued()], options)).rejects.toMatchObject(error);
  });

  it("names the enrollment that nobody could use, and its place", async () => {
    await expect(html([issued(), issued({ artifacts: [] })])).rejects.toMatchObject({
      code: "invalid-request",
      path: "enrollments[1].artifacts",
    });
  });

  it("names the payload that no QR code can hold", async () => {
    const long = artifact("provisioning-qr", JSON.stringify({ extra: "x".repeat(3000) }));
    await expect(html([issued({ artifacts: [long] })])).rejects.toMatchObject({
      code: "invalid-request",
      path: "enrollments[0].payload",
    });
  });

  it("does not take the machine's time zone for the reader's", async () => {
    const options = JSON.parse("{}") as SheetOptions;
    await expect(sheetHtml([issued()], options)).rejects.toMatchObject({
      path: "timeZone",
      message: "timeZone is missing",
    });
  });

  it("refuses a layout that there is not", async () => {
    const options = JSON.parse('{"timeZone":"UTC","layout":"booklet"}') as SheetOptions;
    await expect(sheetHtml([issued()], options)).rejects.toMatchObject({
      code: "invalid-request",
      path: "layout",
      message: "layout must be one of: pages, labels",
    });
  });
});
