import { invalidFields, type FieldViolation } from "./errors.js";
import { camelCase, choice, snakeCase } from "./proto-json.js";

/** Parameters that every method takes. */
const globalParameters: ReadonlySet<string> = new Set([
  "$.xgafv",
  "access_token",
  "alt",
  "callback",
  "fields",
  "key",
  "oauth_token",
  "prettyPrint",
  "quotaUser",
  "uploadType",
  "upload_protocol",
]);

/** What a method takes in its query, by kind. */
export type Parameters = Readonly<Record<string, ParameterKind>>;
type ParameterKind =
  "text" | "integer" | "list" | { readonly repeatedEnum: readonly string[]; readonly type: string };

type ParameterValue<Kind> = Kind extends "text"
  ? string
  : Kind extends "integer"
    ? number
    : readonly string[];
export type QueryValues<Known extends Parameters> = {
  readonly [Name in keyof Known]?: ParameterValue<Known[Name]>;
};

const readParameter = (
  name: string,
  given: readonly string[],
  kind: ParameterKind,
  violations: FieldViolation[],
): string | number | readonly string[] | undefined => {
  const [first = ""] = given;
  if (kind === "text") return first;
  if (kind === "list") return given;
  const path = snakeCase(name);
  if (kind === "integer") {
    if (/^-?\d{1,10}$/.test(first) && Math.abs(Number(first)) < 2 ** 31) return Number(first);
    violations.push({ field: path, description: `Invalid value at '${path}' (TYPE_INT32), "${first}"` });
    return undefined;
  }
  const known = choice(kind.type, kind.repeatedEnum);
  return given.flatMap((value, index) => {
    const read = known.read(value, { path: `${path}[${index}]`, name }, violations);
    return read === undefined ? [] : [read];
  });
};

/** Binds the query strictly: a name that neither the method nor the front end knows is refused. */
export const readQuery = <Known extends Parameters>(
  query: URLSearchParams,
  parameters: Known,
): QueryValues<Known> => {
  const violations: FieldViolation[] = [];
  const values: Record<string, unknown> = {};
  for (const given of new Set(query.keys())) {
    if (globalParameters.has(given)) continue;
    const name = camelCase(given);
    const kind = parameters[name];
    if (kind === undefined) {
      violations.push({
        field: "",
        description:
          `Invalid JSON payload received. Unknown name "${given}": Cannot bind query parameter. ` +
          `Field '${given}' could not be found in request message.`,
      });
    } else {
      values[name] = readParameter(name, query.getAll(given), kind, violations);
    }
  }
  if (violations.length > 0) throw invalidFields(violations);
  return values as QueryValues<Known>;
};

export const wipeDataFlags = {
  type: "WipeDataFlag",
  repeatedEnum: [
    "WIPE_DATA_FLAG_UNSPECIFIED",
    "PRESERVE_RESET_PROTECTION_DATA",
    "WIPE_EXTERNAL_STORAGE",
    "WIPE_ESIMS",
  ],
} as const;

/** The first-level members that an `updateMask` names, in camelCase. */
export const maskedMembers = (updateMask: string | undefined): ReadonlySet<string> | undefined =>
  updateMask === undefined || updateMask === ""
    ? undefined
    : new Set(updateMask.split(",").map((path) => camelCase(path.trim().split(".")[0] ?? "")));
