import { posix } from "node:path";

/**
 * A package of somebody else, as the lockfile has it.
 *
 * @typedef {object} LockedPackage
 * @property {string} key - its key among the lockfile's snapshots: name, version and the peers it was resolved with.
 * @property {string} name
 * @property {string} version
 */

/** `name@version`, without the peers that it was resolved with. @type {(key: string) => string} */
const withoutPeers = (key) => key.replace(/\(.*$/, "");

/** @type {(key: string) => LockedPackage} */
const lockedPackage = (key) => {
  const id = withoutPeers(key);
  const at = id.lastIndexOf("@");
  return { key, name: id.slice(0, at), version: id.slice(at + 1) };
};

/** An alias names the package that it stands for; all others name a version alone. */
const snapshotKey = ({ snapshots }, name, reference) =>
  Object.hasOwn(snapshots, reference) ? reference : `${name}@${reference}`;

/** What the lockfile says of a package itself: integrity, engines, platforms. */
export const entryOf = ({ packages }, { key }) => packages[withoutPeers(key)];

/** @type {(lockfile: any, locked: LockedPackage) => boolean} */
export const isForOnePlatform = (lockfile, locked) => {
  const { os, cpu, libc } = entryOf(lockfile, locked);
  return os !== undefined || cpu !== undefined || libc !== undefined;
};

/**
 * What a package pulls in by itself at run time. Peers count where an app must have them.
 *
 * @param {any} lockfile
 * @param {import("./packages.js").PublishedPackage} published
 * @returns {{ own: string[], others: LockedPackage[] }} `own` are folders of this project.
 */
export const directOf = (lockfile, { folder, manifest }) => {
  const importer = lockfile.importers[folder];
  if (importer === undefined) {
    throw new Error(`the lockfile does not know ${folder}: run \`npx pnpm install\``);
  }
  const { dependencies = {}, optionalDependencies = {}, devDependencies = {} } = importer;
  const required = Object.keys(manifest.peerDependencies ?? {}).filter(
    (name) => manifest.peerDependenciesMeta?.[name]?.optional !== true,
  );
  const resolved = { ...devDependencies, ...optionalDependencies, ...dependencies };
  const names = new Set([...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...required]);
  const own = [];
  const others = [];
  for (const name of [...names].sort()) {
    const version = resolved[name]?.version;
    if (version === undefined) {
      throw new Error(
        `${folder} needs ${name} as a peer and has no version of it: add it to devDependencies`,
      );
    }
    if (version.startsWith("link:")) own.push(posix.join(folder, version.slice("link:".length)));
    else others.push(lockedPackage(snapshotKey(lockfile, name, version)));
  }
  return { own, others };
};

/** The packages that another package of the lockfile names itself. @type {(lockfile: any, locked: LockedPackage) => LockedPackage[]} */
export const dependenciesOf = (lockfile, { key }) => {
  const { dependencies = {}, optionalDependencies = {} } = lockfile.snapshots[key];
  return Object.entries({ ...dependencies, ...optionalDependencies }).map(([name, reference]) =>
    lockedPackage(snapshotKey(lockfile, name, reference)),
  );
};

/**
 * These packages and all that they pull in, sorted. Two resolutions of one version are one package on a disk.
 *
 * @param {any} lockfile
 * @param {LockedPackage[]} starts
 * @returns {LockedPackage[]}
 */
export const closureOf = (lockfile, starts) => {
  const found = new Map();
  const visited = new Set();
  const open = [...starts];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (visited.has(next.key)) continue;
    visited.add(next.key);
    found.set(withoutPeers(next.key), next);
    open.push(...dependenciesOf(lockfile, next));
  }
  return [...found.keys()].sort().map((id) => found.get(id));
};

/**
 * All packages of others that come with one of ours, also by way of ours.
 *
 * @param {any} lockfile
 * @param {import("./packages.js").PublishedPackage} published
 * @param {import("./packages.js").PublishedPackage[]} all
 * @returns {{ own: string[], others: LockedPackage[] }} both sorted; `own` are folders of this project.
 */
export const everythingOf = (lockfile, published, all) => {
  const folders = new Set();
  const starts = [];
  const open = [published.folder];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    if (folders.has(folder)) continue;
    folders.add(folder);
    const ours = all.find((each) => each.folder === folder);
    if (ours === undefined) throw new Error(`${published.folder} needs ${folder}, which is not published`);
    const { own, others } = directOf(lockfile, ours);
    open.push(...own);
    starts.push(...others);
  }
  folders.delete(published.folder);
  return { own: [...folders].sort(), others: closureOf(lockfile, starts) };
};
