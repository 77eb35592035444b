// Asks the registry for known holes in what the published packages pull in. A registry that has no audit, or none at
// all, is no failure of a change: that is said loudly, and only what was found fails. With --required it fails too.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { auditVerdict } from "./audit-verdict.js";
import { root } from "./packages.js";

const pnpm = join(root, "node_modules/pnpm/bin/pnpm.cjs");
const { stdout, stderr, error } = spawnSync(process.execPath, [pnpm, "audit", "--prod", "--json"], {
  cwd: root,
  encoding: "utf8",
});
if (error !== undefined) throw error;
if (stdout.trim() === "") throw new Error(`the audit printed nothing: ${stderr}`);

const { outcome, lines } = auditVerdict(stdout);
const write = outcome === "clean" ? console.log : (line) => process.stderr.write(`${line}\n`);
for (const line of lines) write(line);
if (outcome === "vulnerable") process.exitCode = 1;
if (outcome === "skipped" && process.argv.includes("--required")) process.exitCode = 2;
