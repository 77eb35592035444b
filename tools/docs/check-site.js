// Looks at the built site in Chromium, as a reader would: on a desk and on a phone, in the light and in the dark.
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { delimiter, extname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { builtSite } from "./places.js";

const types = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};

/** Serves a folder on this machine. @returns its address, and how to end it. */
const serve = async (folder) => {
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://site").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    readFile(file).then(
      (content) => {
        response
          .writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream" })
          .end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
};

const widths = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

/** Runs in the page: what is wrong with it, as a person with or without good eyes would meet it. */
const lookAt = () => {
  const { document, location } = globalThis;
  const problems = [];
  const visible = (element) => element.getClientRects().length > 0;
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) {
    const wide = [...document.querySelectorAll("main *, .VPContent *")].find(
      (each) =>
        each.getBoundingClientRect().right > clientWidth + 1 && !each.closest(".table, .figure, pre, code"),
    );
    const culprit =
      wide === undefined ? "" : ` (${wide.tagName.toLowerCase()} "${wide.textContent.slice(0, 60)}")`;
    problems.push(`the page is ${scrollWidth} px wide on a screen of ${clientWidth}${culprit}`);
  }
  const headings = document.querySelectorAll("h1");
  if (headings.length !== 1) problems.push(`it has ${headings.length} first headings`);
  for (const image of document.querySelectorAll("img")) {
    if (!image.hasAttribute("alt")) problems.push(`an image has no name: ${image.getAttribute("src")}`);
    if (image.complete && image.naturalWidth === 0)
      problems.push(`an image is broken: ${image.getAttribute("src")}`);
  }
  for (const drawing of document.querySelectorAll("main svg[role=img]")) {
    const named = (drawing.getAttribute("aria-labelledby") ?? "")
      .split(" ")
      .map((id) => document.getElementById(id));
    if (named.length < 2 || named.some((each) => (each?.textContent ?? "").trim() === "")) {
      problems.push("a diagram has no name or no description");
    }
    const frame = drawing.getBoundingClientRect();
    for (const text of drawing.querySelectorAll("text")) {
      const { left, right, height } = text.getBoundingClientRect();
      if (left < frame.left - 1 || right > frame.right + 1)
        problems.push(`a diagram cuts off "${text.textContent}"`);
      if (height > 0 && height < 11) problems.push(`"${text.textContent}" in a diagram is ${height} px high`);
    }
  }
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
  if (twice.length > 0) problems.push(`ids stand twice: ${[...new Set(twice)].join(", ")}`);
  const left = document.querySelector(".vp-doc")?.innerHTML.includes("@include:");
  if (left) problems.push("an include leads nowhere");
  const links = [...document.querySelectorAll("a[href]")].filter(visible).map(({ href }) => href);
  return { problems, links: links.filter((href) => href.startsWith(location.origin)), ids };
};

const pathOf = (program) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));

const launch = async () => {
  const executablePath = pathOf("chromium");
  if (executablePath === undefined)
    throw new Error("the site is looked at in chromium: install Debian's package of that name");
  const quiet = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ];
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--no-first-run", ...quiet] });
};

/** One page at one width. @returns what is wrong, its links within the site, and the ids that it has. */
const visit = async (context, origin, path, screenshot) => {
  const page = await context.newPage();
  const noise = [];
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning")
      noise.push(`the console says: ${message.text()}`);
  });
  page.on("pageerror", (error) => noise.push(`a script failed: ${error.message}`));
  await page.route("**", (route) => {
    const url = route.request().url();
    if (url.startsWith(origin) || url.startsWith("data:")) return route.continue();
    noise.push(`it asks another host: ${url}`);
    return route.abort();
  });
  try {
    // The network may fall silent before a long page has been read to its end.
    await page.goto(`${origin}/${path}`, { waitUntil: "load", timeout: 0 });
    await page.waitForLoadState("networkidle", { timeout: 0 });
    const { problems, links, ids } = await page.evaluate(lookAt);
    if (screenshot !== undefined) await page.screenshot({ path: screenshot, fullPage: true });
    return { problems: [...noise, ...problems], links, ids };
  } finally {
    await page.close();
  }
};

/** Links within the site that lead to no page, or to a place that their page does not have. */
const deadLinks = (pages, origin) => {
  const idsOf = new Map([...pages].map(([path, { ids }]) => [path, new Set(ids)]));
  const dead = new Set();
  for (const [path, { links }] of pages) {
    for (const href of links) {
      const { pathname, hash } = new URL(href, origin);
      const target = decodeURIComponent(pathname.slice(1)).replace(/(^|\/)$/, "$1index.html");
      const ids = idsOf.get(target);
      const anchor = decodeURIComponent(hash.slice(1));
      if (ids === undefined) dead.add(`${path} links to ${target}, which is not there`);
      else if (anchor !== "" && !ids.has(anchor))
        dead.add(`${path} links to ${target}#${anchor}, which is not there`);
    }
  }
  return [...dead];
};

/** Most of a look is waiting for the network to fall silent: several pages wait at the same time. */
const PAGES_AT_ONCE = 6;

const { values: options } = parseArgs({
  options: {
    screenshots: { type: "string" },
    only: { type: "string" },
    site: { type: "string", default: builtSite },
  },
});

const all = (await readdir(options.site, { recursive: true })).filter(
  (path) => path.endsWith(".html") && path !== "404.html",
);
const paths = all.filter((path) => options.only === undefined || new RegExp(options.only).test(path)).sort();
if (paths.length === 0) throw new Error("there is no site to look at: run `npm run docs` first");
if (options.screenshots !== undefined) await mkdir(options.screenshots, { recursive: true });

const { origin, close } = await serve(options.site);
const browser = await launch();
const problems = [];
let looks = 0;
try {
  const seen = new Map();
  for (const [name, viewport] of Object.entries(widths)) {
    for (const colorScheme of options.screenshots === undefined ? ["light"] : ["light", "dark"]) {
      const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
      const left = [...paths];
      const look = async () => {
        for (let path = left.shift(); path !== undefined; path = left.shift()) {
          const picture = `${relative("", path).replaceAll(/[/@]/g, "-").replace(".html", "")}-${name}-${colorScheme}.png`;
          const screenshot = options.screenshots && join(options.screenshots, picture);
          const found = await visit(context, origin, path, screenshot);
          looks += 1;
          problems.push(...found.problems.map((problem) => `${path} at ${viewport.width} px: ${problem}`));
          seen.set(path, { ids: found.ids, links: [...(seen.get(path)?.links ?? []), ...found.links] });
        }
      };
      await Promise.all(Array.from({ length: PAGES_AT_ONCE }, look));
      await context.close();
    }
  }
  if (options.only === undefined) problems.push(...deadLinks(seen, origin));
} finally {
  await browser.close();
  close();
}
process.stdout.write(`${paths.length} pages, ${looks} looks, ${problems.length} problems\n`);
for (const problem of [...new Set(problems)].sort()) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
