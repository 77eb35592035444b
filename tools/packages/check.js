// Packs every published package and looks at the archives as an app would get them: `npm run packages:check`, after a build.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { findPublishedPackages, root } from "../supply-chain/packages.js";
import { contentProblems } from "./content.js";
import { entryPointsOf } from "./entry-points.js";
import { pack, unpack } from "./pack.js";

const attwManifest = fileURLToPath(import.meta.resolve("@arethetypeswrong/cli/package.json"));
const attw = join(dirname(attwManifest), JSON.parse(readFileSync(attwManifest, "utf8")).bin.attw);

/** The types, as each way of importing finds them. @type {(tarball: string, folder: string, manifest: any) => string[]} */
const typeProblems = (tarball, folder, manifest) => {
  // All by name: it does not look behind a path with a `*`.
  const entryPoints = ["--entrypoints", ...entryPointsOf(folder, manifest).map(({ path }) => path)];
  const options = ["--profile", "esm-only", "--format", "ascii", "--no-color", "--no-emoji", ...entryPoints];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [attw, tarball, ...options], {
    encoding: "utf8",
  });
  if (error !== undefined) throw error;
  return status === 0 ? [] : [`the types are wrong:\n${stdout}${stderr}`];
};

/** @type {(tarball: string, manifest: any) => Promise<string[]>} */
const publishingProblems = async (tarball, manifest) => {
  const { buffer, byteOffset, byteLength } = await readFile(tarball);
  const archive = buffer.slice(byteOffset, byteOffset + byteLength);
  const { messages } = await publint({ pack: { tarball: archive }, level: "warning", strict: true });
  return messages.map((message) => formatMessage(message, manifest, { color: false }) ?? message.code);
};

const problemsOf = async (published, folder) => {
  const tarball = await pack(published, folder);
  const content = join(folder, published.manifest.name);
  const files = await unpack(tarball, content);
  const manifest = JSON.parse(await readFile(join(content, "package.json"), "utf8"));
  return {
    files,
    problems: [
      ...contentProblems(manifest, files, (file) => readFileSync(join(content, file), "utf8")),
      ...(await publishingProblems(tarball, manifest)),
      ...typeProblems(tarball, join(root, published.folder), manifest),
    ],
  };
};

const folder = await mkdtemp(join(tmpdir(), "enrollkit-packages-"));
try {
  for (const published of findPublishedPackages()) {
    const { name } = published.manifest;
    const { files, problems } = await problemsOf(published, folder);
    if (problems.length === 0) console.log(`${name}: ${files.length} files, all as they should be`);
    else process.exitCode = 1;
    for (const problem of problems) process.stderr.write(`${name}: ${problem}\n`);
  }
} finally {
  await rm(folder, { recursive: true });
}
