import type { Dialect } from "./dialect.js";
import { changeable, changed, invitation, invited, priority, userEmails } from "./members.js";
import { invitationMembers, policyIn } from "./rendering.js";
import { id, list, mapped, object, optional } from "./rules.js";

const assignments = list(
  mapped(object({ winPolicyId: optional(id()), priority }), ({ winPolicyId: policyId, ...rest }) => ({
    policyId,
    ...rest,
  })),
);

const policies = {
  winPolicyId: optional(id({ empty: "allow" })),
  winPolicyAssignments: optional(assignments),
};

const common = { ...invitation, ...policies };

/**
 * Windows tokens: Apple's without Apple's catalogs, and with other names.
 * https://docs.applivery.com/en/api/windows/windows-enrollment-tokens/post-organizations-organizationid-mdm-windows-enterprise-enrollment-tokens/
 */
export const windowsTokens: Dialect = {
  platform: "windows",
  createBody: mapped(object({ ...common, mdmUserId: id() }), (body) => ({
    ...invited(body, body.winPolicyId, body.winPolicyAssignments),
    userId: body.mdmUserId,
  })),
  bulkBody: mapped(object({ ...common, userEmails }), (body) => ({
    ...invited(body, body.winPolicyId, body.winPolicyAssignments),
    userId: undefined,
    emails: body.userEmails,
  })),
  updateBody: mapped(
    object({ ...changeable, ...policies }),
    ({ winPolicyId, winPolicyAssignments, ...body }) =>
      changed({ ...body, assignments: winPolicyAssignments }, winPolicyId),
  ),
  policyFilter: "win-policy",
  render: (record, { organization, tokenTypes, ...view }) => ({
    id: record.id,
    organizationId: organization.traits.id,
    winEnterpriseId: organization.traits.enterprises.get("windows"),
    ...(record.deviceId === undefined ? {} : { winDeviceId: record.deviceId }),
    ...invitationMembers(record, view),
    ...(tokenTypes === "unified"
      ? { type: "windows", subType: "enrollment" }
      : { type: "enrollment", subType: "standard" }),
    winPolicyId: record.policyId ?? null,
    winPolicyAssignments: record.assignments.map(({ policyId, priority }) => ({
      winPolicyId: policyId,
      winPolicy: policyIn(organization, policyId) ?? {},
      priority,
    })),
    // The page prints a string here and an integer everywhere else.
    segmentId: String(record.segmentId),
  }),
};
