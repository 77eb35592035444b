import { toUSVString } from "node:util";
import { REDACTED, type Secret } from "@enrollkit/core";

/** Characters of a vendor's words that are kept. */
const KEPT = 500;
/** Characters that the patterns look at: a bound on their work, whatever a vendor sends. */
const EXAMINED = 4000;

const escapeForPattern = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** How a secret may be written in a text: as it is, within a URL or form, within JSON. */
const spellings = (secret: string) => {
  const encoded = [
    encodeURIComponent(toUSVString(secret)),
    new URLSearchParams([["", secret]]).toString().slice(1),
  ];
  const inLowerCase = encoded.map((text) => text.replace(/%../g, (code) => code.toLowerCase()));
  return [secret, ...encoded, ...inLowerCase, JSON.stringify(secret).slice(1, -1)];
};

const withoutSecrets = (text: string, secrets: Iterable<Secret>): string => {
  const known = [...secrets]
    .filter((secret) => secret.isKnown)
    .flatMap((secret) => spellings(secret.reveal()));
  const patterns = [...new Set(known)]
    .filter((spelling) => spelling !== "")
    .sort((one, other) => other.length - one.length)
    .map(escapeForPattern);
  return patterns.length === 0 ? text : text.replace(new RegExp(patterns.join("|"), "g"), REDACTED);
};

/** A part of a secret that is so long tells too much of it. */
const LONGEST_PART = 16;

/** The text without the parts of a secret: whoever cuts what it repeats leaves one at the end. */
const withoutPartsOf = (secret: string, text: string): string => {
  let rest = "";
  let from = 0;
  for (let place = 0; place <= text.length - LONGEST_PART; place += 1) {
    let end = place + LONGEST_PART;
    if (!secret.includes(text.slice(place, end))) continue;
    while (end < text.length && secret.includes(text.slice(place, end + 1))) end += 1;
    rest += text.slice(from, place) + REDACTED;
    from = end;
    place = end - 1;
  }
  return rest + text.slice(from);
};

/** Of a plain word, such as a request id: within it a secret is written in one way alone. */
const plainWithout = (word: string, secrets: readonly Secret[]): string =>
  secrets
    .map((secret) => secret.reveal())
    .filter((value) => value !== "")
    // One secret may lie within another: the longer first, or the rest of it would stay.
    .sort((one, other) => other.length - one.length)
    .reduce((rest, value) => {
      const open = rest.replaceAll(value, REDACTED);
      return value.length > LONGEST_PART ? withoutPartsOf(value, open) : open;
    }, word);

const withoutParts = (text: string, secrets: Iterable<Secret>): string =>
  [...secrets]
    .filter((secret) => secret.isKnown)
    .flatMap((secret) => [...new Set(spellings(secret.reveal()))])
    .filter((spelling) => spelling.length > LONGEST_PART)
    .reduce((rest, spelling) => withoutPartsOf(spelling, rest), text);

/** What stands for `@`: as it is, in full width, in URLs, HTML, JSON, and in quoted-printable text before a domain. */
const at = String.raw`(?:[@＠]|%(?:25)*40|&#(?:64|x40);|&commat;|\\u0040|=40(?=[^\s@<>()[\]",;:\\/=]+\.[a-z]{2}))`;

/** What is secret or personal by its shape. Too much taken out is a nuisance, too little is a leak. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g, REDACTED],
  [/\b(bearer|basic)\s+\S+/gi, `$1 ${REDACTED}`],
  [/\beyJ[\w-]{4,}(?:\.[\w-]*){1,4}/g, REDACTED],
  // `token=x`, `"token":"x"`, `token: x1`; but "invalid token: expired" is prose, and stays.
  [
    /((?:passw(?:or)?d|passphrase|pwd|secret|credentials?|assertion|token|session|(?:api|private|access)[_-]?key|authorization)(?:\\*["']?\s*=\s*|\\*["']\s*:\s*\[?\s*|\s*:\s*(?=\S*\d)))(?:(\\*["'])(?:(?!\2)(?:\\{2,}["']|\\.|[^\r\n]))+|[^\s"',;&]+)/gi,
    `$1$2${REDACTED}`,
  ],
  // An enrollment link carries its token in the path.
  [
    /(?<=:\/\/[^\s"'<>]{1,2000}\/)(?=[^\s/?#"'<>]*(?:\d|[a-z][^\s/?#"'<>]*[A-Z]|[A-Z][^\s/?#"'<>]*[a-z]))[^\s/?#"'<>]{20,}/g,
    REDACTED,
  ],
  [/([?&#][^\s=&?#"'<>]{1,100}=)[^\s&#"'<>]{8,}/g, `$1${REDACTED}`],
  [/\/\/[^\s/@]{1,320}@/g, `//${REDACTED}@`],
  [/"[^"\r\n]{1,64}"@[^\s@<>()[\]",;:\\/]+/g, REDACTED],
  [new RegExp(String.raw`[^\s@<>()[\]",;:\\/]{1,320}(?:${at}[^\s@<>()[\]",;:\\/]+)+`, "gi"), REDACTED],
  // An address may have a slash in it, though paths are more often meant: looked for last.
  [/[^\s@<>()[\]",;:\\]{1,320}@[^\s@<>()[\]",;:\\/]+/g, REDACTED],
];

/** Every shape has a character that is not in here: most segments of a path need no search. */
const plainWord = /^[\w-]{0,500}$/;

/** Cuts a long text at the last space before the limit, so that no half of something secret is left over. */
const examined = (text: string) =>
  text.length <= EXAMINED ? text : text.slice(0, EXAMINED).replace(/\S+$/, "");

/**
 * Makes a vendor's words fit for an error or a log: e-mail addresses, bearer tokens, JWTs, keys, values in URL
 * queries, and the secrets that are given, with every part of them from 16 characters, become `[redacted]`, control
 * characters become spaces, and the rest is cut to 500 characters.
 */
export const redactText = (text: string, secrets: Iterable<Secret> = []): string => {
  const known = [...secrets].filter((secret) => secret.isKnown);
  if (plainWord.test(text)) return plainWithout(text, known);
  const open = withoutParts(examined(withoutSecrets(text, known)), known);
  if (plainWord.test(open)) return open;
  const hidden = shapes.reduce((rest, [shape, replacement]) => rest.replace(shape, replacement), open);
  const line = hidden.replace(/\p{Cc}+/gu, " ").trim();
  return line.length <= KEPT ? line : `${toUSVString(line.slice(0, KEPT - 1))}…`;
};
