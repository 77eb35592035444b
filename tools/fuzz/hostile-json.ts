import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const hostileText = fc.constantFrom(
  "",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "\0",
  "\uFEFF",
  "\uD800",
  "-1",
  "1e999",
  "NaN",
  "<script>",
  "2026-13-45T99:99:99Z",
  "9999-12-31T23:59:59.999999999Z",
  "0001-01-01T00:00:00Z",
  "P1Y",
  "PT1e400S",
  "🙂".repeat(50),
);
const text = fc.oneof(fc.string(), fc.string({ unit: "binary" }), hostileText);
const leaf: fc.Arbitrary<Json> = fc.oneof(
  text,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, 1e308, 5e-324),
);

/** Any JSON, names such as `__proto__` included, as `JSON.parse` makes them. */
export const anyJson: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthIdentifier: "json" },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie("value")), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

/** The documents in a folder of fixtures: what an answer looks like when nothing is wrong. */
export const fixturesIn = (folder: string): readonly Json[] =>
  readdirSync(folder).map((file) => {
    const fixture = JSON.parse(readFileSync(join(folder, file), "utf8")) as Record<string, Json>;
    return fixture["body"] ?? fixture;
  });

type Path = readonly (string | number)[];

const pathsOf = (value: Json, path: Path = []): Path[] => {
  if (typeof value !== "object" || value === null) return [path];
  const entries: [string | number, Json][] = Array.isArray(value)
    ? (value as readonly Json[]).map((item, index) => [index, item])
    : Object.entries(value);
  return [path, ...entries.flatMap(([name, part]) => pathsOf(part, [...path, name]))];
};

/** Puts something in the place of a part; undefined takes the part away. */
const replaced = (value: Json, [name, ...rest]: Path, part: Json | undefined): Json | undefined => {
  if (name === undefined) return part;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item, index) =>
      index === name ? (replaced(item, rest, part) ?? []) : [item],
    );
  }
  const entries = Object.entries(value).flatMap(([key, inner]): [string, Json][] => {
    const next = key === name ? replaced(inner, rest, part) : inner;
    return next === undefined ? [] : [[key, next]];
  });
  return Object.fromEntries(entries);
};

/** Documents in which up to three parts have been taken away, or have become something else. */
export const mutated = (documents: readonly Json[]): fc.Arbitrary<Json> =>
  fc
    .tuple(
      fc.constantFrom(...documents),
      fc.array(fc.tuple(fc.nat(), fc.option(anyJson, { nil: undefined })), { maxLength: 3 }),
    )
    .map(([document, changes]) =>
      changes.reduce<Json>((changed, [choice, part]) => {
        const paths = pathsOf(changed);
        return replaced(changed, paths[choice % paths.length] ?? [], part) ?? null;
      }, document),
    );

const punctuation = ["{", "}", "[", "]", '"', ",", ":", ";", "/*", "\\", "\n", "=", "-", "+"];

/** A text in which some characters have been replaced, doubled or cut out. */
export const mutatedText = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 8 }), fc.oneof(text, fc.constantFrom(...punctuation))), {
        maxLength: 4,
      }),
    )
    .map(([whole, edits]) =>
      edits.reduce((changed, [choice, length, put]) => {
        const place = choice % (changed.length + 1);
        return changed.slice(0, place) + put + changed.slice(place + length);
      }, whole),
    );
