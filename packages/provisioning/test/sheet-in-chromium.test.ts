import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Enrollment } from "@enrollkit/core";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { sheetHtml, sheetLayouts, type SheetLayout, type SheetOptions } from "../src/sheet/sheet.js";
import { describeWithTool } from "./support/debian-tool.js";
import { artifact, beforeExpiry, issued } from "./support/issued.js";
import { provisioningPayload } from "./support/payloads.js";
import { readWithZbar } from "./support/zbarimg.js";

const address = "https://sheet.example/";

/** The space that A4 leaves between the margins, at 96 dots an inch. */
const paper = { width: 733, height: 1062 };

const html = (enrollments: readonly Enrollment[], options: Partial<SheetOptions> = {}) =>
  sheetHtml(enrollments, { timeZone: "Europe/Berlin", clock: { now: () => beforeExpiry }, ...options });

/** One more than fit on a page of labels, each with all that a card may say of a device. */
const scannable = Array.from({ length: 7 }, (_, index) => {
  const about: Partial<Enrollment> = {
    recipient: { name: `Alexandra Hohenlohe-Waldenburg ${index}` },
    profile: "sales-emea",
    device: { name: `Samsung Galaxy A54 #${index}`, serialNumber: `R58N12345${index}` },
  };
  const link = `https://mdm.example.com/enroll/${index}?token=QWJKLPRTZXCVBNMASDFG`;
  return index % 2 === 0
    ? issued({
        ...about,
        platform: "android",
        management: "dedicated",
        artifacts: [artifact("provisioning-qr", provisioningPayload({ place: index }))],
      })
    : issued({
        ...about,
        platform: "ios",
        management: "user-enrollment",
        artifacts: [artifact("enrollment-link", link), artifact("enrollment-code", "Q7M2K9PXA")],
      });
});

/** Names, and a link of 500 characters, longer than they come, between cards of the usual size. */
const oversized = scannable.map((each, index) =>
  index % 3 === 0
    ? issued({
        recipient: { name: "Hohenlohe-Waldenburg-Schillingsfürst ".repeat(12) },
        device: { name: "x".repeat(100), serialNumber: "0".repeat(40) },
        artifacts: [artifact("enrollment-link", `https://mdm.example.com/${"aB3-".repeat(125)}`)],
      })
    : each,
);

const hostileNames = [
  "<script>document.title = 'ran'</script>",
  `"><img src=x onerror="document.title = 'ran'">`,
  "</h2></article></main><svg onload=alert(1)>",
  "</style><style>* { display: none }</style>",
  "</title><base href=https://evil.example/>",
  "<!-- <!--> --!> ]]> &lt; &amp;amp; ${1} {name}",
  "<a href=javascript:alert(1)>x</a>",
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
];

const timeout = 60_000;

