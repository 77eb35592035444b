import { distance } from "fastest-levenshtein";

/** As people write headings: `Device name`, `device-name` and `deviceName` are one. */
const lettersOf = (word: string) => word.toLowerCase().replace(/[^a-z]/g, "");

/** The known word that was probably meant, if one is close. */
export const suggest = (word: string, known: readonly string[]): string | undefined => {
  const letters = lettersOf(word);
  const close = known
    .map((each) => ({ each, far: distance(letters, lettersOf(each)) }))
    .filter(({ each, far }) => far <= Math.max(2, Math.floor(each.length / 4)))
    .sort((one, other) => one.far - other.far);
  return close[0]?.each;
};
