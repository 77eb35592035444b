import type * as z from "zod";
import { EnrollmentError, type EnrollmentErrorCode } from "./errors.js";

/** A path as the code would write it: `devices[3].name`. */
export const formatPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === "number" ? `${text}[${part}]` : text === "" ? String(part) : `${text}.${String(part)}`,
    "",
  );

const sentence = (issue: z.core.$ZodIssue): string => {
  const path = formatPath(issue.path);
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.map((key) => (path === "" ? key : `${path}.${key}`)).join(", ");
    return `${keys} is not a known field`;
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
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const path = formatPath(issues[0]?.path ?? []);
  throw new EnrollmentError(issues.map(sentence).join("; "), {
    code,
    ...(path !== "" && { path }),
    ...(provider !== undefined && { provider }),
  });
};
