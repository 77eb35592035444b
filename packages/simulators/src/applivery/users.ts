import { InvalidInput, refusal } from "./errors.js";
import { language, tags } from "./members.js";
import type { Organization } from "./organization.js";
import { stateAt, type UserRecord } from "./records.js";
import { instant } from "./rendering.js";
import { anyObject, mapped, object, optional, text } from "./rules.js";
import type { Vendor } from "./vendor.js";

export interface UserTraits {
  readonly email: string;
  readonly name?: string | undefined;
  readonly managedAppleId?: string | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly language?: string | undefined;
  readonly metadata?: object | undefined;
}

export const isEmailAddress = (value: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value);

const changeable = {
  name: optional(text({ maximum: 128, empty: "allow" })),
  managedAppleId: optional(text({ empty: "allow" })),
  tags: optional(tags),
  language: optional(language),
  metadata: optional(anyObject),
};

const email = mapped(text({ maximum: 128 }), (value) => {
  if (!isEmailAddress(value)) throw new InvalidInput('"email" must be a valid email');
  return value;
});

/** https://docs.applivery.com/en/api/uem/mdm-users/post-organizations-organizationid-mdm-users */
export const createUserBody = object({ email, ...changeable });

/** All but the e-mail address. https://docs.applivery.com/en/api/uem/mdm-users/put-organizations-organizationid-mdm-users-mdmuserid/ */
export const updateUserBody = object(changeable);

/** Makes a user; an address that is taken, in any letter case, is refused. */
export const addUser = (vendor: Vendor, organization: Organization, traits: UserTraits): UserRecord => {
  if (organization.userByEmail(traits.email) !== undefined) throw refusal("user exists");
  const now = vendor.clock.now();
  const user: UserRecord = {
    id: vendor.identifiers.id(),
    email: traits.email,
    name: traits.name,
    managedAppleId: traits.managedAppleId,
    language: traits.language,
    tags: traits.tags ?? [],
    metadata: traits.metadata ?? {},
    createdAt: now,
    updatedAt: now,
  };
  organization.addUser(user);
  return user;
};

export const updateUser = (
  { clock }: Vendor,
  user: UserRecord,
  change: ReturnType<typeof updateUserBody>,
): UserRecord => {
  user.name = change.name ?? user.name;
  user.managedAppleId = change.managedAppleId ?? user.managedAppleId;
  user.language = change.language ?? user.language;
  user.tags = change.tags ?? user.tags;
  user.metadata = change.metadata ?? user.metadata;
  user.updatedAt = clock.now();
  return user;
};

const pendingOf = ({ clock }: Vendor, organization: Organization, userId: string) => {
  const now = clock.now();
  return [...organization.enrollments.ofUser(userId)].filter((token) => stateAt(token, now) === "PENDING");
};

/** Deletes a user who has neither devices nor pending tokens. */
export const deleteUser = (vendor: Vendor, organization: Organization, user: UserRecord): UserRecord => {
  const busy =
    organization.devices.ofUser(user.id).size > 0 || pendingOf(vendor, organization, user.id).length > 0;
  if (busy) throw new InvalidInput("the user has active devices or pending enrollment tokens");
  organization.removeUser(user);
  return user;
};

/** A user as the pages print it. Android's counters stay empty: the simulator has no Android with Google's services. */
export const renderUser = (vendor: Vendor, organization: Organization, user: UserRecord) => {
  const pending = pendingOf(vendor, organization, user.id);
  const devices = [...organization.devices.ofUser(user.id)];
  const counted = (platform: "apple" | "windows") => ({
    devices: devices.filter((device) => device.platform === platform).length,
    enrollmentTokens: pending.filter((token) => token.platform === platform).length,
  });
  return {
    id: user.id,
    email: user.email,
    name: user.name ?? "",
    tags: user.tags,
    android: { devices: {}, enrollmentTokens: { DONE: 0, PENDING: 0, EXPIRED: 0, DELETED: 0 } },
    apple: counted("apple"),
    windows: counted("windows"),
    ...(user.language === undefined ? {} : { language: user.language }),
    ...(user.managedAppleId === undefined ? {} : { managedAppleId: user.managedAppleId }),
    metadata: user.metadata,
    inferredSegmentIds: [...new Set(devices.map((device) => device.segmentId))],
    createdAt: instant(user.createdAt),
    updatedAt: instant(user.updatedAt),
  };
};
