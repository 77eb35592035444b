import { createHash } from "node:crypto";
import { EnrollmentError } from "../errors.js";
import type { EnrollmentRequest } from "../request.js";

const bytes = 6;

/**
 * Where the person of a request stands among all persons: the same number, from 0 up to 100, on every machine and for
 * ever. It comes from the recipient's address, in lower case, else from the request's key.
 *
 * @throws EnrollmentError `invalid-request` if there is neither.
 */
export const personNumber = ({
  recipient,
  key,
}: Pick<EnrollmentRequest<unknown>, "recipient" | "key">): number => {
  const text = recipient?.email?.toLowerCase() ?? key;
  if (text === undefined) {
    throw new EnrollmentError("recipient.email is missing, and so is key: a share of all persons needs one", {
      code: "invalid-request",
      path: "recipient.email",
      advice: "give the recipient's address, or a key that stays the same for the same person",
    });
  }
  const digest = createHash("sha256").update(text).digest();
  return (digest.readUIntBE(0, bytes) / 2 ** (8 * bytes)) * 100;
};
