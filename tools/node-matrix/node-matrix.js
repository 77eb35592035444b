// Installs the packed packages into an empty project, and there runs every conformance suite, of the adapters against
// their simulators, on each Node that is supported: `npm run node-matrix`, after a build.
import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { environmentOf, nodeBinary } from "./binaries.js";
import { outcomeOf } from "./outcome.js";
import { createProject } from "./project.js";

const execute = promisify(execFile);

const runOn = async (version, binary, folder, tests) => {
  const env = environmentOf(binary);
  const { stdout } = await execute(binary, ["imports.js"], { cwd: folder, env });
  const { node, imported, commands } = JSON.parse(stdout);
  if (node !== version) throw new Error(`the imports ran on Node ${node}, not on ${version}`);

  const report = join(folder, `${version}.json`);
  const options = ["run", "--reporter=json", `--outputFile=${report}`, "--testTimeout=180000"];
  const { stderr, error } = spawnSync(binary, ["node_modules/vitest/vitest.mjs", ...options], {
    cwd: folder,
    env,
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  const text = await readFile(report, "utf8").catch((cause) => {
    throw new Error(`vitest wrote no report on Node ${version}: ${stderr}`, { cause });
  });
  const { passed, skipped, problems } = outcomeOf(JSON.parse(text), tests);
  for (const problem of problems) process.stderr.write(`Node ${version}: ${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
  console.log(
    `Node ${version}: ${imported} modules imported, ${commands} command ran; conformance of ${tests.length} packages: ` +
      `${passed} tests passed, ${skipped} skipped, ${problems.length} problems`,
  );
};

const versions = JSON.parse(await readFile(new URL("versions.json", import.meta.url), "utf8"));
const folder = await mkdtemp(join(tmpdir(), "enrollkit-node-matrix-"));
try {
  const [{ packages, tests }, ...binaries] = await Promise.all([
    createProject(folder),
    ...versions.map(nodeBinary),
  ]);
  console.log(`${packages} packed packages installed into an empty project`);
  for (const [index, version] of versions.entries()) await runOn(version, binaries[index], folder, tests);
} finally {
  await rm(folder, { recursive: true, force: true });
}
