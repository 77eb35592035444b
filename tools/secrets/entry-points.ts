import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const packages = join(import.meta.dirname, "../../packages");

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, unknown>>;
}

/** Every entry point of every published package, by the name that a program imports. */
export const entryPoints: readonly string[] = ["", "adapters"]
  .flatMap((parent) =>
    readdirSync(join(packages, parent)).map((name) => join(packages, parent, name, "package.json")),
  )
  .filter((path) => existsSync(path))
  .flatMap((path) => {
    const { name, exports = {} } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
    return Object.keys(exports)
      .filter((entry) => !/\.(?:json|md)$/.test(entry))
      .map((entry) => name + entry.slice(1));
  });
