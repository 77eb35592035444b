import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Enrollment } from "@enrollkit/core";
import { chromium, type Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composeMessage } from "../src/mail/message.js";
import { sheetHtml, sheetLayouts } from "../src/sheet/sheet.js";
import { describeWithTool } from "./support/debian-tool.js";
import { artifact, beforeExpiry, issued } from "./support/issued.js";

const run = "document.title = 'ran'";

const attacks: readonly (readonly [string, string])[] = [
  ["a script", `<script>${run}</script>`],
  ["a script behind an attribute", `"><script>${run}</script>`],
  ["a script behind everything", `'"></code></a></style></title></textarea><script>${run}</script>`],
  ["an image", `"><img src=x onerror="${run}">`],
  ["a handler in an attribute", `" onfocus="${run}" autofocus tabindex=1 x="`],
  ["a drawing", `<svg onload="${run}"><animate onbegin="${run}" attributeName=x></svg>`],
  ["a frame", `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`],
  ["a link that is a script", `javascript:${run}`],
  ["a link that is a page", `data:text/html,<script>${run}</script>`],
  ["a link with a script behind it", `https://mdm.example.com/"onmouseover="${run}"><script>${run}</script>`],
  ["a style", `<style>@import url(/report)</style><link rel=stylesheet href=/report>`],
  ["a form", `<form action=/report><button autofocus>x</button></form><base href=/report>`],
];

/** An enrollment in which every text that comes from a person, a config or a vendor is the same. */
const full = (text: string): Enrollment =>
  issued({
    id: text,
    provider: text,
    vendor: text,
    key: text,
    profile: text,
    recipient: { name: text, email: "ana@example.com" },
    device: { id: text, name: text, serialNumber: text },
    artifacts: [artifact("enrollment-link", text), artifact("enrollment-code", text)],
    platform: "ios",
  });

const timeout = 60_000;

describeWithTool("chromium", "scripts in Chromium", (executablePath) => {
  let browser: Browser;
  let server: Server;
  let address: string;
  let document = "";
  let policy = "";
  const reports: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    server = createServer((request, response) => {
      if (request.url !== "/") reports.push(`${request.method ?? ""} ${request.url ?? ""}`);
      response.writeHead(request.url === "/" ? 200 : 204, {
        "content-type": "text/html; charset=utf-8",
        ...(policy !== "" && { "content-security-policy": policy }),
      });
      response.end(request.url === "/" ? document : "");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }, timeout);
  afterAll(async () => {
    await browser.close();
    server.closeAllConnections();
    server.close();
  });

  /** Opens a document, moves over everything in it, and tells what ran, what was asked for and what was stopped. */
  const open = async (html: string, contentSecurityPolicy: string) => {
    document = html;
    policy = contentSecurityPolicy;
    reports.length = 0;
    const page = await browser.newPage();
    const noise: string[] = [];
    page.on("dialog", (dialog) => {
      noise.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
    page.on("request", (request) => {
      // A mail client finds the QR code, which the mail brings along, by its cid.
      const expected = [address, `${address}favicon.ico`, "cid:qr-code@enrollkit"];
      if (!expected.includes(request.url())) noise.push(`request: ${request.url()}`);
    });
    await page.addInitScript(
      "addEventListener('securitypolicyviolation', (event) => (window.violations ??= []).push(event.violatedDirective))",
    );
    await page.goto(address);
    await page.evaluate(
      "document.querySelectorAll('*').forEach((each) => each.dispatchEvent(new Event('mouseover')))",
    );
    // The browser hands out violations and sends reports on its own time: after a frame it has queued them.
    await page.evaluate("new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))");
    const violations = await page.evaluate<string[]>("window.violations ?? []");
    const title = await page.title();
    const text = await page.evaluate<string>("document.body.textContent");
    const active = await page
      .locator(
        "script, iframe, form, base, link, object, embed, [onerror], [onload], [onfocus], [onmouseover]",
      )
      .count();
    const links = await page.evaluate<string[]>("[...document.links].map((link) => link.protocol)");
    await page.close();
    return {
      noise,
      violations,
      reports: reports.filter((each) => !each.includes("favicon")),
      title,
      text,
      active,
      links,
    };
  };

  const strict = "script-src 'none'; report-uri /report";

  /** The policy shows that nothing was tried; without one, that nothing ran though nothing stopped it. */
  const policies = [strict, ""];

  const expectNothing = ({
    noise,
    violations,
    reports: sent,
    title,
    active,
    links,
  }: Awaited<ReturnType<typeof open>>) => {
    expect({ noise, violations, sent, active }).toEqual({ noise: [], violations: [], sent: [], active: 0 });
    expect(title).not.toBe("ran");
    expect(links.filter((protocol) => !["http:", "https:"].includes(protocol))).toEqual([]);
  };

  it(
    "are noticed by these tests, where they are",
    async () => {
      const attacked = `<!doctype html><title>quiet</title><body><script>${run}</script><img src=x onerror="${run}">`;
      const stopped = await open(attacked, strict);
      expect(stopped.title).toBe("quiet");
      expect(stopped.violations).toContain("script-src-elem");
      expect(stopped.active).toBe(2);
      expect((await open(attacked, "")).title).toBe("ran");
    },
    timeout,
  );

  it.each(sheetLayouts)(
    "in every text of a sheet of %s stay text",
    async (layout) => {
      const html = await sheetHtml(
        attacks.map(([, text]) => full(text)),
        {
          layout,
          title: attacks.map(([, text]) => text).join(" "),
          timeZone: "Europe/Berlin",
          clock: { now: () => beforeExpiry },
        },
      );
      for (const each of policies) {
        const seen = await open(html, each);
        expectNothing(seen);
        // The heading, profile, device or serial number, the link and the code.
        for (const [, text] of attacks) expect(seen.text.split(text).length - 1).toBeGreaterThanOrEqual(4);
      }
    },
    timeout,
  );

  it.each(attacks)(
    "in every text of a mail stay text: %s",
    async (_, text) => {
      const { html } = composeMessage(full(text), { timeZone: "Europe/Berlin" }, beforeExpiry);
      for (const each of policies) {
        const seen = await open(html.reveal(), each);
        expectNothing(seen);
        // The greeting, the link and the code.
        expect(seen.text.split(text).length - 1).toBeGreaterThanOrEqual(3);
      }
    },
    timeout,
  );
});
