// What `import` may name of a package: from its manifest, so that nothing has to be listed a second time.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A path of exports with a `*` in it stands for each folder of the sources that has an index of its own. */
const namesFor = (folder, path) => {
  if (!path.includes("*")) return [path];
  const [before, after] = path.split("*");
  const parent = join(folder, "src", before);
  return readdirSync(parent)
    .filter((name) => existsSync(join(parent, name, after, "index.ts")))
    .sort()
    .map((name) => path.replace("*", name));
};

/**
 * @param {string} folder - of the package.
 * @param {{ name: string, exports?: Readonly<Record<string, any>> }} manifest - its package.json.
 * @returns {{ path: string, specifier: string, code: string, types: string }[]} by the path in `exports`; the files of code
 *   and types from the folder.
 */
export const entryPointsOf = (folder, { name, exports = {} }) =>
  Object.entries(exports)
    .filter(([, target]) => typeof target === "object")
    .flatMap(([pattern, target]) =>
      namesFor(folder, pattern).map((path) => {
        const word = pattern.includes("*") ? path.slice(pattern.indexOf("*")) : "";
        return {
          path,
          specifier: `${name}${path.slice(1)}`,
          code: target.default.replace("*", word),
          types: target.types.replace("*", word),
        };
      }),
    );
