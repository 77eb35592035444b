import { join } from "node:path";
import { findPublishedPackages, root } from "../supply-chain/packages.js";

/**
 * What `import` may name.
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
  findPublishedPackages().flatMap(({ folder, manifest: { name, exports = {} } }) =>
    Object.entries(exports)
      .filter(([, target]) => typeof target === "object")
      .map(([path, { types, default: code }]) => {
        const specifier = `${name}${path.slice(1)}`;
        const [, ...words] = specifier.split("/");
        return {
          specifier,
          folder: join(root, folder),
          code: join(root, folder, code),
          types: join(root, folder, types),
          report: `${words.join("-")}.api.md`,
        };
      }),
  );
