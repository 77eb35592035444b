import { existsSync, readFileSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

interface PackageManifest {
  readonly name: string;
  readonly exports?: Record<string, unknown>;
}

const root = import.meta.dirname;
const packageFolders = ["packages", "packages/adapters"]
  .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
  .filter((folder) => existsSync(join(folder, "package.json")));

const manifestOf = (folder: string) =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as PackageManifest;

/** Tests see the sources of every package, so that no test can pass on a stale build. `*` stands for one folder. */
const alias = packageFolders.flatMap((folder) => {
  const { name, exports = {} } = manifestOf(folder);
  return Object.entries(exports)
    .filter(([, target]) => typeof target === "object")
    .map(([path]) => ({
      find: new RegExp(`^${name}${path.slice(1).replace("*", "([^/]+)")}$`),
      replacement: join(folder, "src", path.slice(2).replace("*", "$1"), "index.ts"),
    }));
});

export default defineConfig({
  resolve: { alias },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    // Many tests wait: for processes, browsers and disks.
    maxWorkers: availableParallelism() + 2,
    // No test is timed: machines are shared, and slow at times. After this, in milliseconds, one counts as hung.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    setupFiles: [join(root, "tools/property-tests.ts")],
    projects: [
      ...packageFolders.map((folder) => ({
        extends: true as const,
        test: {
          name: manifestOf(folder).name.replace("@enrollkit/", ""),
          root: folder,
          include: ["src/**/*.test.ts", "test/**/*.test.ts"],
        },
      })),
      {
        extends: true as const,
        test: { name: "fault-plans", root: join(root, "tools/fault-plans"), include: ["**/*.test.ts"] },
      },
      {
        extends: true as const,
        test: { name: "fuzz", root: join(root, "tools/fuzz"), include: ["**/*.test.ts"] },
      },
      {
        extends: true as const,
        test: { name: "secrets", root: join(root, "tools/secrets"), include: ["**/*.test.ts"] },
      },
      {
        extends: true as const,
        test: { name: "tools", root: join(root, "tools"), include: ["*/*.test.js"] },
      },
      {
        extends: true as const,
        test: {
          name: "examples",
          root: join(root, "examples"),
          include: ["*/*.test.js", "*/{src,test}/**/*.test.ts"],
        },
      },
    ],
  },
});
