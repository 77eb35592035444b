import type { Dialect } from "./dialect.js";
import { InvalidInput } from "./errors.js";
import { language, priority, segmentId, tags, userEmails } from "./members.js";
import type { EnrollmentWish } from "./records.js";
import { instant, policyIn } from "./rendering.js";
import { flag, id, list, mapped, object, optional, text, wholeNumber, type Read } from "./rules.js";

// The page names no longest duration. This one, in seconds, still ends at an instant that can be written down.
const longestDuration = 1_000_000_000_000;

const assignments = list(
  mapped(object({ aosPolicyId: optional(id()), priority }), ({ aosPolicyId: policyId, ...rest }) => ({
    policyId,
    ...rest,
  })),
);

const common = {
  displayName: optional(text({ maximum: 256, empty: "allow" })),
  tags: optional(tags),
  managementMode: text({ oneOf: ["DEVICE_OWNER", "MANAGEMENT_MODE_UNSPECIFIED"] }),
  sendEmail: optional(flag),
  language: optional(language),
  emailText: optional(text({ empty: "allow" })),
  perpetual: optional(flag),
  aosPolicyAssignments: optional(assignments),
  dpcBuildTag: optional(text({ maximum: 256, empty: "allow" })),
  duration: optional(wholeNumber({ minimum: 0, maximum: longestDuration })),
  pushNotificationProvider: optional(text()),
  segmentId: optional(segmentId),
};

const wished = (body: Read<typeof common>): Omit<EnrollmentWish, "userId"> => {
  const perpetual = body.perpetual ?? false;
  if (!perpetual && body.duration === undefined) throw new InvalidInput('"duration" is required');
  return {
    sendEmail: body.sendEmail ?? false,
    displayName: body.displayName,
    tags: body.tags ?? [],
    duration: body.duration,
    language: body.language,
    emailText: body.emailText,
    policyId: undefined,
    assignments: body.aosPolicyAssignments ?? [],
    segmentId: body.segmentId ?? 0,
    aosp: {
      managementMode: body.managementMode,
      perpetual,
      dpcBuildTag: body.dpcBuildTag,
      pushNotificationProvider: body.pushNotificationProvider,
    },
  };
};

/**
 * Tokens of Android without Google's services: typed pages, fewer routes, and tokens that may be used again.
 * https://docs.applivery.com/en/api/aosp/android-non-gms-enrollment-tokens/post-organizations-organizationid-mdm-aosp-enterprise-enrollment-tokens
 */
export const aospTokens: Dialect = {
  platform: "aosp",
  createBody: mapped(object({ ...common, mdmUserId: optional(id()) }), (body) => ({
    ...wished(body),
    userId: body.mdmUserId,
  })),
  bulkBody: mapped(object({ ...common, userEmails }), (body) => ({
    ...wished(body),
    userId: undefined,
    emails: body.userEmails,
  })),
  stateFilter: "status",
  render: (record, { organization, state, link }) => ({
    id: record.id,
    organizationId: organization.traits.id,
    aosEnterpriseId: organization.traits.enterprises.get("aosp"),
    segmentId: record.segmentId,
    ...(record.user === undefined ? {} : { mdmUserId: record.user.id, mdmUser: record.user }),
    type: "aosp",
    subType: "enrollment",
    status: state,
    state,
    summary: {
      managementMode: record.aosp?.managementMode,
      ...(record.expireAt === undefined ? {} : { expirationTimestamp: instant(record.expireAt) }),
    },
    managementMode: record.aosp?.managementMode,
    perpetual: record.aosp?.perpetual,
    ...(record.deviceId === undefined ? {} : { aosDeviceId: record.deviceId }),
    aosPolicyAssignments: record.assignments.map(({ policyId, priority }) => ({
      aosPolicyId: policyId,
      aosPolicy: policyIn(organization, policyId) ?? {},
      priority,
    })),
    displayName: record.displayName ?? "",
    tags: record.tags,
    dpcBuildTag: record.aosp?.dpcBuildTag,
    pushNotificationProvider: record.aosp?.pushNotificationProvider,
    // What the QR object holds is on no page.
    config: { oneTimeToken: record.code, enrollmentHost: new URL(link).host, qrCode: {} },
    updatedAt: instant(record.updatedAt),
    createdAt: instant(record.createdAt),
  }),
};
