import type { CallOptions } from "../call-options.js";
import type { Enrollment, EnrollmentStatus, EnrollmentSummary } from "../enrollment.js";
import { EnrollmentError } from "../errors.js";
import { supports, type EnrollmentProvider, type WithRole } from "../provider.js";
import type {
  EnrollmentListing,
  EnrollmentRetrieval,
  EnrollmentRevocation,
  EnrollmentTracking,
} from "../roles.js";
import { accountsOf } from "./destination.js";

/** All providers, if each of them has the role; else none. */
export const allWith = <Role extends "retrieval" | "listing" | "revocation" | "tracking" | "reconciliation">(
  members: readonly EnrollmentProvider[],
  role: Role,
): readonly WithRole<EnrollmentProvider, Role>[] => {
  const able = members.flatMap((member) => (supports(member, role) ? [member] : []));
  return able.length === members.length ? able : [];
};

/** The member of that name, or the composite member that it is in. */
export const memberNamed = <Member extends EnrollmentProvider>(
  members: readonly Member[],
  name: string | undefined,
): Member | undefined =>
  name === undefined
    ? undefined
    : members.find((member) => member.name === name || accountsOf(member).some((each) => each.name === name));

/** Whether a member says that an id is none of its own: ids of one vendor are not well-formed at another. */
const isForeign = (error: unknown): boolean =>
  EnrollmentError.is(error) && (error.code === "not-found" || error.code === "invalid-request");

interface Found<Member> {
  readonly member: Member;
  readonly enrollment: Enrollment;
}

/**
 * Looks for an enrollment at one member after the other.
 *
 * @returns the answers of those who do not have it, if nobody does; oldest first.
 * @throws what a member threw that could not be asked, if no other has it: it may be there.
 */
const find = async <Member extends WithRole<EnrollmentProvider, "retrieval">>(
  members: readonly Member[],
  id: string,
  options: CallOptions | undefined,
): Promise<Found<Member> | readonly unknown[]> => {
  const refusals: unknown[] = [];
  const failures: unknown[] = [];
  for (const member of members) {
    try {
      return { member, enrollment: await member.retrieval.get(id, options) };
    } catch (error) {
      options?.signal?.throwIfAborted();
      (isForeign(error) ? refusals : failures).push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return refusals;
};

const isFound = <Member>(answer: Found<Member> | readonly unknown[]): answer is Found<Member> =>
  "member" in answer;

/** An id alone does not say whose it is: the members are asked in their order. */
export const retrievalOver = (
  members: readonly WithRole<EnrollmentProvider, "retrieval">[],
): EnrollmentRetrieval => ({
  get: async (id, options) => {
    const answer = await find(members, id, options);
    if (isFound(answer)) return answer.enrollment;
    const isNotFound = (error: unknown) => EnrollmentError.is(error) && error.code === "not-found";
    throw answer.find(isNotFound) ?? answer[0];
  },
});

/**
 * Looks for the enrollment first, and revokes it where it is. A revoke succeeds if there is nothing, so that to try it at
 * every member would say nothing, and to the wrong one it would be an order about somebody else's enrollment.
 */
export const revocationOver = (
  members: readonly WithRole<WithRole<EnrollmentProvider, "retrieval">, "revocation">[],
): EnrollmentRevocation => ({
  revoke: async (id, options) => {
    const answer = await find(members, id, options);
    if (isFound(answer)) await answer.member.revocation.revoke(id, options);
  },
});

/** Asks the member that is named; of an enrollment that names none, one member after the other. */
export const trackingOver = (
  members: readonly WithRole<EnrollmentProvider, "tracking">[],
): EnrollmentTracking => ({
  getStatuses: async (enrollments, options) => {
    const statuses = enrollments.map(({ id }): EnrollmentStatus => ({ id, state: "unknown", devices: [] }));
    const settled = new Set<number>();
    for (const member of members) {
      const asked = enrollments.flatMap(({ provider }, place) => {
        const named = memberNamed(members, provider);
        return settled.has(place) || (named !== undefined && named !== member) ? [] : [place];
      });
      if (asked.length === 0) continue;
      const told = await member.tracking.getStatuses(
        asked.map((place) => enrollments[place] as (typeof enrollments)[number]),
        options,
      );
      for (const [at, place] of asked.entries()) {
        const status = told[at];
        if (status === undefined) continue;
        if (!(settled.has(place) || status.state === "unknown")) settled.add(place);
        statuses[place] = status;
      }
    }
    return statuses;
  },
});

/** Every member's, one member after the other; what two members of one account both list comes once. */
export const listingOver = (
  members: readonly WithRole<EnrollmentProvider, "listing">[],
): EnrollmentListing => ({
  list: async function* (options) {
    const seen = new Set<string>();
    for (const member of members) {
      for await (const summary of member.listing.list(options)) {
        const name = nameOf(summary);
        if (seen.has(name)) continue;
        seen.add(name);
        yield summary;
      }
    }
  },
});

const nameOf = ({ vendor, id }: EnrollmentSummary): string => `${vendor} ${id}`;
