import { join } from "node:path";
import { findPublishedPackages, root } from "../supply-chain/packages.js";
import { entryPointsOf } from "./entry-points.js";

/**
 * What `import` may name of what is published.
 *
 * @typedef {object} EntryPoint
 * @property {string} specifier - `@enrollkit/provisioning/mail`
 * @property {string} folder - of its package.
 * @property {string} code - the file behind it.
 * @property {string} types - the file of types behind it.
 * @property {string} report - the name of the file that says what it offers.
 */

/** @type {() => EntryPoint[]} */
export const findEntryPoints = () =>
  findPublishedPackages().flatMap(({ folder: path, manifest }) => {
    const folder = join(root, path);
    return entryPointsOf(folder, manifest).map(({ specifier, code, types }) => ({
      specifier,
      folder,
      code: join(folder, code),
      types: join(folder, types),
      report: `${specifier.split("/").slice(1).join("-")}.api.md`,
    }));
  });
