// Asks the registry, by npm's own client, for known holes in what the published packages pull in. A registry that has no
// audit, or none at all, is no failure of a change: that is said loudly, and only what was found fails. With --required it
// fails too.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auditProject } from "./audit-project.js";
import { auditVerdict } from "./audit-verdict.js";
import { closureOf, directOf } from "./graph.js";
import { findPublishedPackages, readLockfile } from "./packages.js";

const lockfile = readLockfile();
const locked = closureOf(
  lockfile,
  findPublishedPackages().flatMap((published) => directOf(lockfile, published).others),
);

/** @returns {string} what npm printed; it ends with 1 both for a hole and for no answer. */
const askRegistry = () => {
  const folder = mkdtempSync(join(tmpdir(), "enrollkit-audit-"));
  try {
    const { manifest, packageLock } = auditProject(lockfile, locked);
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(packageLock));
    // An outer npm that was told to be silent would silence this one.
    const words = ["audit", "--json", "--package-lock-only", "--loglevel=error"];
    const { stdout, stderr, error } = spawnSync("npm", words, { cwd: folder, encoding: "utf8" });
    if (error !== undefined) throw error;
    if (stdout.trim() === "") throw new Error(`the audit printed nothing: ${stderr}`);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const { outcome, lines } = auditVerdict(askRegistry(), locked.length);
const write = outcome === "clean" ? console.log : (line) => process.stderr.write(`${line}\n`);
for (const line of lines) write(line);
if (outcome === "vulnerable") process.exitCode = 1;
if (outcome === "skipped" && process.argv.includes("--required")) process.exitCode = 2;
