import { EnrollmentError } from "../errors.js";

/** Finds inputs that agree in a field in which they must differ. */
export const createDuplicateCheck = () => {
  const seen = new Map<string, number>();
  /**
   * @param scope - inputs are compared within one scope only.
   * @returns an error that names the earlier input, or undefined if the value is new.
   */
  return (
    scope: string,
    field: string,
    value: string | undefined,
    index: number,
  ): EnrollmentError | undefined => {
    if (value === undefined) return undefined;
    const id = `${scope}\n${field}\n${value}`;
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, index);
      return undefined;
    }
    return new EnrollmentError(`${field} is the same as in requests[${first}]; each must have its own`, {
      code: "invalid-request",
      path: field,
      advice: `give one of the two another ${field}, or remove one`,
    });
  };
};
