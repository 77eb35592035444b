import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../supply-chain/packages.js";

const execute = promisify(execFile);
const pnpm = join(root, "node_modules/pnpm/bin/pnpm.cjs");

/**
 * @typedef {object} PackedPackage
 * @property {string} tarball - the path of the archive, as a release would publish it.
 * @property {string} folder - with its content, unpacked.
 * @property {string[]} files - their paths from the folder.
 * @property {any} manifest - the package.json of the archive: without `workspace:` and `catalog:`.
 */

/**
 * Packs what was built.
 *
 * @param {import("../supply-chain/packages.js").PublishedPackage} published
 * @param {string} destination - an existing folder.
 * @returns {Promise<string>} the path of the archive.
 */
export const pack = async ({ folder }, destination) => {
  const options = ["pack", "--json", "--pack-destination", destination];
  const { stdout } = await execute(process.execPath, [pnpm, ...options], { cwd: join(root, folder) });
  return join(destination, JSON.parse(stdout).filename.split("/").at(-1));
};

/**
 * @param {string} tarball
 * @param {string} folder - made if need be.
 * @returns {Promise<string[]>} the files of the archive, without the folder that npm's archives have around them.
 */
export const unpack = async (tarball, folder) => {
  await mkdir(folder, { recursive: true });
  await execute("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
  const { stdout } = await execute("tar", ["-tzf", tarball]);
  return stdout
    .trimEnd()
    .split("\n")
    .map((path) => path.slice("package/".length))
    .sort();
};
