import { invalidFields, type ApiError, type FieldViolation } from "./errors.js";
import { parseDuration, parseInstant, type Instant } from "./instants.js";

/** Where a value stands: `path` in the vendor's snake_case from the root, `name` as the JSON mapping spells it. */
interface Place {
  readonly path: string;
  readonly name: string;
}

/** Reads one value of a request strictly, as the front end does that turns JSON into protobuf messages. */
export interface Field<Value> {
  read(value: unknown, place: Place, violations: FieldViolation[]): Value | undefined;
}
type Shape = Readonly<Record<string, Field<unknown>>>;
type MessageValue<S extends Shape> = {
  readonly [Name in keyof S]?: S[Name] extends Field<infer Value> ? Value : never;
};
export type MessageOf<F> = F extends Field<infer Value> ? Value : never;

const typeUrl = (name: string) => `type.googleapis.com/${name}`;
const vendorType = (name: string): string => typeUrl(`google.android.devicemanagement.v1.${name}`);

export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const invalid = (place: Place, type: string, rest: string): FieldViolation => ({
  field: place.path,
  description: `Invalid value at '${place.path}' (${type}), ${rest}`,
});

const scalar = <Value>(type: string, accepts: (value: unknown) => value is Value): Field<Value> => ({
  read(value, place, violations) {
    if (accepts(value)) return value;
    violations.push(invalid(place, type, JSON.stringify(value)));
    return undefined;
  },
});

export const text: Field<string> = scalar("TYPE_STRING", (value) => typeof value === "string");
export const flag: Field<boolean> = scalar("TYPE_BOOL", (value) => typeof value === "boolean");
export const integer: Field<number> = scalar(
  "TYPE_INT32",
  (value): value is number => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31,
);

/** A part of the resource that this simulator keeps and gives back without looking inside. */
export const anything: Field<unknown> = { read: (value) => value };

/** An enum: by name, or by number as the JSON mapping also allows. */
export const choice = <const Name extends string>(type: string, names: readonly Name[]): Field<Name> => ({
  read(value, place, violations) {
    const found = typeof value === "number" ? names[value] : names.find((name) => name === value);
    if (found === undefined) violations.push(invalid(place, vendorType(type), JSON.stringify(value)));
    return found;
  },
});

/** Nanoseconds. */
export const duration: Field<bigint> = {
  read(value, place, violations) {
    const parsed =
      typeof value === "string"
        ? parseDuration(value)
        : { complaint: `Invalid data type for duration, value is ${JSON.stringify(value)}` };
    if (typeof parsed === "bigint") return parsed;
    const rest = `Field '${place.name}', ${parsed.complaint}`;
    violations.push(invalid(place, typeUrl("google.protobuf.Duration"), rest));
    return undefined;
  },
};

export const timestamp: Field<Instant> = {
  read(value, place, violations) {
    const parsed = typeof value === "string" ? parseInstant(value) : undefined;
    if (parsed !== undefined) return parsed;
    const rest = `Field '${place.name}', Invalid time format: ${JSON.stringify(value)}`;
    violations.push(invalid(place, typeUrl("google.protobuf.Timestamp"), rest));
    return undefined;
  },
};

export const repeated = <Value>(item: Field<Value>): Field<readonly Value[]> => ({
  read(value, place, violations) {
    if (!Array.isArray(value)) {
      violations.push(invalid(place, "TYPE_MESSAGE", JSON.stringify(value)));
      return undefined;
    }
    return value.flatMap((member: unknown, index) => {
      const read = item.read(member, { ...place, path: `${place.path}[${index}]` }, violations);
      return read === undefined ? [] : [read];
    });
  },
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

interface MessageOptions {
  /** Keep members that the shape does not name, for resources modelled only in part. */
  readonly others?: "refuse" | "keep";
}

/** A message: members in camelCase or snake_case, null counts as absent, unknown names are refused. */
export const message = <const S extends Shape>(
  type: string,
  shape: S,
  { others = "refuse" }: MessageOptions = {},
): Field<MessageValue<S>> => {
  const byName = new Map<string, readonly [string, Field<unknown>]>();
  for (const [name, field] of Object.entries(shape)) {
    byName.set(name, [name, field]);
    byName.set(snakeCase(name), [name, field]);
  }
  return {
    read(value, place, violations) {
      if (!isObject(value)) {
        violations.push(invalid(place, vendorType(type), JSON.stringify(value)));
        return undefined;
      }
      const read: Record<string, unknown> = {};
      for (const [given, member] of Object.entries(value)) {
        const [name, field] = byName.get(given) ?? (others === "keep" ? [camelCase(given), anything] : []);
        if (name === undefined || field === undefined) {
          violations.push({
            field: place.path,
            description: `Invalid JSON payload received. Unknown name "${given}" at '${place.path}': Cannot find field.`,
          });
        } else if (member !== null) {
          const found = field.read(member, { path: `${place.path}.${snakeCase(name)}`, name }, violations);
          if (found !== undefined) read[name] = found;
        }
      }
      return read as MessageValue<S>;
    },
  };
};

const malformed = (reason: string): ApiError => {
  const description = `Invalid JSON payload received. ${reason}`;
  return invalidFields([{ field: "", description }]);
};

/** The request body as a message called `root`; no body is an empty message. */
export const readMessage = <Value>(body: string, field: Field<Value>, root: string): Value => {
  let json: unknown;
  try {
    json = body === "" ? {} : JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed("Unexpected token.");
    throw error;
  }
  if (!isObject(json)) throw malformed('Unknown name "": Root element must be a message.');
  const violations: FieldViolation[] = [];
  const read = field.read(json, { path: root, name: root }, violations);
  if (read === undefined || violations.length > 0) throw invalidFields(violations);
  return read;
};
