import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from "playwright-core";
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
      browser = await chromium.launch({
        executablePath,
        args: ["--no-sandbox", "--disable-gpu"],
        ...asLongAsItTakes,
      });
    });
    afterAll(() => browser?.close());
    suite(() => {
      if (browser === undefined) throw new Error("the browser has not been started");
      return browser;
    });
  });
};

/** No test is timed; what hangs, the test itself ends. */
export const asLongAsItTakes = { timeout: 180_000 };

/** A browser window, and everything in it that should not have happened. */
export interface Watched {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Dialogs, errors of scripts, warnings of the console, violations of the content security policy, other hosts. */
  readonly noise: string[];
  /** Every address that was asked for. */
  readonly addresses: string[];
}

/** Opens a window, and watches it. */
export const openWindow = async (
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({ baseURL, ...options });
  context.setDefaultTimeout(asLongAsItTakes.timeout);
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
      const isStatus = message
        .text()
        .startsWith("Failed to load resource: the server responded with a status");
      if (["error", "warning"].includes(message.type()) && !isStatus)
        noise.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      addresses.push(request.url());
      if (!request.url().startsWith(baseURL)) noise.push(`another host: ${request.url()}`);
    });
  });
  return { context, page: await context.newPage(), noise, addresses };
};
