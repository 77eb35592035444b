/** How many letters must be added, dropped, changed or swapped with their neighbour to make one word of the other. */
const distance = (one: string, other: string): number => {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const change = (last[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      const isSwap =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        change,
        isSwap ? (beforeLast[column - 2] ?? 0) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
};

/** As people write headings: `Device name`, `device-name` and `deviceName` are one. */
const lettersOf = (word: string) => word.toLowerCase().replace(/[^a-z]/g, "");

/** The known word that was probably meant, if one is close. */
export const suggest = (word: string, known: readonly string[]): string | undefined => {
  const letters = lettersOf(word);
  const close = known
    .map((each) => ({ each, far: distance(letters, lettersOf(each)) }))
    .filter(({ each, far }) => far <= Math.max(1, Math.floor(each.length / 4)))
    .sort((one, other) => one.far - other.far);
  return close[0]?.each;
};
