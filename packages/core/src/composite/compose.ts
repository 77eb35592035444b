import { checkReachable } from "../check-reachable.js";
import { roleNames, type ProviderDescriptor } from "../descriptor.js";
import type { Composition, EnrollmentProvider } from "../provider.js";
import { intersectDescriptors } from "./intersect-descriptors.js";
import { allWith, listingOver, retrievalOver, revocationOver, trackingOver } from "./member-roles.js";
import { reconciliationOver } from "./reconciliation.js";

/** What tells one kind of composite from another. */
export interface CompositeParts extends Pick<EnrollmentProvider, "name" | "createEnrollment"> {
  /** The word in a config: `router`. */
  readonly vendor: string;
  /** What it is called where a product's name is wanted. */
  readonly product: string;
  readonly createBatch: NonNullable<EnrollmentProvider["bulk"]>["createBatch"];
  readonly composition: Composition;
}

/** The roles that a composite plays honestly: where an id or an answer of any member is in good hands. */
const rolesOver = (members: readonly EnrollmentProvider[], parts: CompositeParts) => {
  const { createBatch, composition } = parts;
  const [retrieval, revocation] = [allWith(members, "retrieval"), allWith(members, "revocation")];
  const [listing, tracking] = [allWith(members, "listing"), allWith(members, "tracking")];
  const reconciliation = allWith(members, "reconciliation");
  // To revoke, it first looks where the enrollment is.
  const revocable = retrieval.length > 0 ? revocation : [];
  return {
    ...(members.some(({ bulk }) => bulk !== undefined) && { bulk: { createBatch } }),
    ...(retrieval.length > 0 && { retrieval: retrievalOver(retrieval) }),
    ...(revocable.length > 0 && {
      revocation: revocationOver(revocable as Parameters<typeof revocationOver>[0]),
    }),
    ...(listing.length > 0 && { listing: listingOver(listing) }),
    ...(tracking.length > 0 && { tracking: trackingOver(tracking) }),
    ...(reconciliation.length > 0 && {
      reconciliation: reconciliationOver(reconciliation, (request) => composition.route(request).candidates),
    }),
  } satisfies Partial<EnrollmentProvider>;
};

/** Every member's report, each finding with the member's name. */
const checkOver =
  (name: string, members: readonly EnrollmentProvider[]): EnrollmentProvider["check"] =>
  async (options) => {
    const reports = await Promise.all(members.map((member) => checkReachable(member, options)));
    return {
      provider: name,
      ok: reports.every(({ ok }) => ok),
      findings: reports.flatMap(({ provider, findings }) =>
        findings.map((finding) => ({ ...finding, provider: finding.provider ?? provider })),
      ),
    };
  };

/** A provider over other providers: it can do what all of them can, and takes batches if one of them does. */
export const compose = (parts: CompositeParts): EnrollmentProvider => {
  const { name, vendor, product, createEnrollment, composition } = parts;
  const { members } = composition;
  const roles = rolesOver(members, parts);
  const descriptor: ProviderDescriptor = intersectDescriptors(members, {
    vendor,
    product,
    roles: roleNames.filter((role) => role in roles),
  });
  return { name, descriptor, check: checkOver(name, members), createEnrollment, ...roles, composition };
};
