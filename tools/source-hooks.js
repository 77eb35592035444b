// Module hooks: runs the sources of this repository in processes of their own, so that no test needs a build. What was
// transpiled once is kept by its content: most processes need no compiler.
import { createHash, randomUUID } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";

const packages = new URL("../packages/", import.meta.url).href;
const cache = new URL("../node_modules/.cache/enrollkit-sources/", packages);
/** A file that takes the address of every module that was asked for. */
const log = process.env.ENROLLKIT_MODULE_LOG;

const sourceOf = (specifier, parent) => {
  if (specifier.startsWith("@enrollkit/")) {
    const [, name, ...path] = specifier.split("/");
    const entry = [name, "src", ...path, "index.ts"].join("/");
    return [`${packages}${entry}`, `${packages}adapters/${entry}`];
  }
  if (!specifier.startsWith(".") || !parent?.startsWith(packages)) return [];
  const { href } = new URL(specifier, parent);
  return [href.replace("/dist/", "/src/").replace(/\.js$/, ".ts")];
};

export const resolve = async (specifier, context, next) => {
  const source = sourceOf(specifier, context.parentURL).find((url) => existsSync(new URL(url)));
  const resolved =
    source === undefined
      ? await next(specifier, context)
      : { url: source, format: "module", shortCircuit: true };
  if (log !== undefined) appendFileSync(log, `${resolved.url}\n`);
  return resolved;
};

const transpile = async (text) => {
  const { default: ts } = await import("typescript");
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
    },
  });
  return outputText;
};

export const load = async (url, context, next) => {
  if (!url.endsWith(".ts")) return next(url, context);
  const text = readFileSync(new URL(url), "utf8");
  const kept = new URL(`${createHash("sha256").update(text).digest("hex")}.js`, cache);
  if (!existsSync(kept)) {
    const unfinished = new URL(randomUUID(), cache);
    mkdirSync(cache, { recursive: true });
    writeFileSync(unfinished, await transpile(text));
    renameSync(unfinished, kept);
  }
  return { format: "module", source: readFileSync(kept, "utf8"), shortCircuit: true };
};
