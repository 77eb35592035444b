import { entryOf } from "./graph.js";

/**
 * A project that depends on these packages in these very versions, as npm's client wants to see one: ours is pnpm's, whose
 * own audit asks for what registries no longer answer. Each is a direct dependency under a name of its own, for two
 * versions of one package would be in each other's way.
 *
 * @param {any} lockfile
 * @param {import("./graph.js").LockedPackage[]} locked
 * @returns {{ manifest: object, packageLock: object }} a package.json, and a package-lock.json.
 */
export const auditProject = (lockfile, locked) => {
  const dependencies = {};
  const packages = {};
  for (const [index, each] of locked.entries()) {
    const { name, version } = each;
    const { integrity } = entryOf(lockfile, each).resolution;
    dependencies[`locked-${index}`] = `npm:${name}@${version}`;
    packages[`node_modules/locked-${index}`] = { name, version, integrity };
  }
  const manifest = { name: "audit", version: "0.0.0", private: true, dependencies };
  return {
    manifest,
    packageLock: {
      name: manifest.name,
      version: manifest.version,
      lockfileVersion: 3,
      requires: true,
      packages: { "": manifest, ...packages },
    },
  };
};
