import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import jsqr from "jsqr";
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, it } from "vitest";

const pathOf = (program: string): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));

/**
 * Tests that need a real browser. Where there is none they are skipped by name, and in CI they fail: there, nobody would
 * notice that they never ran.
 */
export const describeInChromium = (title: string, suite: (browser: () => Browser) => void): void => {
  const executablePath = pathOf("chromium");
  if (executablePath === undefined) {
    const missing = `${title}: needs chromium, of Debian's package chromium`;
    it.skipIf((process.env["CI"] ?? "") === "")(missing, () => {
      throw new Error(missing);
    });
    return;
  }
  describe(title, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
    });
    afterAll(() => browser?.close());
    suite(() => {
      if (browser === undefined) throw new Error("the browser has not been started");
      return browser;
    });
  });
};

/** A browser window, and everything in it that should not have happened. */
export interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Dialogs, errors of scripts, warnings of the console, violations of the content security policy, other hosts. */
  readonly noise: string[];
  /** Every address that was asked for. */
  readonly addresses: string[];
}

/** Opens a window. Times are short: whatever a test waits for is on its way. */
export const openWindow = async (
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({ baseURL, ...options });
  const noise: string[] = [];
  const addresses: string[] = [];
  await context.exposeFunction("tellViolation", (text: string) => noise.push(`violation: ${text}`));
  await context.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => tellViolation(event.violatedDirective + ' ' + event.blockedURI))",
  );
  context.on("page", (page) => {
    page.on("dialog", (dialog) => {
      noise.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("pageerror", (error) => noise.push(`error: ${error.message}`));
    page.on("console", (message) => {
      // A refused form is shown as a page of its own, of which the browser says its status.
      const isStatus = message.text().startsWith("Failed to load resource: the server responded with a status");
      if (["error", "warning"].includes(message.type()) && !isStatus) noise.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      addresses.push(request.url());
      if (!request.url().startsWith(baseURL)) noise.push(`another host: ${request.url()}`);
    });
  });
  return { context, page: await context.newPage(), noise, addresses };
};

/** The pixels of a picture, as a browser sees them: four bytes each, in base64. */
const readPixels = `async (picture) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  const { data } = drawing.getImageData(0, 0, image.width, image.height);
  let text = "";
  for (let start = 0; start < data.length; start += 8192) text += String.fromCharCode(...data.subarray(start, start + 8192));
  return { width: image.width, height: image.height, pixels: btoa(text) };
}`;

/** What a camera reads that is held before the screen. */
export const scanScreen = async (browser: Browser, screen: Page): Promise<string | undefined> => {
  const picture = await screen.screenshot({ fullPage: true });
  const page = await browser.newPage();
  try {
    const { width, height, pixels } = await page.evaluate<{ width: number; height: number; pixels: string }>(
      `(${readPixels})(${JSON.stringify(picture.toString("base64"))})`,
    );
    // The package is CommonJS: the function is a member of what is imported.
    return jsqr.default(new Uint8ClampedArray(Buffer.from(pixels, "base64")), width, height)?.data;
  } finally {
    await page.close();
  }
};
