import { withoutAddresses } from "../output/plain-text.js";
import { UsageError } from "../output/usage-error.js";
import { suggest } from "./suggestion.js";

/** Characters of a wrong heading that an error repeats. */
const longestHeading = 40;

/** Puts a cell's text into a request under construction. */
type Place = (request: Record<string, unknown>, text: string) => void;

const at =
  (...path: readonly string[]): Place =>
  (request, text) => {
    setAt(request, path, text);
  };

const setAt = (target: Record<string, unknown>, [first = "", ...rest]: readonly string[], value: unknown) => {
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  const inner = (target[first] ??= {}) as Record<string, unknown>;
  setAt(inner, rest, value);
};

/** The columns of a file of enrollments, and the field that each one fills. */
export const enrollmentColumns = {
  key: at("key"),
  profile: at("profile"),
  platform: at("platform"),
  management: at("management"),
  ownership: at("ownership"),
  email: at("recipient", "email"),
  name: at("recipient", "name"),
  device_id: at("device", "id"),
  device_name: at("device", "name"),
  device_description: at("device", "description"),
  serial_number: at("device", "serialNumber"),
  valid_for: at("validFor"),
  uses: (request, text) => {
    request["uses"] = /^\d+$/.test(text) ? Number(text) : text;
  },
  tags: (request, text) => {
    request["tags"] = text
      .split("|")
      .map((tag) => tag.trim())
      .filter((tag) => tag !== "");
  },
  additional_data: at("additionalData"),
  delivery: at("delivery"),
} as const satisfies Record<string, Place>;

/** The columns of a file of devices. */
export const deviceColumns = {
  key: at("key"),
  name: at("name"),
  description: at("description"),
  kind: at("kind"),
  profile: at("profile"),
} as const satisfies Record<string, Place>;

export type Columns = Readonly<Record<string, Place>>;

/** The column that fills a field, for messages: `recipient.email` → `email`. */
export const columnFor = (path: string): string => {
  const known: Readonly<Record<string, string>> = {
    "recipient.email": "email",
    "recipient.name": "name",
    "device.id": "device_id",
    "device.name": "device_name",
    "device.description": "device_description",
    "device.serialNumber": "serial_number",
    validFor: "valid_for",
    additionalData: "additional_data",
  };
  return known[path] ?? path;
};

const describeUnknown = (column: string, known: readonly string[]): string => {
  if (column === "") return "a column has no heading";
  const meant = suggest(column, known);
  // The heading may be missing, and this be somebody's data.
  const name = withoutAddresses(
    column.length > longestHeading ? `${column.slice(0, longestHeading)}…` : column,
  );
  return `"${name}" is not a known column${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
};

/**
 * @param line - where the heading stands, from 1.
 * @throws UsageError that names every wrong or repeated heading, and the ones that there are.
 */
export const checkHeading = (
  name: string,
  line: number,
  heading: readonly string[],
  columns: Columns,
): void => {
  const known = Object.keys(columns);
  const unknown = new Set(heading.filter((column) => !Object.hasOwn(columns, column)));
  const repeated = new Set(
    heading.filter((column, index) => column !== "" && heading.indexOf(column) !== index),
  );
  const problems = [
    ...[...unknown].map((column) => describeUnknown(column, known)),
    ...[...repeated].map((column) => `"${withoutAddresses(column)}" stands there twice`),
  ];
  if (problems.length === 0) return;
  throw new UsageError(
    `${name}: line ${line}: ${problems.join("; ")}`,
    `the columns are: ${known.join(", ")}`,
  );
};
