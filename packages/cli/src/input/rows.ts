/** One row of an input, with the place where a person finds it. */
export interface InputRow<Value> {
  /** From 1, the heading included. */
  readonly line: number;
  readonly value: Value;
}

/** No row is longer than this many characters: what is longer has lost its line breaks or a quote. */
export const longestRow = 1_000_000;
