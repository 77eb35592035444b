import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";
import { startChild } from "./child.js";
import { atMost, forComparison, insist, median } from "./results.js";

const megabyte = 1024 * 1024;
const written = 1000;
const rendered = 500;

const write = async (settings) => {
  const child = await startChild(new URL("./sheet-process.js", import.meta.url), settings);
  try {
    return await child.ask("run");
  } finally {
    await child.stop();
  }
};

const chromiumPath = () =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "chromium"))
    .find((path) => existsSync(path));

const launch = (executablePath) => {
  const { chromium } = createRequire(new URL("../../packages/provisioning/package.json", import.meta.url))(
    "playwright-core",
  );
  const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", ...quiet],
  });
};

/** Seconds from the call until the whole document is laid out, and until it is a PDF. */
const render = async (browser, file) => {
  const page = await browser.newPage();
  try {
    const started = performance.now();
    await page.goto(pathToFileURL(file).href);
    const height = await page.evaluate("document.querySelector('main').getBoundingClientRect().height");
    const laidOut = performance.now();
    insist(height > 0, "the sheet is empty");
    await page.pdf({ format: "A4" });
    return { layout: (laidOut - started) / 1000, pdf: (performance.now() - laidOut) / 1000 };
  } finally {
    await page.close();
  }
};

const renderAll = async (executablePath, file, rounds) => {
  const browser = await launch(executablePath);
  try {
    const runs = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await render(browser, file));
    return [
      atMost(
        5,
        `${rendered} cards in Chromium, loaded and laid out`,
        median(runs.map(({ layout }) => layout)),
        "s",
      ),
      forComparison(
        `${rendered} cards in Chromium, printed as a PDF`,
        median(runs.map(({ pdf }) => pdf)),
        "s",
      ),
    ];
  } finally {
    await browser.close();
  }
};

/** @returns {Promise<import("./results.js").Findings>} */
export const sheet = async ({ quick }) => {
  const rounds = quick ? 1 : 5;
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-bench-"));
  const output = join(folder, "sheet.html");
  try {
    const runs = [];
    for (let round = 0; round < rounds; round += 1) {
      runs.push(await write({ cards: written, layout: "labels", output }));
    }
    await write({ cards: rendered, layout: "labels", output });
    const chromium = chromiumPath();
    return {
      results: [
        atMost(3, `${written} cards, written`, median(runs.map(({ seconds }) => seconds)), "s"),
        forComparison(`${written} cards, CPU time`, median(runs.map(({ cpuSeconds }) => cpuSeconds)), "s"),
        atMost(
          200,
          `${written} cards, peak memory`,
          Math.max(...runs.map(({ peak }) => peak)) / megabyte,
          "MB",
        ),
        forComparison(`${written} cards, file`, runs[0].size / megabyte, "MB"),
        ...(chromium === undefined ? [] : await renderAll(chromium, output, rounds)),
      ],
      notes: [
        `Labels with Android's payload, the largest codes there are, written piece by piece to a file. Medians of ${rounds}, ` +
          "each sheet by a process of its own; memory is the largest resident set of any.",
        ...(chromium === undefined ? ["Nothing was rendered: there is no chromium on this machine."] : []),
      ],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
};