describeWithTool("chromium", "a sheet in Chromium", (executablePath) => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    });
  }, timeout);
  afterAll(() => browser.close());

  /** Opens a document without a network; `noise` is whatever the browser complained about or asked for beyond it. */
  const open = async (document: string, options: BrowserContextOptions = {}) => {
    const page = await browser.newPage(options);
    const noise: string[] = [];
    page.on("console", (message) => noise.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
    page.on("dialog", (dialog) => {
      noise.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.route("**", (route) => {
      if (route.request().url() === address)
        return route.fulfill({ body: document, contentType: "text/html" });
      noise.push(`request: ${route.request().url()}`);
      return route.abort();
    });
    await page.goto(address);
    return { page, noise };
  };

  it.each(sheetLayouts)(
    "%s: hostile text stays text, and nothing is loaded or run",
    async (layout) => {
      const [title = ""] = hostileNames;
      const cards = hostileNames.map((name) =>
        issued({ recipient: { name }, device: { serialNumber: name } }),
      );
      const { page, noise } = await open(await html(cards, { layout, title }));
      expect(await page.locator("h2").allTextContents()).toStrictEqual(hostileNames);
      expect(await page.title()).toBe(title);
      expect(await page.locator("script, img, base, meta[http-equiv=refresh]").count()).toBe(0);
      expect(await page.locator("a").count()).toBe(cards.length);
      expect(noise).toStrictEqual([]);
      await page.close();
    },
    timeout,
  );

  it(
    "runs no script even where one stands in it, and applies its own style",
    async () => {
      const document = (await html([issued()])).replace(
        "</main>",
        "<script>document.title = 'ran'</script></main>",
      );
      const { page, noise } = await open(document);
      expect(await page.title()).toBe("Set up your device");
      expect(noise.join()).toContain("Content Security Policy");
      expect(await page.evaluate<string>("getComputedStyle(document.querySelector('.card')).display")).toBe(
        "grid",
      );
      await page.close();
    },
    timeout,
  );

  it(
    "has landmarks, headings and names for those who listen to it",
    async () => {
      const { page } = await open(
        await html([issued(), issued({ recipient: { name: "Ivo" } })], { language: "de" }),
      );
      expect(await page.getByRole("main").count()).toBe(1);
      expect(await page.getByRole("heading", { level: 1, name: "Richten Sie Ihr Gerät ein" }).count()).toBe(
        1,
      );
      const card = page.getByRole("article", { name: "Ana Müller" });
      expect(await card.getByRole("heading", { level: 2 }).count()).toBe(1);
      expect(await card.getByRole("img").count()).toBe(1);
      expect(await card.getByRole("img", { name: "QR-Code zum Scannen mit dem Gerät" }).count()).toBe(1);
      expect(await card.getAttribute("lang")).toBe("de");
      await page.close();
    },
    timeout,
  );

  it.each(sheetLayouts)(
    "%s: fits a phone's width, and stays dark on light",
    async (layout) => {
      const viewport = { width: 360, height: 800 };
      const { page } = await open(await html(oversized, { layout }), { viewport, colorScheme: "dark" });
      expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBe(viewport.width);
      const background = "getComputedStyle(document.querySelector('.card')).backgroundColor";
      expect(await page.evaluate<string>(background)).toBe("rgb(255, 255, 255)");
      await page.close();
    },
    timeout,
  );

  /** A link at the top and one at the bottom of each card: in a PDF, each page lists its links. */
  const markCorners = `document.querySelectorAll(".card").forEach((card, index) => {
    card.style.position = "relative";
    for (const edge of ["top", "bottom"]) {
      const corner = document.createElement("a");
      corner.href = "https://corner.example/" + edge + "/" + index;
      corner.textContent = ".";
      Object.assign(corner.style, { position: "absolute", right: 0, [edge]: "4px", lineHeight: 1 });
      card.append(corner);
    }
  })`;

  /** Prints page after page; of each, the cards that begin and those that end on it. */
  const printedPages = async (page: Page, format: string) => {
    await page.evaluate(markCorners);
    const pages: { readonly begin: readonly string[]; readonly end: readonly string[] }[] = [];
    for (;;) {
      const pageRanges = String(pages.length + 1);
      const pdf = await page.pdf({ format, pageRanges }).catch((error: unknown) => {
        if (error instanceof Error && error.message.includes("Page range exceeds page count"))
          return undefined;
        throw error;
      });
      if (pdf === undefined) return pages;
      const cards = (edge: string) =>
        [...pdf.toString("latin1").matchAll(new RegExp(`corner\\.example/${edge}/(\\d+)`, "g"))]
          .map(([, index = ""]) => index)
          .sort((one, other) => Number(one) - Number(other));
      pages.push({ begin: cards("top"), end: cards("bottom") });
    }
  };

  const printings: readonly [SheetLayout, number, string][] = [
    ["pages", 3, "A4"],
    ["pages", 3, "Letter"],
    ["labels", 7, "A4"],
    ["labels", 7, "Letter"],
  ];

  it.each(printings)(
    "%s: %i cards take as many pages of %s as the layout says, each whole on one of them",
    async (layout, length, format) => {
      // German needs more room than English.
      const { page } = await open(await html(scannable.slice(0, length), { layout, language: "de" }));
      const pages = await printedPages(page, format);
      const perPage = layout === "pages" ? 1 : 6;
      const expected = Array.from({ length: Math.ceil(length / perPage) }, (_, number) =>
        scannable
          .map((_, index) => String(index))
          .slice(number * perPage, Math.min(length, (number + 1) * perPage)),
      );
      expect(pages).toStrictEqual(expected.map((cards) => ({ begin: cards, end: cards })));
      await page.close();
    },
    timeout,
  );

  it.each(printings)(
    "%s: none of %i cards breaks on %s, however long its texts",
    async (layout, length, format) => {
      const { page } = await open(await html(oversized.slice(0, length), { layout, language: "de" }));
      const pages = await printedPages(page, format);
      const all = Array.from({ length }, (_, index) => String(index));
      expect(pages.flatMap(({ begin }) => begin)).toStrictEqual(all);
      for (const { begin, end } of pages) expect(end).toStrictEqual(begin);
      await page.close();
    },
    timeout,
  );

  describeWithTool("zbarimg", "its pictures", (zbarimg) => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), "enrollkit-sheet-"));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    const cards = scannable.slice(0, 2);
    const payloads = cards.map(({ artifacts: [shown] }) =>
      shown !== undefined && "value" in shown ? shown.value.reveal() : "",
    );

    it.each([
      ...sheetLayouts.map((layout) => ["paper", layout, paper] as const),
      ...sheetLayouts.map((layout) => ["a phone", layout, { width: 360, height: 800 }] as const),
    ])(
      "on %s, %s: every code scans",
      async (medium, layout, viewport) => {
        const { page } = await open(await html(cards, { layout }), { viewport, deviceScaleFactor: 2 });
        if (medium === "paper") await page.emulateMedia({ media: "print" });
        const pictures = cards.map((_, index) => join(folder, `${layout}-${index}.png`));
        for (const [index, path] of pictures.entries()) {
          await page.locator(".card").nth(index).screenshot({ path });
        }
        expect(pictures.map((picture) => readWithZbar(zbarimg, picture))).toStrictEqual(payloads);
        await page.close();
      },
      timeout,
    );
  });
});
