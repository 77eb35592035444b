import type { SimulatorClock } from "../base/clock.js";

const hexadecimal = "0123456789abcdef";
const codeCharacters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const codeAttempts = 100;

export interface Identifiers {
  /** 24 hexadecimal digits, as MongoDB makes them: later ids sort behind earlier ones. */
  id(): string;
  /** Nine characters that `taken` does not know yet. */
  code(taken: (code: string) => boolean): string;
  /** A bearer token. */
  bearer(): string;
}

export const identifiers = (clock: SimulatorClock, random: () => number): Identifiers => {
  const characters = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join("");
  const machine = characters(hexadecimal, 10);
  let count = 0;

  return {
    id: () => {
      count += 1;
      const seconds = Math.floor(clock.now() / 1000);
      return `${seconds.toString(16).padStart(8, "0")}${machine}${count.toString(16).padStart(6, "0")}`;
    },
    code: (taken) => {
      for (let attempt = 0; attempt < codeAttempts; attempt += 1) {
        const code = characters(codeCharacters, 9);
        if (!taken(code)) return code;
      }
      throw new Error(`the option "random" gave the same enrollment code ${codeAttempts} times in a row`);
    },
    bearer: () => characters(hexadecimal, 64),
  };
};
