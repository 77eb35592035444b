import { EnrollmentError } from "../errors.js";

/** What an input says in a field in which inputs must differ. */
export interface UniqueValue {
  /** Inputs are compared within one scope only. */
  readonly scope: string;
  readonly field: string;
  readonly value: string | undefined;
}

/**
 * Finds inputs that agree in a field in which they must differ.
 *
 * @param list - how errors name the inputs: `requests`.
 */
export const createDuplicateCheck = (list: string) => {
  const seen = new Map<string, number>();
  /**
   * @returns an error that names the earlier input, or undefined if all values are new. Only then are they taken: an
   *   input that is refused stands in no other's way.
   */
  return (index: number, values: readonly UniqueValue[]): EnrollmentError | undefined => {
    const given = values
      .filter(({ value }) => value !== undefined)
      .map(({ scope, field, value = "" }) => ({ field, id: `${scope}\n${field}\n${value}` }));
    for (const { field, id } of given) {
      const first = seen.get(id);
      if (first === undefined) continue;
      return new EnrollmentError(`${field} is the same as in ${list}[${first}]; each must have its own`, {
        code: "invalid-request",
        path: field,
        advice: `give one of the two another ${field}, or remove one`,
      });
    }
    for (const { id } of given) seen.set(id, index);
    return undefined;
  };
};
