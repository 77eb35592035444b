import { createHash } from "node:crypto";
import type { Enrollment } from "@enrollkit/core";

/**
 * What stands for one enrollment and one recipient: 43 characters of base64url, SHA-256. It tells neither; who knows
 * both can compute it. The expiry is part of it, because an id may be the device's: a device that gets another link, as
 * with ESET Connect, keeps it. Case in the address does not count, so that Ana@ and ana@ are one person.
 */
export const mailFingerprint = (
  { provider, vendor, id, expiresAt }: Pick<Enrollment, "provider" | "vendor" | "id" | "expiresAt">,
  address: string,
): string =>
  createHash("sha256")
    .update(JSON.stringify([vendor, provider, id, expiresAt, address.toLowerCase()]))
    .digest("base64url");
