import { EnrollmentError, formatPath } from "@enrollkit/core";
import type * as z from "zod";
import { suggestion } from "./suggestion.js";

/** One thing that is wrong with a config. */
export interface ConfigProblem {
  readonly path: readonly PropertyKey[];
  /** What is wrong and what is allowed; reads on after the path. */
  readonly message: string;
}

/** A schema's issues as problems, each unknown key one of its own, with the key that was probably meant. */
export const problemsOf = (
  issues: readonly z.core.$ZodIssue[],
  parent: readonly PropertyKey[],
  keysAt: (path: readonly PropertyKey[]) => readonly string[],
): readonly ConfigProblem[] =>
  issues.flatMap((issue): ConfigProblem[] => {
    const path = [...parent, ...issue.path];
    if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: `is not a known setting${suggestion(key, keysAt(issue.path))}`,
    }));
  });

/** One error for all problems, a line each. */
export const configError = (problems: readonly ConfigProblem[], source = "the config"): EnrollmentError => {
  const lines = problems.map(({ path, message }) => {
    const place = formatPath(path);
    return place === "" ? message : `${place} ${message}`;
  });
  const [first] = lines;
  const message =
    lines.length === 1
      ? `${source}: ${first ?? ""}`
      : `${source} has ${lines.length} problems:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  const path = formatPath(problems[0]?.path ?? []);
  return new EnrollmentError(message, { code: "invalid-config", ...(path !== "" && { path }) });
};
