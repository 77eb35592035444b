/** Levels of objects and arrays that are read: no vendor's answer has more than a few. */
const DEEPEST = 100;
/** Values that are read: each costs many times its text in memory. */
const MOST_VALUES = 1_000_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Parsed JSON, undefined if there is nothing; or what is wrong with it, without a word of what it says. */
export type ReadJson =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: string };

const refused = (problem: string): ReadJson => ({ ok: false, problem });

/** Where the text that begins behind a quote ends. */
const endOfText = (json: string, start: number): number => {
  for (let end = json.indexOf('"', start); end !== -1; end = json.indexOf('"', end + 1)) {
    let before = end;
    while (json.charCodeAt(before - 1) === BACKSLASH) before -= 1;
    if ((end - before) % 2 === 0) return end;
  }
  return json.length;
};

/** Counts the members of all objects by their colons, and stops at what is too deep or too much. */
const survey = (json: string): { readonly members: number; readonly problem?: string } => {
  let members = 0;
  let depth = 0;
  let values = 1;
  for (let place = 0; place < json.length; place += 1) {
    switch (json.charCodeAt(place)) {
      case QUOTE:
        place = endOfText(json, place + 1);
        break;
      case COLON:
        members += 1;
        break;
      case COMMA:
        values += 1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        depth += 1;
        values += 1;
        if (depth > DEEPEST) return { members, problem: `it is nested more than ${DEEPEST} levels deep` };
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth -= 1;
        break;
    }
    if (values > MOST_VALUES) return { members, problem: `it holds more than ${MOST_VALUES} values` };
  }
  return { members };
};

/** How many members all objects have in the end; undefined if one of them is named `__proto__`. */
const countMembers = (value: unknown): number | undefined => {
  if (typeof value !== "object" || value === null) return 0;
  const names = Array.isArray(value) ? undefined : Object.keys(value);
  if (names?.includes("__proto__") === true) return undefined;
  let count = names?.length ?? 0;
  const parts: readonly unknown[] = Object.values(value);
  for (const part of parts) {
    if (typeof part !== "object" || part === null) continue;
    const within = countMembers(part);
    if (within === undefined) return undefined;
    count += within;
  }
  return count;
};

/**
 * Reads JSON that may be meant to do harm. Refused are: what is nested too deeply or too much, before it is parsed; a name
 * that comes twice in one object, because readers disagree on which one counts; and the name `__proto__`, which has
 * turned into an object's prototype in many a library.
 */
export const readJson = (text: string): ReadJson => {
  const json = text.replace(/^\uFEFF/, "").trim();
  if (json === "") return { ok: true, value: undefined };
  const { members, problem } = survey(json);
  if (problem !== undefined) return refused(problem);
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // A SyntaxError quotes the body, so nothing of it is kept.
    return refused("it is not JSON");
  }
  // Of a name that comes twice, the parser keeps one: fewer members than colons tell it, at a fraction of a parser's cost.
  const kept = countMembers(value);
  if (kept === undefined) return refused('it has a field named "__proto__"');
  return kept === members ? { ok: true, value } : refused("it has a field twice in one object");
};
