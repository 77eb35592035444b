import { formatPath } from "@enrollkit/core";
import type * as z from "zod";
import { redactText } from "./redaction.js";

/** How many differences a message names. */
const NAMED_DIFFERENCES = 5;

/** The body of an answer, read by a schema; or what is wrong with it, without a word of what it says. */
export type ReadBody<Body> =
  | { readonly ok: true; readonly body: Body }
  | { readonly ok: false; readonly problem: string; readonly cause: Error };

/** Parsed JSON, undefined if there is nothing, or `notJson`. */
export const notJson = Symbol("not JSON");

/** Reads a body whatever its content type says: gateways send HTML as JSON and JSON as text. */
export const parseJson = (text: string): unknown => {
  const json = text.replace(/^\uFEFF/, "").trim();
  if (json === "") return undefined;
  try {
    return JSON.parse(json);
  } catch {
    // A SyntaxError quotes the body, so nothing of it is kept.
    return notJson;
  }
};

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
  text: string,
): ReadBody<z.output<Schema>> => {
  const json = parseJson(text);
  if (json === notJson) return mismatch("the body is not JSON", "SyntaxError");
  try {
    const parsed = schema.safeParse(json);
    return parsed.success
      ? { ok: true, body: parsed.data }
      : mismatch(describeIssues(parsed.error.issues), "ZodError");
  } catch (error) {
    // A transform within the schema threw. Its message may quote the body, so only its name is kept.
    return mismatch("a value in it cannot be converted", error instanceof Error ? error.name : "Error");
  }
};
