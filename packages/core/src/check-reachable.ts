import type { CallOptions } from "./call-options.js";
import { EnrollmentError } from "./errors.js";
import type { CheckReport, EnrollmentProvider } from "./provider.js";

/** Checks a provider; that its vendor cannot be reached is a failed finding too, so that others are reported. */
export const checkReachable = async (
  provider: EnrollmentProvider,
  options: CallOptions | undefined,
): Promise<CheckReport> => {
  try {
    return await provider.check(options);
  } catch (error) {
    if (!EnrollmentError.is(error)) throw error;
    const message = error.advice === undefined ? error.message : `${error.message}; ${error.advice}`;
    return {
      provider: provider.name,
      ok: false,
      findings: [{ name: "reachable", status: "failed", message }],
    };
  }
};
