import type { Dialect } from "./dialect.js";
import { changeable, changed, invitation, invited, priority, userEmails } from "./members.js";
import type { Organization } from "./organization.js";
import type { AppleAssetRecord, AppleWish, EnrollmentRecord } from "./records.js";
import { instant, invitationMembers, policyIn } from "./rendering.js";
import { anyObject, flag, id, list, mapped, object, optional, text, type Read } from "./rules.js";

const script = optional(text({ empty: "allow" }));

const application = object({
  admApplication: id(),
  managed: optional(flag),
  vpp: optional(flag),
  iOSApp: optional(flag),
  configuration: optional(anyObject),
  // Closed lists, of which the pages print the first value only, "forceInstall".
  action: optional(text()),
  actionStatus: optional(text()),
  scripts: optional(
    object({ preInstall: script, postInstall: script, audit: script, enforce: script, runner: script }),
  ),
  updatePolicy: optional(anyObject),
});

const assignments = list(
  mapped(object({ admPolicyId: optional(id()), priority }), ({ admPolicyId: policyId, ...rest }) => ({
    policyId,
    ...rest,
  })),
);

const policies = {
  policyId: optional(id({ empty: "allow" })),
  admPolicyAssignments: optional(assignments),
};

const common = {
  ...invitation,
  ...policies,
  profiles: optional(list(id())),
  applications: optional(list(application)),
  admVppLocationId: optional(id({ empty: "allow" })),
};

const wished = (body: Read<typeof common>) => ({
  ...invited(body, body.policyId, body.admPolicyAssignments),
  apple: {
    profiles: body.profiles ?? [],
    applications: body.applications ?? [],
    vppLocationId: body.admVppLocationId === "" ? undefined : body.admVppLocationId,
  },
});

const serverProfileLifetime = 365 * 86_400_000;

const asset = (organization: Organization, assetId: string): AppleAssetRecord | undefined =>
  organization.appleAssets.get(assetId);

const profileIn = (organization: Organization, profileId: string) => ({
  id: profileId,
  organization: organization.traits.id,
  name: asset(organization, profileId)?.name,
  targetType: "device",
  type: "attached",
});

const attachments = (organization: Organization, apple: AppleWish | undefined) => ({
  profiles: (apple?.profiles ?? []).map((profileId) => profileIn(organization, profileId)),
  applications: apple?.applications ?? [],
  ...(apple?.vppLocationId === undefined
    ? {}
    : {
        admVppLocation: {
          id: apple.vppLocationId,
          name: asset(organization, apple.vppLocationId)?.name,
          config: {},
        },
      }),
});

const assignmentsIn = (organization: Organization, { assignments }: Pick<EnrollmentRecord, "assignments">) =>
  assignments.map(({ policyId, priority }) => ({
    admPolicyId: policyId,
    admPolicy: policyIn(organization, policyId) ?? {},
    priority,
  }));

/**
 * Apple's tokens: one kind for iPhone, iPad and Mac.
 * https://docs.applivery.com/en/api/apple/apple-enrollment-tokens/post-organizations-organizationid-mdm-apple-enterprise-enrollment-tokens/
 */
export const appleTokens: Dialect = {
  platform: "apple",
  createBody: mapped(object({ ...common, mdmUserId: id() }), (body) => ({
    ...wished(body),
    userId: body.mdmUserId,
  })),
  bulkBody: mapped(object({ ...common, userEmails }), (body) => ({
    ...wished(body),
    userId: undefined,
    emails: body.userEmails,
  })),
  updateBody: mapped(object({ ...changeable, ...policies }), ({ policyId, admPolicyAssignments, ...body }) =>
    changed({ ...body, assignments: admPolicyAssignments }, policyId),
  ),
  policyFilter: "adm-policy",
  render: (record, { organization, tokenTypes, ...view }) => ({
    id: record.id,
    organization: organization.traits.id,
    admEnterprise: organization.traits.enterprises.get("apple"),
    ...(record.deviceId === undefined ? {} : { admDevice: record.deviceId }),
    ...invitationMembers(record, view),
    // Of the server's profile, not of the token: the token ends at `expireAt`.
    enroll: {
      serverExpirationDate: instant(record.createdAt + serverProfileLifetime),
      mobileConfigSigned: true,
    },
    ...(tokenTypes === "unified"
      ? { type: "apple", subType: "enrollment" }
      : { type: "user", subType: "standard" }),
    admPolicy: policyIn(organization, record.policyId),
    admPolicyAssignments: assignmentsIn(organization, record),
    ...attachments(organization, record.apple),
    segmentId: record.segmentId,
  }),
};
