import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** The root of the project. */
export const root = join(import.meta.dirname, "../..");

/** @type {(path: string) => any} */
const readYaml = (path) => parse(readFileSync(join(root, path), "utf8"));

export const readWorkspace = () => readYaml("pnpm-workspace.yaml");

export const readLockfile = () => readYaml("pnpm-lock.yaml");

/** @type {(folder: string) => any} - of a folder from the root. */
export const readManifest = (folder) => JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));

/** @type {(pattern: string) => string[]} - a pattern of the workspace ends in `/*`. */
const foldersOf = (pattern) => {
  const parent = pattern.replace(/\/\*$/, "");
  return readdirSync(join(root, parent))
    .sort()
    .map((name) => `${parent}/${name}`)
    .filter((folder) => existsSync(join(root, folder, "package.json")));
};

/**
 * @typedef {object} PublishedPackage
 * @property {string} folder - from the root of the project.
 * @property {any} manifest - its package.json, as it is in the repository.
 */

/** Everything in the workspace, whether a release publishes it or not. @returns {PublishedPackage[]} */
export const findPackages = () =>
  readWorkspace()
    .packages.flatMap(foldersOf)
    .map((folder) => ({ folder, manifest: readManifest(folder) }));

/**
 * All packages that a release publishes: those of the workspace that are not private.
 *
 * @returns {PublishedPackage[]}
 */
export const findPublishedPackages = () => findPackages().filter(({ manifest }) => manifest.private !== true);
