// The API reference, by typedoc, from the types that the packages are published with.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { docs, entryPoints, parts, reference, root } from "./places.js";

/** The docs' own dependencies are not those of the workspace. */
const ofTheDocs = createRequire(join(docs, "package.json"));

/**
 * typedoc numbers a heading's anchor as soon as another thing bears the name, also where that has no heading of its own:
 * `#simulatorclock-1` for the only one. Such links lose the number.
 */
const mendAnchors = async (folder) => {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".md"));
  const texts = new Map();
  for (const name of names) texts.set(join(folder, name), await readFile(join(folder, name), "utf8"));
  const headingsIn = (path, word) =>
    [...(texts.get(path) ?? "").matchAll(/^#+ (\w+)/gm)].filter(([, name]) => name.toLowerCase() === word)
      .length;
  for (const [path, text] of texts) {
    const mended = text.replaceAll(/\]\(([^)#\s]*)#([a-z_]+)-1\)/g, (link, target, word) =>
      headingsIn(target === "" ? path : join(dirname(path), target), word) === 1
        ? `](${target}#${word})`
        : link,
    );
    if (mended !== text) await writeFile(path, mended);
  }
};

/**
 * Writes a page for each thing that `import` may name.
 *
 * @returns entries for the sidebar.
 */
export const writeApiReference = async () => {
  const { Application, LogLevel } = await import(pathToFileURL(ofTheDocs.resolve("typedoc")).href);
  const tsconfig = join(parts, "tsconfig.api.json");
  const config = {
    extends: relative(parts, join(root, "tsconfig.base.json")),
    // `types` are looked for from here, where there are none.
    compilerOptions: { noEmit: true, typeRoots: [join(root, "node_modules/@types")] },
    files: entryPoints.map(({ types }) => types),
  };
  await writeFile(tsconfig, JSON.stringify(config));
  const app = await Application.bootstrapWithPlugins({
    entryPoints: entryPoints.map(({ types }) => types),
    tsconfig,
    plugin: [ofTheDocs.resolve("typedoc-plugin-markdown")],
    out: join(reference, "api"),
    name: "API",
    readme: "none",
    logLevel: LogLevel.Warn,
    disableSources: true,
    excludeInternal: true,
    excludePrivate: true,
    excludeExternals: true,
    validation: { notExported: false, invalidLink: true, rewrittenLink: true },
    treatValidationWarningsAsErrors: false,
    // Of typedoc-plugin-markdown:
    outputFileStrategy: "modules",
    entryFileName: "index",
    hidePageHeader: true,
    hideBreadcrumbs: true,
    hideGroupHeadings: false,
    useCodeBlocks: true,
    expandObjects: false,
    parametersFormat: "table",
    interfacePropertiesFormat: "list",
    typeDeclarationFormat: "list",
    enumMembersFormat: "table",
    sanitizeComments: true,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error("typedoc could not read the packages' types: build them first");
  // typedoc names them by their places: "provisioning/dist/mail".
  const placeOf = ({ types }) => relative(join(root, "packages"), dirname(types));
  const specifierOf = new Map(entryPoints.map((each) => [placeOf(each), each.specifier]));
  for (const module of project.children ?? []) module.name = specifierOf.get(module.name) ?? module.name;
  app.validate(project);
  await app.generateOutputs(project);
  await mendAnchors(join(reference, "api"));
  if (app.logger.hasErrors() || app.logger.hasWarnings()) {
    throw new Error("typedoc found something wrong in the comments: see above");
  }
  return (project.children ?? []).map(({ name }) => ({ text: name, link: `/reference/api/${name}` }));
};
