/** What a message repeats is a name or a short wish; nothing longer is either. */
const longestName = 64;

/** The signs of names, paths of groups, dates and durations. Passwords and links have others. */
const plain = /^[\p{L}\p{M}\p{N} _.,:/()&'#-]*$/u;
const duration = /^[+-]?P(?:\d+(?:[.,]\d+)?[A-Z]|T)+$/i;

/** Random letters and digits change places again and again; a word with a number or two in it does not. */
const changesOften = (run: string): boolean =>
  (run.match(/(?<=\p{L})(?=\p{N})|(?<=\p{N})(?=\p{L})/gu) ?? []).length > 2;

/** A long part of a UUID is no word, and no secret either. */
const isHexadecimal = (run: string): boolean => /^(?:[0-9a-f]{8}|[0-9a-f]{12})$/i.test(run);

/** Letters and digits without a sign between them, as people write them: `warehouse2026`, `requiredAccountEmail`. */
const isWord = (run: string): boolean => {
  if (run.length <= 6 || isHexadecimal(run)) return true;
  if (changesOften(run)) return false;
  if (run.length <= 12) return true;
  if (/\p{N}{5}|\p{Lu}{13}/u.test(run)) return false;
  const words = run.match(/\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{Lu}+|\p{N}+|./gu) ?? [];
  return words.length <= run.length / 4;
};

/** Whether a text reads as a name: no address, no link, and nothing that may be a token, a password or a key. */
export const isName = (text: string): boolean =>
  duration.test(text) || (plain.test(text) && text.split(/[^\p{L}\p{M}\p{N}]+/u).every(isWord));

/** What somebody wrote as a name, or `…` if it does not read like one. */
export const shownName = (text: string): string => (text.length <= longestName && isName(text) ? text : "…");

/**
 * What somebody wrote, in quotes, as a message may repeat it: messages end up in logs. What could be an address, a token or
 * a password out of the wrong column becomes `"…"`, and so does what is longer than 64 characters. A short password that
 * reads like a word cannot be told from one.
 */
export const quote = (text: string): string => `"${shownName(text)}"`;
