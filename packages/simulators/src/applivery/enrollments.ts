import type { Dialect } from "./dialect.js";
import { InvalidInput, refusal } from "./errors.js";
import type { Organization } from "./organization.js";
import {
  stateAt,
  type AppliveryPlatform,
  type EnrollmentChange,
  type EnrollmentRecord,
  type EnrollmentWish,
  type PolicyAssignment,
  type UserRecord,
} from "./records.js";
import { linkTo, type Vendor } from "./vendor.js";

/** A token's lifetime in seconds where the caller names none. The server's doing; the schema has no default. */
const defaultDuration = 86_400;

interface References {
  readonly policyId?: string | null | undefined;
  readonly assignments?: readonly PolicyAssignment[] | undefined;
  readonly segmentId?: number | undefined;
  readonly apple?: EnrollmentWish["apple"];
}

/** Refuses what the organization's plan does not include. */
export const requirePlan = (
  { traits: { features } }: Organization,
  platform: AppliveryPlatform,
  { assignments = [] }: References,
): void => {
  if (!features.has(platform) || (assignments.length > 0 && !features.has("policy-composition"))) {
    throw refusal("plan required");
  }
};

/** Refuses every call below a platform's MDM configuration until that configuration exists. */
export const requireEnterprise = ({ traits }: Organization, platform: AppliveryPlatform): void => {
  if (!traits.enterprises.has(platform)) throw refusal("not found");
};

const requireReferences = (
  organization: Organization,
  platform: AppliveryPlatform,
  { policyId, assignments = [], segmentId, apple }: References,
) => {
  const wanted = [policyId, ...assignments.map((assignment) => assignment.policyId)];
  const policiesExist = wanted.every(
    (one) => one === undefined || one === null || organization.policies.get(one)?.platform === platform,
  );
  const assets = [
    ...(apple?.profiles ?? []).map((id) => ({ id, kind: "profile" })),
    ...(apple?.applications ?? []).map(({ admApplication }) => ({ id: admApplication, kind: "application" })),
    ...(apple?.vppLocationId === undefined ? [] : [{ id: apple.vppLocationId, kind: "vpp-location" }]),
  ];
  const assetsExist = assets.every(({ id, kind }) => organization.appleAssets.get(id)?.kind === kind);
  const segmentExists = segmentId === undefined || organization.segments.has(segmentId);
  if (!policiesExist || !assetsExist || !segmentExists) throw refusal("not found");
};

/** Checks what a call refers to, in the order that all token calls share: combination, plan, enterprise, references. */
export const requireAcceptable = (
  { behavior }: Vendor,
  organization: Organization,
  platform: AppliveryPlatform,
  references: References,
): void => {
  const { policyId, assignments = [] } = references;
  const combined = policyId !== undefined && policyId !== null && assignments.length > 0;
  if (combined && behavior.combinedPolicies === "reject") {
    throw new InvalidInput("a single policy and policy assignments exclude each other");
  }
  requirePlan(organization, platform, references);
  requireEnterprise(organization, platform);
  requireReferences(organization, platform, references);
};

const expiryOf = ({ duration = defaultDuration, aosp }: EnrollmentWish, now: number) =>
  aosp?.perpetual === true ? undefined : now + duration * 1000;

/** Makes a token of a wish that was found acceptable, and sends the invitation if it asks for one. */
export const addEnrollment = (
  vendor: Vendor,
  organization: Organization,
  platform: AppliveryPlatform,
  wish: EnrollmentWish,
  user: UserRecord | undefined,
): EnrollmentRecord => {
  const { enrollmentLimit } = organization.traits;
  if (organization.liveEnrollments >= enrollmentLimit) {
    throw refusal("limit exceeded", { limit: enrollmentLimit });
  }
  const { clock, identifiers, codes, outbox, behavior } = vendor;
  const now = clock.now();
  // Every member by name: V8 gives each record that begins as a copy a shape of its own, and lists become slow.
  const enrollment: EnrollmentRecord = {
    id: identifiers.id(),
    platform,
    user: user === undefined ? undefined : { id: user.id, email: user.email },
    code: identifiers.code((code) => codes.has(code)),
    stored: "PENDING",
    sendEmail: wish.sendEmail,
    displayName: wish.displayName,
    tags: wish.tags,
    language: wish.language,
    emailText: wish.emailText,
    policyId: wish.policyId,
    assignments: wish.assignments,
    segmentId: wish.segmentId,
    apple: wish.apple,
    aosp: wish.aosp,
    createdAt: now,
    updatedAt: now,
    expireAt: expiryOf(wish, now),
    visibleAt: now + behavior.readLagMilliseconds,
    deviceId: undefined,
  };
  organization.enrollments.add(enrollment);
  organization.liveEnrollments += 1;
  codes.set(enrollment.code, { organization, enrollment });
  if (wish.sendEmail && user !== undefined) {
    outbox.push({
      to: user.email,
      language: wish.language ?? user.language,
      emailText: wish.emailText,
      link: linkTo(vendor, platform, enrollment.code),
      enrollmentId: enrollment.id,
      sentAt: now,
    });
  }
  return enrollment;
};

/** Makes one token, for the user that the wish names. */
export const createEnrollment = (
  vendor: Vendor,
  organization: Organization,
  platform: AppliveryPlatform,
  wish: EnrollmentWish,
): EnrollmentRecord => {
  requireAcceptable(vendor, organization, platform, wish);
  const user = wish.userId === undefined ? undefined : organization.user(wish.userId);
  if (wish.userId !== undefined && user === undefined) throw refusal("not found");
  return addEnrollment(vendor, organization, platform, wish, user);
};

export const updateEnrollment = (
  vendor: Vendor,
  organization: Organization,
  enrollment: EnrollmentRecord,
  change: EnrollmentChange,
): EnrollmentRecord => {
  const now = vendor.clock.now();
  if (vendor.behavior.updateOfClosedToken === "reject" && stateAt(enrollment, now) !== "PENDING") {
    throw refusal("not updated");
  }
  requireAcceptable(vendor, organization, enrollment.platform, change);
  organization.enrollments.change(enrollment, () => {
    enrollment.displayName = change.displayName ?? enrollment.displayName;
    enrollment.tags = change.tags ?? enrollment.tags;
    enrollment.assignments = change.assignments ?? enrollment.assignments;
    enrollment.segmentId = change.segmentId ?? enrollment.segmentId;
    if (change.policyId !== undefined) enrollment.policyId = change.policyId ?? undefined;
    enrollment.updatedAt = now;
  });
  return enrollment;
};

/** Marks a token as deleted. A device that used it stays enrolled. */
export const deleteEnrollment = (
  vendor: Vendor,
  organization: Organization,
  enrollment: EnrollmentRecord,
): EnrollmentRecord => {
  if (enrollment.stored !== "DELETED") {
    enrollment.stored = "DELETED";
    enrollment.updatedAt = vendor.clock.now();
    organization.liveEnrollments -= 1;
  } else if (vendor.behavior.deleteOfDeletedToken === "not-found") {
    throw refusal("not found");
  }
  return enrollment;
};

/** A token as its platform's pages print it, at this moment. */
export const renderEnrollment = (
  vendor: Vendor,
  organization: Organization,
  dialect: Dialect,
  enrollment: EnrollmentRecord,
): object =>
  dialect.render(enrollment, {
    organization,
    state: stateAt(enrollment, vendor.clock.now()),
    link: linkTo(vendor, enrollment.platform, enrollment.code),
    tokenTypes: vendor.behavior.tokenTypes,
  });
