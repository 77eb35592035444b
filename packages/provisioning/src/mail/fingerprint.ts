import { createHash } from "node:crypto";
import type { Enrollment } from "@enrollkit/core";

/**
 * What stands for one enrollment and one recipient: 43 characters of base64url, SHA-256. It tells neither; who knows
 * both can compute it. Case in the address does not count, so that Ana@ and ana@ are one person.
 */
export const mailFingerprint = (
  { provider, vendor, id }: Pick<Enrollment, "provider" | "vendor" | "id">,
  address: string,
): string =>
  createHash("sha256")
    .update(JSON.stringify([vendor, provider, id, address.toLowerCase()]))
    .digest("base64url");
