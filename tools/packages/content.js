import { posix } from "node:path";

/** All that a package may bring: the build, what starts a command, and what a reader needs. */
const allowed = [
  /^package\.json$/,
  /^README\.md$/,
  /^LICENSE$/,
  /^dist\/(?!.*\.test\.).+\.(?:js|js\.map|d\.ts)$/,
  /^bin\/[^/]+\.js$/,
];
const always = ["package.json", "README.md", "LICENSE"];

const describe = (file) => {
  if (/\.test\.|^(?:test|fixtures)\//.test(file)) return "is for tests";
  if (file.startsWith("src/")) return "is a source";
  if (file.endsWith(".tsbuildinfo")) return "is the compiler's own";
  if (file.endsWith(".d.ts.map")) return "is of an earlier build: delete dist and build anew";
  return "is none of what a package brings: package.json, README.md, LICENSE, dist, bin";
};

/** Every path that a manifest points to. @type {(value: unknown) => string[]} */
const targetsOf = (value) => {
  if (typeof value === "string") return [value.replace(/^\.\//, "")];
  return value === null || typeof value !== "object" ? [] : Object.values(value).flatMap(targetsOf);
};

/** Pages for readers that a program finds by their export: `@enrollkit/core/errors.md`. @type {(manifest: any) => string[]} */
const documentsOf = ({ exports = {} }) => Object.keys(exports).filter((path) => path.endsWith(".md"));

/** @type {(files: Set<string>, documents: string[]) => string[]} */
const fileProblems = (files, documents) => [
  ...[...files]
    .filter((file) => !allowed.some((pattern) => pattern.test(file)) && !documents.includes(`./${file}`))
    .map((file) => `${file} ${describe(file)}`),
  ...always.filter((file) => !files.has(file)).map((file) => `${file} is missing`),
  ...[...files]
    .filter((file) => /^dist\/.*\.js$/.test(file) && !files.has(file.replace(/\.js$/, ".d.ts")))
    .map((file) => `${file} has no types beside it`),
];

/** A target with a `*` in it is there if one file fits. @type {(target: string, files: Set<string>) => boolean} */
const isThere = (target, files) => {
  const [before, after] = target.split("*");
  if (after === undefined) return files.has(target);
  const fits = (file) => file.startsWith(before) && file.endsWith(after);
  return [...files].some((file) => file.length >= target.length && fits(file));
};

const dependencyFields = ["dependencies", "peerDependencies", "optionalDependencies", "devDependencies"];
const requiredFields = ["description", "license", "engines", "type", "files", "exports", "sideEffects"];

/** @type {(manifest: any, files: Set<string>) => string[]} */
const manifestProblems = (manifest, files) => [
  ...requiredFields
    .filter((field) => manifest[field] === undefined)
    .map((field) => `package.json has no ${field}`),
  ...targetsOf([manifest.exports ?? {}, manifest.bin ?? {}])
    .filter((target) => !isThere(target, files))
    .map((target) => `package.json points to ${target}, which is not there`),
  ...dependencyFields.flatMap((field) =>
    Object.entries(manifest[field] ?? {})
      .filter(([, range]) => /^(?:workspace|catalog|link|file):/.test(range))
      .map(
        ([name, range]) => `${field} has ${name} at "${range}", which means nothing outside of this project`,
      ),
  ),
];

const mapLink = /\/\/# sourceMappingURL=(\S+)\s*$/;

/** A map is of use where its sources are: in itself or beside it. @type {(files: Set<string>, read: (file: string) => string) => string[]} */
const mapProblems = (files, read) =>
  [...files].flatMap((file) => {
    if (file.endsWith(".map")) {
      const { sources, sourceRoot = "", sourcesContent = [] } = JSON.parse(read(file));
      return sources
        .filter(
          (source, index) =>
            typeof sourcesContent[index] !== "string" &&
            !files.has(posix.join(posix.dirname(file), sourceRoot, source)),
        )
        .map((source) => `${file} leads to ${source}, which is not there`);
    }
    if (!/\.(?:js|d\.ts)$/.test(file)) return [];
    const [, link] = mapLink.exec(read(file)) ?? [];
    return link === undefined || link.startsWith("data:") || files.has(posix.join(posix.dirname(file), link))
      ? []
      : [`${file} names the map ${link}, which is not there`];
  });

/**
 * What is wrong with the content of an archive.
 *
 * @param {any} manifest - the package.json of the archive.
 * @param {string[]} list - the files of the archive.
 * @param {(file: string) => string} read
 * @returns {string[]}
 */
export const contentProblems = (manifest, list, read) => {
  const files = new Set(list);
  return [
    ...fileProblems(files, documentsOf(manifest)),
    ...manifestProblems(manifest, files),
    ...mapProblems(files, read),
  ];
};
