import type * as z from "zod";
import { EnrollmentError, type EnrollmentErrorCode } from "./errors.js";
import { isName } from "./quote.js";
import { Secret } from "./secret.js";

/** A field's name may be anything where somebody writes it: what could be a secret is left out. */
const nameOf = (part: PropertyKey): string => (isName(String(part)) ? String(part) : "…");

/** A path as the code would write it: `devices[3].name`. What could be a secret in it becomes `…`. */
export const formatPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? nameOf(part) : `${text}.${nameOf(part)}`,
    "",
  );

const kindOf = (value: unknown): string => {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (Secret.is(value)) return "a Secret or a reference to one";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
};

const expectedKinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** Words for what zod finds, to read on after the path; messages of a schema's own go before these. */
export const describeIssue: z.core.$ZodErrorMap = (issue) => {
  if (issue.code !== "invalid_type" && issue.code !== "invalid_value") return undefined;
  if (issue.input === undefined) return "is missing";
  return issue.code === "invalid_value"
    ? `must be one of: ${issue.values.map(String).join(", ")}`
    : `must be ${expectedKinds[issue.expected] ?? issue.expected}, not ${kindOf(issue.input)}`;
};

const sentence = (issue: z.core.$ZodIssue): string => {
  const path = formatPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => formatPath([...issue.path, key])).join(", ");
    return issue.keys.length === 1 ? `${keys} is not a known field` : `${keys} are not known fields`;
  }
  return path === "" ? issue.message : `${path} ${issue.message}`;
};

/**
 * Reads untyped input by a schema, and answers wrong input with one error that names every field at fault.
 *
 * @param code - `invalid-request` or `invalid-config`.
 * @throws EnrollmentError; its `path` is that of the first problem. The values themselves are not repeated.
 */
export const parseInput = <Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  code: Extract<EnrollmentErrorCode, "invalid-request" | "invalid-config">,
  provider?: string,
): z.output<Schema> => {
  const parsed = schema.safeParse(input, { error: describeIssue });
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const path = formatPath(issues[0]?.path ?? []);
  throw new EnrollmentError(issues.map(sentence).join("; "), {
    code,
    ...(path !== "" && { path }),
    ...(provider !== undefined && { provider }),
  });
};
