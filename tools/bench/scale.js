import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "./child.js";
import { atLeast, atMost, forComparison } from "./results.js";

const megabyte = 1024 * 1024;

const measure = async (folder, rows, input) => {
  const child = await startChild(new URL("./scale-process.js", import.meta.url), {
    rows,
    input,
    output: join(folder, "outcomes.jsonl"),
  });
  try {
    return { rows, input, ...(await child.ask("run")) };
  } finally {
    await child.stop();
  }
};

const count = (value) => Math.round(value).toLocaleString("en-US");

/** @returns {Promise<import("./results.js").Findings>} */
export const scale = async ({ quick }) => {
  const sizes = quick ? [1000, 10_000] : [1000, 10_000, 100_000, 1_000_000];
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-bench-"));
  try {
    const runs = [];
    for (const rows of sizes) runs.push(await measure(folder, rows, "csv"));
    const engineAlone = await measure(folder, quick ? 10_000 : 100_000, "memory");
    const largest = runs.at(-1);
    const tenThousand = runs.find(({ rows }) => rows === 10_000);
    const fastest = Math.max(...runs.slice(0, -1).map(({ rowsPerSecond }) => rowsPerSecond));
    const size = count(largest.rows);
    return {
      results: [
        ...(quick
          ? []
          : [
              atMost(1.2, `peak memory, ${size} rows ÷ 10,000 rows`, largest.peak / tenThousand.peak),
              atLeast(
                0.9,
                `rows a second, ${size} rows ÷ the fastest of the smaller sizes`,
                largest.rowsPerSecond / fastest,
                "×",
              ),
            ]),
        atLeast(50_000, `rows a second, ${size} rows`, largest.rowsPerSecond, "rows/s"),
        forComparison(
          `rows a second without the CSV reader, ${count(engineAlone.rows)} rows`,
          engineAlone.rowsPerSecond,
          "rows/s",
        ),
      ],
      notes: [
        "Rows come as text through the command's CSV reader, pass the engine, and go to a file as JSON, one outcome a " +
          "line. The provider is a plain object made for this benchmark: what is measured is the engine. One process " +
          "for each size; memory is its largest resident set.",
        ...(quick
          ? ["--quick leaves the larger sizes out, and with them what memory and speed do there."]
          : []),
      ],
      table: [
        ["rows", "from", "rows a second", "peak memory, MB"],
        ...[...runs, engineAlone].map(({ rows, input, rowsPerSecond, peak }) => [
          count(rows),
          input === "csv" ? "CSV" : "objects",
          count(rowsPerSecond),
          Math.round(peak / megabyte),
        ]),
      ],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
};
