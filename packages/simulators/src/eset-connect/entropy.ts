/** Identifiers and secrets that look unguessable, and repeat if the source of randomness does. */
export interface Entropy {
  uuid(): string;
  /** Letters, digits, "-" and "_". */
  token(length: number): string;
  shuffled<Item>(items: readonly Item[]): Item[];
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** @param random numbers in [0, 1) */
export const entropyFrom = (random: () => number): Entropy => {
  const below = (limit: number) => Math.floor(random() * limit);
  const word = () => below(0x1_0000_0000).toString(16).padStart(8, "0");
  return {
    uuid: () => {
      const [first, second, third, fourth] = [word(), word(), word(), word()];
      const variant = "89ab".charAt(below(4));
      return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-${variant}${third.slice(1, 4)}-${third.slice(4)}${fourth}`;
    },
    token: (length) => Array.from({ length }, () => alphabet.charAt(below(alphabet.length))).join(""),
    shuffled: (items) => {
      const result = [...items];
      for (let last = result.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [result[last], result[other]] = [result[other], result[last]] as [never, never];
      }
      return result;
    },
  };
};
