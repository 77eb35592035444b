import { EnrollmentError, type Secret } from "@enrollkit/core";

/** What is wrong with a secret that was read back from redacted JSON. */
export const LOST = "was redacted when it was written down; its value is lost";

/**
 * The value of a secret that an enrollment brings.
 *
 * @throws EnrollmentError `invalid-request` if it was lost: the enrollment was written down without its secrets.
 */
export const openSecret = (secret: Secret, path: string): string => {
  if (secret.isKnown) return secret.reveal();
  throw new EnrollmentError(`${path} ${LOST}`, {
    code: "invalid-request",
    path,
    advice: "use the enrollment as it was created, or one written down by revealEnrollment",
  });
};
