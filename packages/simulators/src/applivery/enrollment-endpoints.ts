import { createInBulk } from "./bulk.js";
import type { Dialect } from "./dialect.js";
import type { Call, Endpoint } from "./endpoint.js";
import {
  createEnrollment,
  deleteEnrollment,
  renderEnrollment,
  requireEnterprise,
  requirePlan,
  updateEnrollment,
} from "./enrollments.js";
import { refusal } from "./errors.js";
import { pageOf, readFlag, readId, readSegments } from "./paging.js";
import { stateAt, type EnrollmentRecord } from "./records.js";
import { holdsPolicy } from "./rendering.js";
import type { Vendor } from "./vendor.js";

const listEnrollments = (vendor: Vendor, dialect: Dialect, { organization, query }: Call) => {
  const { behavior } = vendor;
  const now = vendor.clock.now();
  const policyId =
    dialect.policyFilter === undefined ? undefined : readId(query, dialect.policyFilter, behavior);
  const segments = readSegments(query, organization, behavior);
  const showDeleted = readFlag(query, "show-deleted", behavior);
  const states =
    dialect.stateFilter === undefined
      ? []
      : query.getAll(dialect.stateFilter).flatMap((value) => value.split(","));
  const userId = readId(query, "mdm-user", behavior);
  requireEnterprise(organization, dialect.platform);

  const matches = organization.enrollments
    .matching({ platform: dialect.platform, userId })
    .filter(
      (enrollment) =>
        enrollment.visibleAt <= now &&
        (showDeleted || states.includes("DELETED") || enrollment.stored !== "DELETED") &&
        (states.length === 0 || states.includes(stateAt(enrollment, now))) &&
        (policyId === undefined || holdsPolicy(enrollment, policyId)) &&
        (segments?.has(enrollment.segmentId) ?? true),
    );
  return pageOf(matches, query, behavior, (one) => renderEnrollment(vendor, organization, dialect, one));
};

const dpcBuildTags = (vendor: Vendor, { platform }: Dialect, { organization, query }: Call) => {
  const used = organization.enrollments.matching({ platform }).map(({ aosp }) => aosp?.dpcBuildTag);
  const values = [...new Set(used.filter((tag) => tag !== undefined && tag !== ""))];
  return pageOf(values, query, vendor.behavior, (value) => ({ value }));
};

/**
 * One platform's token routes. Apple's PUT and DELETE and Windows' GET and DELETE of one token are on no page: they
 * are what the sibling platforms have.
 */
export const enrollmentEndpoints = (vendor: Vendor, dialect: Dialect): readonly Endpoint[] => {
  const { platform, createBody, bulkBody, updateBody } = dialect;
  const path = `/mdm/${platform}/enterprise/enrollment-tokens`;
  const permission = (action: string) => `mdm.${platform}.enrollmentToken.${action}`;
  const render = ({ organization }: Call, enrollment: EnrollmentRecord) =>
    renderEnrollment(vendor, organization, dialect, enrollment);
  const existing = ({ organization }: Call, id: string) => {
    requireEnterprise(organization, platform);
    const found = organization.enrollments.get(id, platform);
    if (found === undefined) throw refusal("not found");
    return found;
  };
  const readable = (call: Call): EnrollmentRecord => {
    const found = existing(call, call.id());
    const hidden = found.stored === "DELETED" && !vendor.behavior.deletedTokenReadable;
    if (hidden || found.visibleAt > vendor.clock.now()) throw refusal("not found");
    return found;
  };

  const everywhere: Endpoint[] = [
    {
      method: "POST",
      path,
      permission: permission("create"),
      creates: true,
      answer: async (call) => {
        const wish = await call.body(createBody);
        return render(call, createEnrollment(vendor, call.organization, platform, wish));
      },
    },
    {
      method: "POST",
      path: `${path}/bulk`,
      permission: permission("create"),
      answer: async (call) => createInBulk(vendor, call.organization, platform, await call.body(bulkBody)),
    },
    {
      method: "GET",
      path,
      permission: permission("list"),
      answer: (call) => listEnrollments(vendor, dialect, call),
    },
    {
      method: "DELETE",
      path: `${path}/:id`,
      permission: permission("remove"),
      answer: (call) => render(call, deleteEnrollment(vendor, call.organization, existing(call, call.id()))),
    },
  ];
  if (updateBody === undefined) {
    const answer = (call: Call) => dpcBuildTags(vendor, dialect, call);
    return [
      ...everywhere,
      { method: "GET", path: `${path}/dpc-build-tags`, permission: permission("list"), answer },
    ];
  }
  return [
    ...everywhere,
    {
      method: "GET",
      path: `${path}/:id`,
      permission: permission("get"),
      answer: (call) => render(call, readable(call)),
    },
    {
      method: "PUT",
      path: `${path}/:id`,
      permission: permission("update"),
      answer: async (call) => {
        const id = call.id();
        const change = await call.body(updateBody);
        requirePlan(call.organization, platform, change);
        return render(call, updateEnrollment(vendor, call.organization, existing(call, id), change));
      },
    },
  ];
};
