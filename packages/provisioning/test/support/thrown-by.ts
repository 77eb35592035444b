import { EnrollmentError } from "@enrollkit/core";

/** The error that a call throws, for a look at more than its message. */
export const thrownBy = (call: () => unknown): EnrollmentError => {
  try {
    call();
  } catch (error) {
    if (EnrollmentError.is(error)) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
};
