import { markdownTable } from "../markdown.js";
import { closureOf, directOf, everythingOf, isForOnePlatform } from "./graph.js";

/**
 * Compares the written reasons with the dependencies that there are.
 *
 * @param {Record<string, string[]>} direct - the dependencies of others by our package's name.
 * @param {Record<string, Record<string, string>>} reasons
 * @returns {string[]} one sentence for each difference.
 */
export const reasonProblems = (direct, reasons) => {
  const missing = Object.entries(direct).flatMap(([name, dependencies]) =>
    dependencies
      .filter((dependency) => !reasons[name]?.[dependency]?.trim())
      .map((dependency) => `${name} depends on ${dependency}, and reasons.json does not say why`),
  );
  const stale = Object.entries(reasons).flatMap(([name, written]) =>
    Object.keys(written)
      .filter((dependency) => !direct[name]?.includes(dependency))
      .map((dependency) => `reasons.json says why ${name} depends on ${dependency}, and it does not`),
  );
  return [...missing, ...stale];
};

const byteUnits = [
  [1_000_000, "MB"],
  [1000, "kB"],
];

/** @type {(bytes: number) => string} */
export const shownSize = (bytes) => {
  const [unit, name] = byteUnits.find(([bytesOfUnit]) => bytes >= bytesOfUnit) ?? [1, "B"];
  return `${(bytes / unit).toLocaleString("en-US", { maximumFractionDigits: bytes >= 1_000_000 ? 1 : 0 })} ${name}`;
};

const code = (text) => `\`${text}\``;

/** What the page tells of the lockfile, sizes and reasons aside. */
const measure = (lockfile, packages, sizeOf) => {
  const sizeOfAll = (others) =>
    others
      // Which of these is installed depends on the machine.
      .filter((locked) => !isForOnePlatform(lockfile, locked))
      .reduce((sum, locked) => sum + sizeOf(locked), 0);
  return packages.map((published) => {
    const { own, others } = everythingOf(lockfile, published, packages);
    return {
      name: published.manifest.name,
      own: own.map((folder) => packages.find((each) => each.folder === folder).manifest.name),
      others,
      size: sizeOfAll(others),
      direct: directOf(lockfile, published).others.map((locked) => {
        const closure = closureOf(lockfile, [locked]);
        return { ...locked, brings: closure.length - 1, size: sizeOfAll(closure) };
      }),
    };
  });
};

/** The direct dependencies of others, by our packages' names. @type {(lockfile: any, packages: any[]) => Record<string, string[]>} */
export const directNames = (lockfile, packages) =>
  Object.fromEntries(
    packages.map((published) => [
      published.manifest.name,
      directOf(lockfile, published).others.map(({ name }) => name),
    ]),
  );

const section = ({ name, own, direct }, reasons) =>
  [
    `### ${code(name)}`,
    own.length === 0 ? "" : `Stands on ${own.map(code).join(", ")}.`,
    direct.length === 0
      ? "Nothing of others by itself."
      : markdownTable([
          ["pulls in", "version", "which brings", "together", "why"],
          ...direct.map((dependency) => [
            code(dependency.name),
            dependency.version,
            dependency.brings === 0 ? "nothing" : `${dependency.brings} more`,
            shownSize(dependency.size),
            reasons[name][dependency.name],
          ]),
        ]),
  ]
    .filter((text) => text !== "")
    .join("\n\n");

/**
 * The page of all runtime dependencies.
 *
 * @param {any} lockfile
 * @param {import("./packages.js").PublishedPackage[]} packages
 * @param {(locked: import("./graph.js").LockedPackage) => number} sizeOf - in bytes, as unpacked.
 * @param {Record<string, Record<string, string>>} reasons - by our package, by dependency.
 * @returns {string} Markdown.
 */
export const dependencyPage = (lockfile, packages, sizeOf, reasons) => {
  const measured = measure(lockfile, packages, sizeOf);
  const together = new Set(measured.flatMap(({ others }) => others.map(({ key }) => key)));
  return [
    "# Dependencies",
    "What an installation of each package pulls in, by the lockfile. Written by `npm run dependencies`; " +
      "`npm run dependencies:check` fails on a dependency without a written reason, and when this page is out of date. " +
      "Sizes are those of the unpacked archives, without EnrollKit's own packages; 1 kB is 1000 bytes.",
    "No package below runs a script when it is installed, none comes from outside of the registry, and each version is " +
      "pinned by its checksum: `npm run lockfile:check` holds the lockfile against that. `npm run audit` asks the registry " +
      "for known holes, `npm run sbom` writes all of this as CycloneDX for a release.",
    `All packages together pull in ${together.size} packages of others.`,
    markdownTable([
      ["package", "direct", "in all", "size"],
      ...measured.map(({ name, direct, others, size }) => [
        code(name),
        direct.length,
        others.length,
        shownSize(size),
      ]),
    ]),
    "## Why each is there",
    ...measured.map((each) => section(each, reasons)),
  ].join("\n\n");
};
