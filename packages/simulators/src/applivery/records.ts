/** The platforms whose enrollment tokens are simulated. */
export type AppliveryPlatform = "apple" | "windows" | "aosp";

/** What an organization's billing plan may include. */
export type AppliveryFeature = AppliveryPlatform | "policy-composition";

/** Roles of a service account. https://docs.applivery.com/en/platform/api/service-accounts */
export type AppliveryRole = "admin" | "developer" | "viewer";

/** `EXPIRED` is never stored: it is what a pending token becomes once its time is over. */
export type AppliveryEnrollmentState = "PENDING" | "DONE" | "EXPIRED" | "DELETED";

export interface PolicyAssignment {
  readonly policyId: string | undefined;
  readonly priority: number;
}

export interface CredentialRecord {
  readonly organizationId: string;
  readonly bearer: string;
  readonly role: AppliveryRole;
  /** Permission strings that replace those of the role. */
  readonly permissions: readonly string[] | undefined;
}

export interface UserRecord {
  readonly id: string;
  readonly email: string;
  name: string | undefined;
  managedAppleId: string | undefined;
  language: string | undefined;
  tags: readonly string[];
  metadata: object;
  readonly createdAt: number;
  updatedAt: number;
}

export interface PolicyRecord {
  readonly id: string;
  readonly platform: AppliveryPlatform;
  readonly name: string;
}

/** What an Apple token may refer to beside policies. */
export interface AppleAssetRecord {
  readonly id: string;
  readonly kind: "profile" | "application" | "vpp-location";
  readonly name: string;
}

export interface SegmentRecord {
  readonly id: number;
  readonly name: string;
  /** Absent on the root, whose id is 0. */
  readonly parentId: number | undefined;
}

/** What an update of a token may change. `undefined` leaves the value as it is, `null` takes it away. */
export interface EnrollmentChange {
  readonly displayName: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly policyId: string | null | undefined;
  readonly assignments: readonly PolicyAssignment[] | undefined;
  readonly segmentId: number | undefined;
}

/** What the body of a create call says, in one spelling for all platforms. */
export interface EnrollmentWish {
  readonly userId: string | undefined;
  readonly sendEmail: boolean;
  readonly displayName: string | undefined;
  readonly tags: readonly string[];
  /** Seconds. */
  readonly duration: number | undefined;
  readonly language: string | undefined;
  readonly emailText: string | undefined;
  readonly policyId: string | undefined;
  readonly assignments: readonly PolicyAssignment[];
  readonly segmentId: number;
  readonly apple?: AppleWish | undefined;
  readonly aosp?: AospWish | undefined;
}

export interface AppleWish {
  readonly profiles: readonly string[];
  readonly applications: readonly { readonly admApplication: string }[];
  readonly vppLocationId: string | undefined;
}

export interface AospWish {
  readonly managementMode: string;
  readonly perpetual: boolean;
  readonly dpcBuildTag: string | undefined;
  readonly pushNotificationProvider: string | undefined;
}

export interface EnrollmentRecord extends Omit<EnrollmentWish, "userId" | "duration"> {
  readonly id: string;
  readonly platform: AppliveryPlatform;
  /** A copy: a token outlives its user. */
  readonly user: { readonly id: string; readonly email: string } | undefined;
  /** The secret that the link carries. */
  readonly code: string;
  stored: Exclude<AppliveryEnrollmentState, "EXPIRED">;
  displayName: string | undefined;
  tags: readonly string[];
  policyId: string | undefined;
  assignments: readonly PolicyAssignment[];
  segmentId: number;
  readonly createdAt: number;
  updatedAt: number;
  /** Absent on a perpetual token. */
  readonly expireAt: number | undefined;
  /** Reads do not show the token earlier. */
  readonly visibleAt: number;
  deviceId: string | undefined;
}

export interface DeviceRecord {
  readonly id: string;
  readonly platform: AppliveryPlatform;
  readonly serialNumber: string;
  readonly model: string | undefined;
  readonly imei: string | undefined;
  readonly osVersion: string | undefined;
  /** Whether it came through Apple's Automated Device Enrollment. */
  readonly automated: boolean;
  displayName: string | undefined;
  tags: readonly string[];
  user: { readonly id: string; readonly email: string } | undefined;
  policyId: string | undefined;
  assignments: readonly PolicyAssignment[];
  segmentId: number;
  /** The token it enrolled with last. */
  enrollmentId: string | undefined;
  readonly createdAt: number;
  updatedAt: number;
}

export interface MailRecord {
  readonly to: string;
  readonly language: string | undefined;
  readonly emailText: string | undefined;
  readonly link: string;
  readonly enrollmentId: string;
  readonly sentAt: number;
}

/** The state of a token at an instant. */
export const stateAt = (record: EnrollmentRecord, now: number): AppliveryEnrollmentState =>
  record.stored === "PENDING" && record.expireAt !== undefined && now >= record.expireAt
    ? "EXPIRED"
    : record.stored;
