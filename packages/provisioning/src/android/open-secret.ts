import { EnrollmentError, type Secret } from "@enrollkit/core";

/**
 * The value of a secret that an enrollment brings.
 *
 * @throws EnrollmentError `invalid-request` if it was lost: the enrollment was written down without its secrets.
 */
export const openSecret = (secret: Secret, path: string): string => {
  if (secret.isKnown) return secret.reveal();
  throw new EnrollmentError(`${path} was redacted when the enrollment was written down; its value is lost`, {
    code: "invalid-request",
    path,
    advice: "use the enrollment as it was created, or one written down by revealEnrollment",
  });
};
