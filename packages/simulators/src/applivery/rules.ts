import { InvalidInput } from "./errors.js";

/** How strictly a body is read where the vendor's own strictness is unknown. */
export interface Leniency {
  readonly unknownKeys: "reject" | "strip";
  readonly acceptNull: boolean;
}

/**
 * Reads one value as Joi 14 would under its default options, which is what the vendor's pages show the inside of:
 * numbers and booleans are taken from strings too, strings from nothing else. Throws {@link InvalidInput}.
 */
export type Rule<Value> = (value: unknown, name: string, leniency: Leniency) => Value;

type Shape = Readonly<Record<string, Rule<unknown>>>;
/** What the rules of an object's members read. */
export type Read<Fields extends Shape> = { readonly [Key in keyof Fields]: ReturnType<Fields[Key]> };

const invalid = (name: string, problem: string) => new InvalidInput(`"${name}" ${problem}`);
const required = (value: unknown, name: string) => {
  if (value === undefined) throw invalid(name, "is required");
};

export interface TextLimits {
  /** In UTF-16 units. */
  readonly maximum?: number;
  readonly pattern?: RegExp;
  /** A closed list, compared case by case. */
  readonly oneOf?: readonly string[];
  /** Whether the empty string passes, whatever the other limits say. Default: "refuse". */
  readonly empty?: "allow" | "refuse";
}

export const text =
  ({ maximum = Infinity, pattern, oneOf, empty = "refuse" }: TextLimits = {}): Rule<string> =>
  (value, name, { acceptNull }) => {
    required(value, name);
    if (value === null && empty === "allow" && acceptNull) return "";
    if (typeof value !== "string") throw invalid(name, "must be a string");
    if (value === "" && empty === "allow") return value;
    if (value === "") throw invalid(name, "is not allowed to be empty");
    if (oneOf?.includes(value) === false) throw invalid(name, `must be one of [${oneOf.join(", ")}]`);
    if (value.length > maximum) {
      throw invalid(name, `length must be less than or equal to ${maximum} characters long`);
    }
    if (pattern?.test(value) === false) throw invalid(name, "fails to match the required pattern");
    return value;
  };

/** The 24 hexadecimal digits of an id. */
export const id = (limits: Pick<TextLimits, "empty"> = {}): Rule<string> =>
  text({ ...limits, pattern: /^[a-fA-F0-9]{24}$/ });

export const wholeNumber =
  ({ minimum, maximum }: { minimum: number; maximum: number }): Rule<number> =>
  (value, name) => {
    required(value, name);
    const read = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof read !== "number" || !Number.isFinite(read)) throw invalid(name, "must be a number");
    if (Math.abs(read) > Number.MAX_SAFE_INTEGER) throw invalid(name, "must be a safe number");
    if (!Number.isInteger(read)) throw invalid(name, "must be an integer");
    if (read < minimum) throw invalid(name, `must be larger than or equal to ${minimum}`);
    if (read > maximum) throw invalid(name, `must be less than or equal to ${maximum}`);
    return read;
  };

export const flag: Rule<boolean> = (value, name) => {
  required(value, name);
  const read = typeof value === "string" ? value.toLowerCase() : value;
  if (read === true || read === "true") return true;
  if (read === false || read === "false") return false;
  throw invalid(name, "must be a boolean");
};

export const list =
  <Item>(item: Rule<Item>): Rule<readonly Item[]> =>
  (value, name, leniency) => {
    required(value, name);
    if (!Array.isArray(value)) throw invalid(name, "must be an array");
    return value.map((entry, index) => item(entry, `${name}[${index}]`, leniency));
  };

const anObject = (value: unknown, name: string): object => {
  required(value, name);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(name, "must be an object");
  }
  return value;
};

/** An object whose members nobody looks at. */
export const anyObject: Rule<object> = anObject;

/** An object of these members. */
export const object =
  <const Fields extends Shape>(fields: Fields): Rule<Read<Fields>> =>
  (value, name, leniency) => {
    const members = new Map<string, unknown>(Object.entries(anObject(value, name)));
    const within = (key: string) => (name === "body" ? key : `${name}.${key}`);
    if (leniency.unknownKeys === "reject") {
      const unknown = [...members.keys()].find((key) => !Object.hasOwn(fields, key));
      if (unknown !== undefined) throw invalid(within(unknown), "is not allowed");
    }
    const read = Object.entries(fields).map(
      ([key, rule]) => [key, rule(members.get(key), within(key), leniency)] as const,
    );
    return Object.fromEntries(read) as Read<Fields>;
  };

/** A value that may be left out. `null` is still refused: left out means left out. */
export const optional =
  <Value>(rule: Rule<Value>): Rule<Value | undefined> =>
  (value, name, leniency) =>
    value === undefined ? undefined : rule(value, name, leniency);

/** What a rule read, in another shape. */
export const mapped =
  <Before, After>(rule: Rule<Before>, change: (value: Before) => After): Rule<After> =>
  (value, name, leniency) =>
    change(rule(value, name, leniency));
