import type { View } from "./dialect.js";
import type { Organization } from "./organization.js";
import type { DeviceRecord, EnrollmentRecord } from "./records.js";
import { linkTo, type Vendor } from "./vendor.js";

/** What an enrolled device is said to be. The states of a device are on no page. */
export const deviceState = "ENROLLED";

/** An instant as the vendor writes it. */
export const instant = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** A policy as it appears inside of other records. */
export const policyIn = (organization: Organization, policyId: string | undefined) => {
  const policy = policyId === undefined ? undefined : organization.policies.get(policyId);
  return policy === undefined ? null : { id: policy.id, name: policy.name };
};

type Holder = Pick<EnrollmentRecord, "policyId" | "assignments">;

/** Whether a record has a policy, in the single slot or in the list. */
export const holdsPolicy = ({ policyId, assignments }: Holder, wanted: string): boolean =>
  policyId === wanted || assignments.some((assignment) => assignment.policyId === wanted);

/** What devices and tokens have in common where they are listed as devices. */
export const sharedMembers = (organization: Organization, record: DeviceRecord | EnrollmentRecord) => ({
  organization: organization.traits.id,
  mdmUser: record.user ?? null,
  displayName: record.displayName ?? "",
  tags: record.tags,
  segmentId: record.segmentId,
  createdAt: instant(record.createdAt),
  updatedAt: instant(record.updatedAt),
});

export const hardwareMembers = ({ serialNumber, model, imei, osVersion }: DeviceRecord) => ({
  serialNumber,
  ...(model === undefined ? {} : { model }),
  ...(imei === undefined ? {} : { imei }),
  ...(osVersion === undefined ? {} : { osVersion }),
});

/** What Apple and Windows tokens have in common. */
export const invitationMembers = (
  record: EnrollmentRecord,
  { state, link }: Pick<View, "state" | "link">,
) => ({
  mdmUser: record.user ?? null,
  displayName: record.displayName ?? "",
  tags: record.tags,
  state,
  config: {},
  createdAt: instant(record.createdAt),
  updatedAt: instant(record.updatedAt),
  ...(record.expireAt === undefined
    ? {}
    : { expireAt: instant(record.expireAt), summary: { expirationTimestamp: instant(record.expireAt) } }),
  enrollmentLink: link,
  enrollCode: record.code,
  sendEmail: record.sendEmail,
  emailText: record.emailText ?? "",
});

export const linkMembers = (vendor: Vendor, { platform, code }: EnrollmentRecord) => ({
  enrollmentLink: linkTo(vendor, platform, code),
  enrollCode: code,
});
