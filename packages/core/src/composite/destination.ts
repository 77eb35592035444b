import { parseInput } from "../invalid-request.js";
import type { EnrollmentProvider, Routing } from "../provider.js";
import { enrollmentRequestSchema, type EnrollmentRequest } from "../request.js";

/** One composite on the way of a request, and what it decided. */
export interface RoutingStep extends Pick<Routing, "rule" | "why"> {
  /** The composite's name. */
  readonly provider: string;
}

/** Where a request goes. */
export interface Destination<Extras = never> {
  /**
   * What is to be called: the provider itself, or a composite that may still hand the request on to another member, as
   * a fallback does.
   */
  readonly lane: EnrollmentProvider<Extras>;
  /** The provider, no composite, that gets it first: it has to honour the request. */
  readonly member: EnrollmentProvider<Extras>;
  /** How it got there, from the outside in; empty if there is no composite. */
  readonly steps: readonly RoutingStep[];
}

/**
 * Looks through composites, however deep, for the provider that a request goes to. Calls nobody.
 *
 * @throws EnrollmentError `invalid-request` if a composite has no place for the request, or the request is malformed.
 */
export const destinationOf = <Extras>(
  provider: EnrollmentProvider<Extras>,
  request: EnrollmentRequest<Extras>,
): Destination<Extras> => {
  const steps: RoutingStep[] = [];
  let lane = provider;
  let member = provider;
  let isSettled = true;
  if (provider.composition !== undefined) parseInput(enrollmentRequestSchema, request, "invalid-request");
  while (member.composition !== undefined) {
    const { candidates, ...decision } = member.composition.route(request);
    steps.push({ provider: member.name, ...decision });
    isSettled &&= candidates.length === 1;
    [member] = candidates;
    if (isSettled) lane = member;
  }
  return { lane, member, steps };
};

/** The providers with accounts of their own that a provider stands for: itself, or those within a composite, each once. */
export const accountsOf = <Extras>(
  provider: EnrollmentProvider<Extras>,
): readonly EnrollmentProvider<Extras>[] =>
  provider.composition === undefined
    ? [provider]
    : [...new Set(provider.composition.members.flatMap((member) => accountsOf(member)))];

/** Replaces the providers with accounts of their own; composites around them stay what they are. */
export const overAccounts = <Extras>(
  provider: EnrollmentProvider<Extras>,
  change: (account: EnrollmentProvider<Extras>) => EnrollmentProvider<Extras>,
): EnrollmentProvider<Extras> =>
  provider.composition === undefined
    ? change(provider)
    : provider.composition.over((member) => overAccounts(member, change));
