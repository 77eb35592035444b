// Publishes every package, each with the provenance that a CI signs: `npm run release`, in a CI job and after
// `npx changeset version`. With --dry-run nothing is sent, and what speaks against a release is only told.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { findPublishedPackages, root } from "../supply-chain/packages.js";
import { inOrder, releaseProblems } from "./plan.js";
import { publishPackage } from "./publish-package.js";

const execute = promisify(execFile);

const changesIn = async () => {
  const { stdout } = await execute("git", ["status", "--porcelain"], { cwd: root });
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((line) => line.slice(3));
};

/** Changesets whose version is not out; those of a prerelease stay until it ends. */
const waitingChangesets = async () => {
  const folder = join(root, ".changeset");
  const names = await readdir(folder);
  const taken = names.includes("pre.json")
    ? JSON.parse(await readFile(join(folder, "pre.json"), "utf8")).changesets
    : [];
  return names
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .map((name) => name.slice(0, -".md".length))
    .filter((name) => !taken.includes(name));
};

const { values } = parseArgs({ options: { "dry-run": { type: "boolean", default: false } } });
const isDryRun = values["dry-run"];
const packages = findPublishedPackages();
const problems = releaseProblems({
  packages,
  changes: await changesIn(),
  changesets: await waitingChangesets(),
  environment: process.env,
});
for (const problem of problems)
  process.stderr.write(`${isDryRun ? "a release would be refused: " : ""}${problem}\n`);
if (problems.length > 0 && !isDryRun) process.exitCode = 1;
else {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-release-"));
  try {
    for (const published of inOrder(packages)) {
      const { name, version } = published.manifest;
      const options = { isDryRun, isSigned: !isDryRun, environment: process.env };
      console.log(`${name} ${version}: ${await publishPackage(published, folder, options)}`);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
