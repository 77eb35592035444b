import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { entryPointsOf } from "../packages/entry-points.js";

const packages = join(import.meta.dirname, "../../packages");

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** Every entry point of every package, by the name that a program imports. */
export const entryPoints: readonly string[] = ["", "adapters"]
  .flatMap((parent) => readdirSync(join(packages, parent)).map((name) => join(packages, parent, name)))
  .filter((folder) => existsSync(join(folder, "package.json")))
  .flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
    return entryPointsOf(folder, manifest).map(({ specifier }) => specifier);
  });
