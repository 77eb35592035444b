import { entryOf } from "./graph.js";

/** Only a full version names one archive; what has an address instead comes from wherever that leads. */
const exactVersion = /^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/** Each catalog entry names one version, and the lockfile has that one. @type {(catalog: Record<string, string>) => string[]} */
const catalogProblems = (catalog) =>
  Object.entries(catalog)
    .filter(([, version]) => !exactVersion.test(version))
    .map(
      ([name, version]) => `the catalog has ${name} at "${version}"; allowed is one version, such as 1.2.3`,
    );

/** @type {(key: string, resolution: any) => string[]} */
const resolutionProblems = (key, { integrity, ...address }) => {
  const problems = [];
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")) {
    problems.push(`${key} has no sha512 integrity in the lockfile`);
  }
  const fields = Object.keys(address);
  if (fields.length > 0) {
    problems.push(`${key} is resolved by its ${fields.join(" and ")}; allowed is the registry alone`);
  }
  return problems;
};

/** @type {(packages: Record<string, any>) => string[]} */
const entryProblems = (packages) =>
  Object.entries(packages).flatMap(([key, { resolution = {} }]) => [
    ...(exactVersion.test(key.slice(key.indexOf("@", 1) + 1))
      ? []
      : [`${key} comes from outside of the registry`]),
    ...resolutionProblems(key, resolution),
  ]);

/** Machines on which the project is worked on and tested; a lockfile that was made on one must do for all. */
const platforms = [
  { os: "linux", cpu: "x64" },
  { os: "darwin", cpu: "arm64" },
  { os: "win32", cpu: "x64" },
];

const runsOn = ({ os = [], cpu = [] }, platform) => os.includes(platform.os) && cpu.includes(platform.cpu);

/** A package with one part for each platform has a part for all of ours. @type {(lockfile: any) => string[]} */
const platformProblems = (lockfile) =>
  Object.entries(lockfile.snapshots).flatMap(([key, { optionalDependencies = {} }]) => {
    const parts = Object.entries(optionalDependencies)
      .map(([name, version]) => entryOf(lockfile, { key: `${name}@${version}` }) ?? {})
      .filter(({ os }) => os !== undefined);
    // What is for one system alone, such as a watcher of macOS, lacks nothing elsewhere.
    if (!parts.some((part) => runsOn(part, platforms[0]))) return [];
    return platforms
      .filter((platform) => !parts.some((part) => runsOn(part, platform)))
      .map(({ os, cpu }) => `the lockfile lacks the part of ${key} for ${os} ${cpu}`);
  });

/**
 * What is wrong with a lockfile, whatever is installed.
 *
 * @param {any} lockfile
 * @param {Record<string, string>} catalog
 * @returns {string[]}
 */
export const lockfileProblems = (lockfile, catalog) => [
  ...catalogProblems(catalog),
  ...entryProblems(lockfile.packages),
  ...platformProblems(lockfile),
];

/**
 * @param {Map<string, string[]>} scripts - what an installation would run, by `name@version`.
 * @param {Record<string, boolean>} allowBuilds - as the workspace has it.
 * @param {Set<string>} published - `name@version` of all that comes with a published package.
 * @returns {string[]}
 */
export const scriptProblems = (scripts, allowBuilds, published) =>
  [...scripts].flatMap(([id, names]) => {
    const ran = `${id} runs ${names.join(", ")} on installation`;
    // An app's npm asks no list of ours.
    if (published.has(id)) return [`${ran}, and comes with a package that is published`];
    return Object.hasOwn(allowBuilds, id.slice(0, id.lastIndexOf("@")))
      ? []
      : [`${ran}, and allowBuilds of pnpm-workspace.yaml does not say whether it may`];
  });
