// Module hooks: runs the sources of this repository in a process of their own, so that no test needs a build.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const packages = new URL("../../", import.meta.url).href;
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

export const load = (url, context, next) => {
  if (!url.endsWith(".ts")) return next(url, context);
  const { outputText } = ts.transpileModule(readFileSync(fileURLToPath(url), "utf8"), {
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
    },
  });
  return { format: "module", source: outputText, shortCircuit: true };
};
