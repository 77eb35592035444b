import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { pack, unpack } from "../packages/pack.js";
import { publishedManifest, tagOf } from "./plan.js";

const execute = promisify(execFile);

/** Why something failed is said also where this runs within a silent npm. */
const loud = "--loglevel=warn";

/** @type {(name: string, version: string, environment: NodeJS.ProcessEnv) => Promise<boolean>} */
const isPublished = async (name, version, environment) => {
  try {
    await execute("npm", ["view", `${name}@${version}`, "version", "--json", loud], { env: environment });
    return true;
  } catch (error) {
    if (/E404/.test(`${error.stdout}${error.stderr}`)) return false;
    throw error;
  }
};

/**
 * Packs a package as a release would, and publishes it, unless this version is out already: a release that broke off goes
 * on where it was.
 *
 * @param {import("../supply-chain/packages.js").PublishedPackage} published
 * @param {string} folder - an existing one, for what is packed.
 * @param {object} options
 * @param {boolean} options.isDryRun - nothing is sent.
 * @param {boolean} options.isSigned - with provenance: only where a CI vouches for it.
 * @param {NodeJS.ProcessEnv} options.environment - npm's settings, the registry and the credentials among them.
 * @returns {Promise<string>} what was done, in a word.
 */
export const publishPackage = async (published, folder, { isDryRun, isSigned, environment }) => {
  const { name, version } = published.manifest;
  const content = join(folder, name);
  await unpack(await pack(published, folder), content);
  const path = join(content, "package.json");
  const manifest = publishedManifest(JSON.parse(await readFile(path, "utf8")), published.folder, environment);
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
  if (!isDryRun && (await isPublished(name, version, environment))) return "is out already";
  const words = [
    ...["publish", loud, "--ignore-scripts", "--access", "public", "--tag", tagOf(version)],
    ...(isSigned ? ["--provenance"] : []),
    ...(isDryRun ? ["--dry-run"] : []),
  ];
  await execute("npm", words, { cwd: content, env: environment });
  return isDryRun ? "would be published" : "published";
};
