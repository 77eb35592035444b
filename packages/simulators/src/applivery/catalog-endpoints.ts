import type { Endpoint } from "./endpoint.js";
import { requireEnterprise } from "./enrollments.js";
import type { Organization } from "./organization.js";
import { pageOf } from "./paging.js";
import type { SegmentRecord } from "./records.js";
import type { Vendor } from "./vendor.js";

const segmentTree = (segments: readonly SegmentRecord[], parentId: number | undefined): object[] =>
  segments
    .filter((segment) => segment.parentId === parentId)
    .map(({ id, name }) => ({ id, name, children: segmentTree(segments, id) }));

const renderOrganization = ({ traits: { id, slug, name } }: Organization) => ({ id, slug, name });

/** What tokens refer to, and the organization itself, which any of its credentials may read. */
export const catalogEndpoints = ({ behavior }: Vendor): readonly Endpoint[] => [
  { method: "GET", path: "", answer: ({ organization }) => renderOrganization(organization) },
  {
    method: "GET",
    path: "/segments",
    permission: "base.organization.segment.list",
    answer: ({ organization }) => ({
      organizationId: organization.traits.id,
      children: segmentTree([...organization.segments.values()], undefined),
    }),
  },
  ...(["apple", "windows", "aosp"] as const).map((platform): Endpoint => ({
    method: "GET",
    path: `/mdm/${platform}/enterprise/policies`,
    permission: `mdm.${platform}.policy.list`,
    answer: ({ organization, query }) => {
      requireEnterprise(organization, platform);
      const policies = [...organization.policies.values()].filter((policy) => policy.platform === platform);
      return pageOf(policies, query, behavior, ({ id, name }) => ({ id, name }));
    },
  })),
];
