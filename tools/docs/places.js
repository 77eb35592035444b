// Where the docs are, and where what is made for them goes.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { entryPointsOf } from "../packages/entry-points.js";

export const root = join(import.meta.dirname, "..", "..");
export const docs = join(root, "docs");

/** Pieces of pages, made from code and READMEs; not committed. */
export const parts = join(docs, ".parts");
/** Whole pages, made from code; not committed. */
export const reference = join(docs, "reference");
export const builtSite = join(docs, ".vitepress", "dist");

/** Every package that can be installed, with its manifest, in the order in which a reader meets them. */
export const packages = ["packages", "packages/adapters"]
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
  .filter((folder) => existsSync(join(folder, "package.json")))
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) }));

/** What `import` may name: the specifier, and the types behind it. */
export const entryPoints = packages.flatMap(({ folder, manifest }) =>
  entryPointsOf(folder, manifest).map(({ specifier, types }) => ({ specifier, types: join(folder, types) })),
);
