import type { BulkWish } from "./dialect.js";
import { addEnrollment, requireAcceptable } from "./enrollments.js";
import { InvalidInput, Refusal, refusal } from "./errors.js";
import type { Organization } from "./organization.js";
import type { AppliveryPlatform, UserRecord } from "./records.js";
import { isEmailAddress, addUser } from "./users.js";
import type { Vendor } from "./vendor.js";

/** All that a bulk call ever tells: no ids, no links, no reasons. */
export interface BulkCounts {
  readonly total: number;
  readonly success: number;
  readonly fail: number;
}

const requireSize = ({ behavior }: Vendor, emails: readonly string[]) => {
  if (emails.length === 0 && behavior.emptyBulk === "reject") {
    throw new InvalidInput('"userEmails" must contain at least 1 items');
  }
  if (emails.length > behavior.maxEmails) {
    throw new InvalidInput(`"userEmails" must contain less than or equal to ${behavior.maxEmails} items`);
  }
  const wrong = emails.findIndex((email) => !isEmailAddress(email));
  if (wrong !== -1 && behavior.invalidEmails === "reject-call") {
    throw new InvalidInput(`"userEmails[${wrong}]" must be a valid email`);
  }
};

const withoutRepeats = (emails: readonly string[]) => [
  ...new Map(emails.map((email) => [email.toLowerCase(), email])).values(),
];

const requireRoom = ({ behavior }: Vendor, organization: Organization, count: number) => {
  const { enrollmentLimit } = organization.traits;
  if (behavior.bulkOverLimit === "reject-call" && organization.liveEnrollments + count > enrollmentLimit) {
    throw refusal("limit exceeded", { limit: enrollmentLimit });
  }
};

/** Makes a token for each address by itself, and counts. */
export const createInBulk = (
  vendor: Vendor,
  organization: Organization,
  platform: AppliveryPlatform,
  { emails: asked, ...wish }: BulkWish,
): BulkCounts => {
  const { behavior } = vendor;
  requireSize(vendor, asked);
  requireAcceptable(vendor, organization, platform, wish);
  const emails = behavior.duplicateEmails === "create-once" ? withoutRepeats(asked) : asked;
  requireRoom(vendor, organization, emails.length);

  const seen = new Set<string>();
  const userFor = (email: string): UserRecord | undefined => {
    const lowerCase = email.toLowerCase();
    const repeated = seen.has(lowerCase);
    seen.add(lowerCase);
    if (!isEmailAddress(email) || behavior.failEmails.has(lowerCase)) return undefined;
    if (repeated && behavior.duplicateEmails === "count-as-fail") return undefined;
    const user = organization.userByEmail(email);
    return user ?? (behavior.createMissingUsers ? addUser(vendor, organization, { email }) : undefined);
  };
  const succeeds = (email: string): boolean => {
    const user = userFor(email);
    if (user === undefined) return false;
    try {
      addEnrollment(vendor, organization, platform, wish, user);
      return true;
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  };
  const success = emails.filter(succeeds).length;
  return { total: emails.length, success, fail: emails.length - success };
};
