import type { Canary } from "./canaries.js";

/** A part so long tells the whole: fewer characters of a longer secret do not count. */
export const longestPart = 16;

/** A canary that was found, and how it was spelled. */
export interface Leak {
  readonly canary: Canary;
  readonly spelling: string;
  /** What stands before it, to find the place by. */
  readonly before: string;
}

const bytesOf = (text: string) => Buffer.from(text, "utf8");

/** What base64 makes of a text within others: the characters that depend on its neighbours are left out. */
const base64Within = (text: string, shift: number): string => {
  const bits = 8 * (shift + bytesOf(text).length);
  const whole = Buffer.concat([Buffer.alloc(shift), bytesOf(text)]).toString("base64");
  return whole.slice(Math.ceil((8 * shift) / 6), Math.floor(bits / 6));
};

const urlSafe = (text: string) => text.replaceAll("+", "-").replaceAll("/", "_");
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);
const inHtml = (text: string, quote: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", quote);
const lowerEscapes = (text: string) => text.replace(/%../g, (escape) => escape.toLowerCase());
const shifts = [0, 1, 2] as const;

/** How a text may be written down. */
export const spellings: readonly (readonly [name: string, write: (text: string) => string])[] = [
  ["as it is", (text) => text],
  ["URI-encoded", encodeURIComponent],
  ["URI-encoded in lower case", (text) => lowerEscapes(encodeURIComponent(text))],
  ["URI-encoded twice", (text) => encodeURIComponent(encodeURIComponent(text))],
  ["as a form's field", (text) => new URLSearchParams([["", text]]).toString().slice(1)],
  ["in JSON", inJson],
  ["in JSON within JSON", (text) => inJson(inJson(text))],
  ["in HTML", (text) => inHtml(text, "&#39;")],
  ["in HTML, in hexadecimal", (text) => inHtml(text, "&#x27;")],
  ["in XML", (text) => inHtml(text, "&apos;")],
  ...shifts.map((shift) => [`in base64 at ${shift}`, (text: string) => base64Within(text, shift)] as const),
  ...shifts.map(
    (shift) => [`in base64url at ${shift}`, (text: string) => urlSafe(base64Within(text, shift))] as const,
  ),
  ["in hexadecimal", (text) => bytesOf(text).toString("hex")],
  ["in HEXADECIMAL", (text) => bytesOf(text).toString("hex").toUpperCase()],
];

/** A text whole if it is short or a person's, else all its parts: half an address is anybody's. */
const partsOf = (text: string, kind: Canary["kind"]): readonly string[] =>
  text.length <= longestPart || kind === "person"
    ? [text]
    : Array.from({ length: text.length - longestPart + 1 }, (_, start) =>
        text.slice(start, start + longestPart),
      );

/** Characters by which a part is recognised; the shortest canary has more. */
const startLength = 4;
const hashBits = 20;

/** Of the four characters from a place on. Most places of most texts begin no part, and need no more than this. */
const hashAt = (text: string, place: number): number =>
  (text.charCodeAt(place) ^
    (text.charCodeAt(place + 1) << 5) ^
    (text.charCodeAt(place + 2) << 10) ^
    (text.charCodeAt(place + 3) << 15)) &
  (2 ** hashBits - 1);

interface Part {
  readonly text: string;
  readonly canary: Canary;
  readonly spelling: string;
}

/** Finds canaries in whatever spelling. */
export interface LeakFinder {
  /** Looks for more from now on. */
  add(canaries: Iterable<Canary>): void;
  /** Each canary once for each spelling. Bytes are taken as they are, whatever they encode. */
  find(shown: string | Uint8Array): readonly Leak[];
}

export const createLeakFinder = (first: Iterable<Canary>): LeakFinder => {
  const starts = new Uint8Array(2 ** hashBits);
  const byStart = new Map<string, Part[]>();
  const known = new Set<string>();

  const learn = (part: Part): void => {
    if (known.has(part.text)) return;
    known.add(part.text);
    starts[hashAt(part.text, 0)] = 1;
    const start = part.text.slice(0, startLength);
    const siblings = byStart.get(start);
    if (siblings === undefined) byStart.set(start, [part]);
    else siblings.push(part);
  };

  const add = (canaries: Iterable<Canary>): void => {
    for (const canary of canaries) {
      if (canary.text.length < startLength) throw new RangeError(`${canary.name} is too short to be told`);
      for (const [spelling, write] of spellings) {
        for (const text of partsOf(write(canary.text), canary.kind)) learn({ text, canary, spelling });
      }
    }
  };

  add(first);
  return {
    add,
    find: (shown) => {
      const text = typeof shown === "string" ? shown : Buffer.from(shown).toString("latin1");
      const found = new Map<string, Leak>();
      for (let place = 0; place <= text.length - startLength; place += 1) {
        if (starts[hashAt(text, place)] === 0) continue;
        for (const part of byStart.get(text.slice(place, place + startLength)) ?? []) {
          if (!text.startsWith(part.text, place)) continue;
          const { canary, spelling } = part;
          const id = `${canary.name} ${spelling}`;
          if (!found.has(id)) {
            found.set(id, { canary, spelling, before: text.slice(Math.max(0, place - 80), place) });
          }
        }
      }
      return [...found.values()];
    },
  };
};
