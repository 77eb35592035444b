import { EnrollmentError } from "../errors.js";
import type { EnrollmentProvider, WithRole } from "../provider.js";
import { shownName } from "../quote.js";
import type { EnrollmentRequest } from "../request.js";
import type { LostAttempt, ReconciledAttempt, Reconciliation } from "../roles.js";
import { memberNamed } from "./member-roles.js";

type Able = WithRole<EnrollmentProvider, "reconciliation">;

type Candidates = (request: EnrollmentRequest) => readonly EnrollmentProvider[];

/**
 * Those who may have got a request: the one that is named; else those whom it would go to now; else, for the rules may
 * have changed since, all of them.
 */
const askedAbout = (
  { request, provider }: LostAttempt,
  members: readonly Able[],
  candidatesOf: Candidates,
): readonly Able[] => {
  const named = memberNamed(members, provider);
  if (named !== undefined) return [named];
  try {
    const candidates = candidatesOf(request);
    return members.filter((member) => candidates.includes(member));
  } catch (error) {
    if (EnrollmentError.is(error)) return members;
    throw error;
  }
};

/** `created` stands; else a doubt is stronger than that nothing is there. */
const combine = (before: ReconciledAttempt | undefined, finding: ReconciledAttempt): ReconciledAttempt =>
  before?.status === "undecided" && finding.status === "absent" ? before : finding;

/**
 * Asks members what became of lost attempts, one member after the other, until one has it. It did not happen only if that
 * is known of each of them.
 */
export const reconciliationOver = (members: readonly Able[], candidatesOf: Candidates): Reconciliation => ({
  reconcile: async (attempts, options) => {
    const asked = attempts.map((attempt) => askedAbout(attempt, members, candidatesOf));
    const findings: (ReconciledAttempt | undefined)[] = attempts.map(() => undefined);
    for (const member of members) {
      const places = [...attempts.keys()].filter(
        (place) => findings[place]?.status !== "created" && asked[place]?.includes(member) === true,
      );
      if (places.length === 0) continue;
      const told = await member.reconciliation.reconcile(
        places.map((place) => attempts[place] as LostAttempt),
        options,
      );
      for (const [at, place] of places.entries()) {
        const finding = told[at] ?? noAnswer(member);
        findings[place] = combine(findings[place], finding);
      }
    }
    return findings.map((finding) => finding ?? unasked);
  },
});

const checkByHand = "look for it in the vendor's console before sending it again";

const noAnswer = ({ name }: EnrollmentProvider): ReconciledAttempt => ({
  status: "undecided",
  reason: `${shownName(name)} gave no answer`,
  checkByHand,
});

const unasked: ReconciledAttempt = {
  status: "undecided",
  reason: "none of the providers could be asked",
  checkByHand,
};
