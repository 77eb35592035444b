import { formatPath } from "@enrollkit/core";
import type * as z from "zod";
import type { BodyText } from "./body-text.js";
import { readJson } from "./json-guard.js";
import { redactText } from "./redaction.js";

/** How many differences a message names. */
const NAMED_DIFFERENCES = 5;

/** The body of an answer, read by a schema; or what is wrong with it, without a word of what it says. */
export type ReadBody<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly problem: string; readonly cause: Error };

const describeIssue = ({ path, ...issue }: z.core.$ZodIssue): string => {
  const place = path.length === 0 ? "the body" : redactText(formatPath(path));
  return issue.code === "invalid_type" ? `${place} is not ${issue.expected}` : `${place} does not fit`;
};

const describeIssues = (issues: readonly z.core.$ZodIssue[]): string => {
  const named = [...new Set(issues.map(describeIssue))];
  const rest = named.length - NAMED_DIFFERENCES;
  return named.slice(0, NAMED_DIFFERENCES).join(", ") + (rest > 0 ? `, and ${rest} more` : "");
};

const mismatch = (problem: string, name = "Error"): ReadBody<never> => ({
  ok: false,
  problem,
  cause: Object.assign(new Error(problem), { name }),
});

/** Reads the body of a 2xx answer. */
export const readBody = <Schema extends z.ZodType>(
  schema: Schema,
  { text, unreadable }: BodyText,
): ReadBody<z.output<Schema>> => {
  if (unreadable !== undefined) return mismatch(unreadable, "SyntaxError");
  const json = readJson(text);
  if (!json.ok) return mismatch(json.problem, "SyntaxError");
  try {
    const parsed = schema.safeParse(json.value);
    return parsed.success
      ? { ok: true, body: parsed.data }
      : mismatch(describeIssues(parsed.error.issues), "ZodError");
  } catch (error) {
    // A transform within the schema threw. Its message may quote the body, so only its name is kept.
    return mismatch("a value in it cannot be converted", error instanceof Error ? error.name : "Error");
  }
};
