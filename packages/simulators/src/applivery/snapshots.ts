import type { Organization } from "./organization.js";
import {
  stateAt,
  type AppliveryEnrollmentState,
  type AppliveryPlatform,
  type DeviceRecord,
  type EnrollmentRecord,
  type MailRecord,
  type PolicyAssignment,
  type PolicyRecord,
  type UserRecord,
} from "./records.js";
import { linkTo, type Vendor } from "./vendor.js";

/** A token as it is at the vendor now. Instants are milliseconds since the Unix epoch, here and in the other records. */
export interface AppliveryEnrollment {
  readonly id: string;
  readonly organizationId: string;
  readonly platform: AppliveryPlatform;
  readonly state: AppliveryEnrollmentState;
  readonly user: { readonly id: string; readonly email: string } | undefined;
  readonly displayName: string | undefined;
  readonly tags: readonly string[];
  readonly policyId: string | undefined;
  readonly assignments: readonly PolicyAssignment[];
  readonly segmentId: number;
  readonly sendEmail: boolean;
  readonly language: string | undefined;
  readonly emailText: string | undefined;
  readonly code: string;
  readonly link: string;
  readonly createdAt: number;
  /** Absent on a perpetual AOSP token. */
  readonly expireAt: number | undefined;
  /** The device that used it. */
  readonly deviceId: string | undefined;
}

export type AppliveryDevice = Readonly<DeviceRecord> & { readonly organizationId: string };
export type AppliveryUser = Readonly<UserRecord> & { readonly organizationId: string };
export type AppliveryPolicy = Readonly<PolicyRecord> & { readonly organizationId: string };
export type AppliveryMail = MailRecord;

export const enrollmentSnapshot = (
  vendor: Vendor,
  organization: Organization,
  enrollment: EnrollmentRecord,
): AppliveryEnrollment => ({
  id: enrollment.id,
  organizationId: organization.traits.id,
  platform: enrollment.platform,
  state: stateAt(enrollment, vendor.clock.now()),
  user: enrollment.user,
  displayName: enrollment.displayName,
  tags: enrollment.tags,
  policyId: enrollment.policyId,
  assignments: enrollment.assignments,
  segmentId: enrollment.segmentId,
  sendEmail: enrollment.sendEmail,
  language: enrollment.language,
  emailText: enrollment.emailText,
  code: enrollment.code,
  link: linkTo(vendor, enrollment.platform, enrollment.code),
  createdAt: enrollment.createdAt,
  expireAt: enrollment.expireAt,
  deviceId: enrollment.deviceId,
});

/** A copy that says whose it is. */
export const ownedBy = <Record extends object>(organization: Organization, record: Record) => ({
  ...record,
  organizationId: organization.traits.id,
});
