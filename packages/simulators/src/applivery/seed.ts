import type {
  AppleAssetRecord,
  AppliveryFeature,
  AppliveryPlatform,
  AppliveryRole,
  SegmentRecord,
} from "./records.js";
import type { AppliveryDevice, AppliveryEnrollment, AppliveryPolicy, AppliveryUser } from "./snapshots.js";
import type { UserTraits } from "./users.js";

/** What a caller of the API needs, as plain data. */
export interface AppliveryCredentials {
  /** With the version, as the vendor prints it: "http://127.0.0.1:40123/v1". */
  readonly baseUrl: string;
  /** The organization's slug. Paths take it, or the id. */
  readonly organization: string;
  readonly organizationId: string;
  /** The bearer token. */
  readonly token: string;
  /** The account's name as the dashboard shows it. */
  readonly serviceAccount: string;
}

export interface AppliveryOrganization {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

interface Within {
  /** Slug or id. Default: the organization that every simulator starts with. */
  readonly organization?: string;
}

export interface AppliveryOrganizationSeed {
  readonly slug: string;
  readonly name?: string;
  /** What the billing plan includes. Default: everything. */
  readonly features?: readonly AppliveryFeature[];
  /** Platforms whose MDM is set up. Default: all. */
  readonly enterprises?: readonly AppliveryPlatform[];
  /** Tokens that may exist at once; beyond it, 400 with 5017. Default: Infinity. */
  readonly enrollmentLimit?: number;
}

export interface AppliveryCredentialSeed extends Within {
  /** Default: "admin". */
  readonly role?: AppliveryRole;
  /** Exactly these, in place of the role's: "mdm.apple.enrollmentToken.create". */
  readonly permissions?: readonly string[];
}

export interface AppliverySegmentSeed extends Within {
  readonly id: number;
  readonly name: string;
  /** A segment that is there already. Default: 0, the root. */
  readonly parentId?: number;
}

export interface AppliveryPolicySeed extends Within {
  /** Default: "apple". */
  readonly platform?: AppliveryPlatform;
  readonly name: string;
}

export interface AppleAssetSeed extends Within {
  readonly kind: AppleAssetRecord["kind"];
  readonly name: string;
}

export interface AppliveryUserSeed extends Within, UserTraits {}

export interface AppliveryEnrollmentSeed extends Within {
  /** Default: "apple". */
  readonly platform?: AppliveryPlatform;
  /** Made if there is no such user. */
  readonly email: string;
  readonly displayName?: string;
  readonly tags?: readonly string[];
  /** Seconds. Default: 86,400. */
  readonly duration?: number;
  readonly policyId?: string;
  readonly segmentId?: number;
}

export interface AppliveryDeviceSeed extends Within {
  /** Default: "apple". */
  readonly platform?: AppliveryPlatform;
  readonly serialNumber: string;
  readonly displayName?: string;
  readonly model?: string;
  readonly imei?: string;
  readonly osVersion?: string;
  readonly tags?: readonly string[];
  /** A user that is there already. */
  readonly email?: string;
  /** Whether it came through Apple's Automated Device Enrollment. Default: false. */
  readonly automated?: boolean;
}

/** What shall exist, without a call of the API. Carried out in the order of the members. */
export interface AppliverySeed {
  readonly organizations?: readonly AppliveryOrganizationSeed[];
  readonly credentials?: readonly AppliveryCredentialSeed[];
  readonly segments?: readonly AppliverySegmentSeed[];
  readonly policies?: readonly AppliveryPolicySeed[];
  readonly appleAssets?: readonly AppleAssetSeed[];
  readonly users?: readonly AppliveryUserSeed[];
  readonly enrollments?: readonly AppliveryEnrollmentSeed[];
  readonly devices?: readonly AppliveryDeviceSeed[];
}

/** What a seed made, each list in the order of the seed's. */
export interface AppliverySeeded {
  readonly organizations: readonly AppliveryOrganization[];
  readonly credentials: readonly AppliveryCredentials[];
  readonly segments: readonly SegmentRecord[];
  readonly policies: readonly AppliveryPolicy[];
  readonly appleAssets: readonly AppleAssetRecord[];
  readonly users: readonly AppliveryUser[];
  readonly enrollments: readonly AppliveryEnrollment[];
  readonly devices: readonly AppliveryDevice[];
}
