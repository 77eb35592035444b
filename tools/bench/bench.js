// The benchmarks: `npm run bench`, with --quick in under a minute, with --only NAME one of them, with --json for
// machines. What is not quick is written into docs/benchmarks.md. Goals that are missed are results, and no failure of
// the run.
import os from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { cost } from "./cost.js";
import { isolation } from "./isolation.js";
import { latencyBound } from "./latency.js";
import { ledgerQueries } from "./ledger-queries.js";
import { ledgerCost, workers } from "./ledger-runs.js";
import { listeners } from "./listeners.js";
import { qr } from "./qr.js";
import { quota } from "./quota.js";
import { toText, writePage } from "./report.js";
import { scale } from "./scale.js";
import { sheet } from "./sheet.js";
import { start } from "./start.js";

const benchmarks = {
  quota: { title: "Quota efficiency", measure: quota },
  latency: { title: "Latency bound", measure: latencyBound },
  cost: { title: "Cost per create", measure: cost },
  listeners: { title: "Cost of listeners", measure: listeners },
  scale: { title: "Scale", measure: scale },
  start: { title: "Start", measure: start },
  isolation: { title: "Isolation of culprits", measure: isolation },
  ledger: { title: "Cost of a ledger", measure: ledgerCost },
  workers: { title: "Many workers", measure: workers },
  queries: { title: "Questions to a large ledger", measure: ledgerQueries },
  qr: { title: "QR codes", measure: qr },
  sheet: { title: "Printable sheet", measure: sheet },
};

class UsageError extends Error {}

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      only: { type: "string" },
    },
  });
  if (values.only !== undefined && !Object.hasOwn(benchmarks, values.only)) {
    throw new UsageError(`--only takes one of: ${Object.keys(benchmarks).join(", ")}`);
  }
  return values;
};

const run = async ({ quick, json, only }) => {
  const sections = [];
  for (const name of only === undefined ? Object.keys(benchmarks) : [only]) {
    const { title, measure } = benchmarks[name];
    if (!json) process.stderr.write(`measuring: ${name}\n`);
    const [load] = os.loadavg();
    const findings = await measure({ quick });
    sections.push({ title, findings, load });
    if (!json) console.log(toText(title, findings));
  }
  if (json) {
    const results = sections.flatMap(({ findings }) => findings.results);
    console.log(JSON.stringify(results, undefined, 2));
  }
  if (quick) return;
  const page = fileURLToPath(new URL("../../docs/benchmarks.md", import.meta.url));
  const titles = Object.values(benchmarks).map(({ title }) => title);
  await writePage(page, sections, titles);
  if (!json) console.log("\nwritten: docs/benchmarks.md");
};

try {
  await run(readOptions());
} catch (error) {
  const isUsage = error instanceof UsageError || error?.code?.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`${isUsage ? error.message : (error?.stack ?? error)}\n`);
  process.exitCode = 1;
}
