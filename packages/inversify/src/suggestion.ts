import { closest, distance } from "fastest-levenshtein";

/** `; did you mean "x"?` if one of the known words is close to the one that was written, else nothing. */
export const suggestion = (word: string, known: readonly string[]): string => {
  if (known.length === 0) return "";
  const best = closest(word, [...known]);
  const close = distance(word.toLowerCase(), best.toLowerCase()) <= Math.max(2, Math.floor(best.length / 4));
  return close ? `; did you mean "${best}"?` : "";
};
