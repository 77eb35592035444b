import { Secret } from "@enrollkit/core";
import { openSecret } from "./open-secret.js";

/**
 * The link by which the owner of a personal device sets up a work profile with a token of the Android Management API. A token
 * for company devices opens it in vain: an enrollment that admits personal devices has the artifact `enrollment-link`
 * already; this is for tokens from elsewhere, and for the last page of a sign-in URL.
 *
 * @throws EnrollmentError `invalid-request` if the token was redacted.
 * @see https://developers.google.com/android/management/provision-device
 */
export const androidEnrollmentLink = (token: Secret): Secret =>
  new Secret(
    `https://enterprise.google.com/android/enroll?et=${encodeURIComponent(openSecret(token, "token"))}`,
  );
