import { resolve } from "node:path";
import { isName, Secret } from "@enrollkit/core";
import type { ConfigProblem } from "./problems.js";
import { readTextFile, whyUnreadable } from "./text-file.js";

/** Where a config's references lead. */
export interface ReferenceSources {
  /** The variables that `{"$env": "NAME"}` may name. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where a relative `{"$file": "path"}` starts. */
  readonly directory: string;
}

const kinds = ["$env", "$file"] as const;

const referenceOf = (value: object): readonly [(typeof kinds)[number], unknown] | undefined => {
  const kind = kinds.find((each) => each in value);
  return kind && ([kind, (value as Record<string, unknown>)[kind]] as const);
};

const readSecretFile = (path: string, directory: string): string | { readonly failure: string } => {
  try {
    return readTextFile(resolve(directory, path)).replace(/\r?\n$/, "");
  } catch (error) {
    return { failure: whyUnreadable(error) };
  }
};

/** What a reference names, unless that may be the secret itself: people write it where its name belongs. */
const nameOf = (target: string): string => (isName(target.replace(/[\\~]/g, "/")) ? target : "…");

/** Stands for a reference that led nowhere, so that the setting is not reported once more as missing. */
const unresolved = Object.freeze(new Secret("unresolved"));

/**
 * Replaces every `{"$env": "NAME"}` and `{"$file": "path"}` by a Secret with the value it leads to. A line break at
 * the end of a file is taken off.
 *
 * @param report - hears of references that lead nowhere; a Secret that means nothing takes their place.
 */
export const resolveReferences = (
  value: unknown,
  sources: ReferenceSources,
  report: (problem: ConfigProblem) => void,
  path: readonly PropertyKey[] = [],
): unknown => {
  if (Array.isArray(value)) {
    return value.map((each, index) => resolveReferences(each, sources, report, [...path, index]));
  }
  if (typeof value !== "object" || value === null || Secret.is(value)) return value;
  const reference = referenceOf(value);
  if (reference === undefined) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        resolveReferences(each, sources, report, [...path, key]),
      ]),
    );
  }

  const [kind, target] = reference;
  const fail = (message: string) => {
    report({ path, message });
    return unresolved;
  };
  if (Object.keys(value).length > 1) return fail(`has ${kind} beside other keys; a reference stands alone`);
  if (typeof target !== "string" || target === "") return fail(`has a ${kind} that names nothing`);
  if (kind === "$env") {
    // What every object inherits ("toString") is no variable.
    const found = Object.hasOwn(sources.environment, target) ? sources.environment[target] : undefined;
    if (found === undefined)
      return fail(`needs the environment variable ${nameOf(target)}, which is not set`);
    return found === ""
      ? fail(`needs the environment variable ${nameOf(target)}, which is empty`)
      : new Secret(found);
  }
  const content = readSecretFile(target, sources.directory);
  if (typeof content === "object") return fail(`needs the file ${nameOf(target)}, which ${content.failure}`);
  return content === "" ? fail(`needs the file ${nameOf(target)}, which is empty`) : new Secret(content);
};
