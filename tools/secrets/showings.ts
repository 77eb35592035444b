import { inspect } from "node:util";
import { serialize } from "node:v8";

/** One way to write a value down, and what comes of it. */
export interface Showing {
  readonly way: string;
  readonly text: string | Uint8Array;
}

const everything = {
  depth: Number.POSITIVE_INFINITY,
  showHidden: true,
  getters: true,
  maxArrayLength: null,
  maxStringLength: null,
};

/** JSON of anything; objects within themselves are left out the second time. */
const jsonOf = (value: unknown): string => {
  const path: unknown[] = [];
  const write = JSON.stringify as (
    value: unknown,
    replacer: (this: unknown, name: string, member: unknown) => unknown,
  ) => string | undefined;
  const text = write(value, function (_, member) {
    while (path.length > 0 && path.at(-1) !== this) path.pop();
    if (typeof member === "bigint") return member.toString();
    if (typeof member !== "object" || member === null) return member;
    if (path.includes(member)) return undefined;
    path.push(member);
    return member;
  });
  return text ?? "";
};

/** A value that has no text of its own, such as one without a prototype, shows none. */
const stringOf = (value: unknown): string => {
  try {
    return String(value);
  } catch (error) {
    if (error instanceof TypeError) return "";
    throw error;
  }
};

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** What a property holds; a getter that throws shows what it throws. */
const read = (owner: object, descriptor: PropertyDescriptor): unknown => {
  if (descriptor.get === undefined) return descriptor.value;
  try {
    return descriptor.get.call(owner) as unknown;
  } catch (error) {
    return error;
  }
};

/** Their getters lead into the language, the same for every value, and half of what they give is a thrown error. */
const language: readonly unknown[] = [Object.prototype, Function.prototype];

/** Own properties with all that is hidden, and the getters of its class. */
const membersOf = (owner: object): readonly (readonly [string, unknown])[] => {
  const prototype: unknown = Object.getPrototypeOf(owner);
  const isOfInterest = isObject(prototype) && !language.includes(prototype);
  const inherited = isOfInterest ? Object.getOwnPropertyDescriptors(prototype) : {};
  const getters = Object.entries(inherited).filter(([, descriptor]) => descriptor.get !== undefined);
  const own = Object.getOwnPropertyDescriptors(owner) as Record<PropertyKey, PropertyDescriptor>;
  const ownMembers = Reflect.ownKeys(own).map((key) => [String(key), read(owner, own[key] ?? {})] as const);
  return [
    ...ownMembers,
    ...getters.map(([key, descriptor]) => [key, read(owner, descriptor)] as const),
    ...(owner instanceof Map
      ? [...owner].flatMap(
          ([key, value]) =>
            [
              ["key", key],
              ["value", value],
            ] as const,
        )
      : []),
    ...(owner instanceof Set ? [...owner].map((value) => ["item", value] as const) : []),
  ];
};

/** Every text that a debugger would find in a value: the core dump of an object. */
export const coreDump = (value: unknown): string => {
  const texts: string[] = [];
  const seen = new Set<unknown>();
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "string") texts.push(next);
    if (!isObject(next) || seen.has(next)) continue;
    seen.add(next);
    if (ArrayBuffer.isView(next)) {
      texts.push(Buffer.from(next.buffer, next.byteOffset, next.byteLength).toString("latin1"));
      continue;
    }
    for (const [name, member] of membersOf(next)) {
      texts.push(name);
      waiting.push(member);
    }
  }
  return texts.join("\n");
};

/** What a structured clone of it carries; nothing where it cannot be cloned. Zeros are half of wide characters. */
const serialized = (value: unknown): Uint8Array => {
  try {
    return serialize(value).filter((byte) => byte !== 0);
  } catch (error) {
    if (error instanceof Error && error.name === "DataCloneError") return Buffer.alloc(0);
    if (error instanceof Error && error.message.includes("could not be cloned")) return Buffer.alloc(0);
    throw error;
  }
};

const causesOf = (value: unknown): readonly unknown[] =>
  value instanceof Error && value.cause !== undefined ? [value.cause, ...causesOf(value.cause)] : [];

/** Everything that a value shows of itself to whoever logs, prints, stores or dumps it. */
export const showings = (value: unknown): readonly Showing[] => [
  { way: "String", text: stringOf(value) },
  { way: "util.inspect", text: inspect(value, everything) },
  { way: "JSON", text: jsonOf(value) },
  { way: "a core dump", text: coreDump(value) },
  { way: "structured clone", text: serialized(value) },
  ...(value instanceof Error ? [{ way: "the stack", text: value.stack ?? "" }] : []),
  ...causesOf(value).flatMap((cause): Showing[] => [
    { way: "the cause in String", text: stringOf(cause) },
    { way: "the cause in JSON", text: jsonOf(cause) },
    { way: "the cause's stack", text: cause instanceof Error ? (cause.stack ?? "") : "" },
  ]),
];
