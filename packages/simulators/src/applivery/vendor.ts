import type { SimulatorClock } from "../base/clock.js";
import { defaultBehavior, type AppliveryBehavior } from "./behavior.js";
import { identifiers, type Identifiers } from "./identifiers.js";
import type { Organization } from "./organization.js";
import { createQuota, type Quota } from "./quota.js";
import type { AppliveryPlatform, CredentialRecord, EnrollmentRecord, MailRecord } from "./records.js";

/** Everything the vendor holds, and the ways in which it acts. */
export interface Vendor {
  readonly clock: SimulatorClock;
  readonly behavior: AppliveryBehavior;
  readonly quota: Quota;
  readonly identifiers: Identifiers;
  /** Organizations by id and by slug. */
  readonly organizations: Map<string, Organization>;
  readonly credentials: Map<string, CredentialRecord>;
  /** Tokens by the secret that their link carries. */
  readonly codes: Map<string, { readonly organization: Organization; readonly enrollment: EnrollmentRecord }>;
  readonly outbox: MailRecord[];
  /** Where the simulator listens. */
  origin(): string;
}

export interface VendorOptions {
  readonly clock: SimulatorClock;
  readonly random: () => number;
  readonly enforceQuota: boolean;
  readonly origin: () => string;
}

export const createVendor = ({ clock, random, enforceQuota, origin }: VendorOptions): Vendor => {
  const behavior = defaultBehavior(enforceQuota);
  return {
    clock,
    behavior,
    quota: createQuota(clock, behavior),
    identifiers: identifiers(clock, random),
    organizations: new Map(),
    credentials: new Map(),
    codes: new Map(),
    outbox: [],
    origin,
  };
};

/** The address that an enrollment invitation leads to. The hosts on the pages differ, so callers must not take it apart. */
export const linkTo = (vendor: Vendor, platform: AppliveryPlatform, code: string): string =>
  platform === "windows"
    ? `${vendor.origin()}/enroll?token=${code}`
    : `${vendor.origin()}/enroll/${platform}/${code}`;
