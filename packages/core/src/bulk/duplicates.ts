import { EnrollmentError } from "../errors.js";
import { fingerprint, type Fingerprint } from "./fingerprint.js";
import { createFingerprintIndex } from "./fingerprint-index.js";

/** What an input says in a field in which inputs must differ. */
export interface UniqueValue {
  /** Inputs are compared within one scope only. */
  readonly scope: string;
  readonly field: string;
  readonly value: string | undefined;
}

const repeated = (field: string, earlier: string) =>
  new EnrollmentError(`${field} is the same as in ${earlier}; each must have its own`, {
    code: "invalid-request",
    path: field,
    advice: `give one of the two another ${field}, or remove one`,
  });

/**
 * Finds inputs that agree in a field in which they must differ, over any number of them.
 *
 * Kept of each value are 64 bits and the place of its input, some 12 bytes whatever its length. So two values that
 * differ may look the same: among a million values the odds that any two do are 1 to 37 million, among ten million
 * 1 to 370,000. One of the two is then refused, never sent twice; and as each run draws another seed, the next accepts
 * both.
 *
 * @param list - how errors name the inputs: `requests`.
 * @param seed - a whole number. Default: by chance.
 */
export const createDuplicateCheck = (list: string, seed = Math.floor(Math.random() * 2 ** 32)) => {
  const seen = createFingerprintIndex();
  /**
   * @returns an error that names the earlier input, or undefined if all values are new. Only then are they taken: an
   *   input that is refused stands in no other's way.
   */
  return (index: number, values: readonly UniqueValue[]): EnrollmentError | undefined => {
    const prints: Fingerprint[] = [];
    for (const { scope, field, value } of values) {
      if (value === undefined) continue;
      const print = fingerprint(`${scope}\n${field}\n${value}`, seed);
      const first = seen.find(print);
      if (first !== undefined) return repeated(field, `${list}[${first}]`);
      prints.push(print);
    }
    for (const print of prints) seen.add(print, index);
    return undefined;
  };
};
