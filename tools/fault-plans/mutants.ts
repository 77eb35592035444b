import {
  createEnrollments,
  EnrollmentError,
  failureOf,
  type BulkEnrollment,
  type Enrollment,
  type EnrollmentProvider,
  type EnrollmentRequest,
  type EnrollmentResult,
  type Failure,
  type LostAttempt,
  type ReconciledAttempt,
} from "@enrollkit/core";

/** What a broken provider or engine does otherwise than a sound one. */
export interface Mutation {
  /** Which vendors can be broken so: swapped results need a batch. Default: all. */
  readonly needs?: "bulk";
  readonly engine?: typeof createEnrollments;
  readonly provider?: (sound: EnrollmentProvider) => Partial<EnrollmentProvider>;
}

export interface KnownMutation extends Mutation {
  /** What a provider or an engine does that is broken so. */
  readonly what: string;
  /** A flaw that betrays it. */
  readonly shows: RegExp;
}

const settle = async (work: () => Promise<Enrollment>): Promise<EnrollmentResult> => {
  try {
    return { status: "created", enrollment: await work() };
  } catch (error) {
    if (!EnrollmentError.is(error)) throw error;
    return failureOf(error);
  }
};

type Requests = readonly EnrollmentRequest[];
type Results = readonly EnrollmentResult[];

type Change = (results: Results, requests: Requests) => Results | Promise<Results>;

const changingBatches = (bulk: BulkEnrollment, change: Change): BulkEnrollment => ({
  createBatch: async (requests, options) => change(await bulk.createBatch(requests, options), requests),
});

/** A provider whose results, of single creates and of batches, come out changed. */
const changingResults = (sound: EnrollmentProvider, change: Change): Partial<EnrollmentProvider> => ({
  createEnrollment: async (request, options) => {
    const [result] = await change([await settle(() => sound.createEnrollment(request, options))], [request]);
    if (result?.status === "created") return result.enrollment;
    throw result?.error ?? new Error("the change left no result");
  },
  ...(sound.bulk !== undefined && { bulk: changingBatches(sound.bulk, change) }),
});

const changingFailures = (sound: EnrollmentProvider, change: (failure: Failure) => EnrollmentResult) =>
  changingResults(sound, (results) =>
    results.map((result) => (result.status === "created" ? result : change(result))),
  );

const changingLosses = (sound: EnrollmentProvider, change: (failure: Failure) => EnrollmentResult) =>
  changingFailures(sound, (failure) => (failure.status === "unknown" ? change(failure) : failure));

const changingFindings = (
  { reconciliation }: EnrollmentProvider,
  change: (finding: ReconciledAttempt, attempt: LostAttempt) => ReconciledAttempt,
): Partial<EnrollmentProvider> => ({
  ...(reconciliation !== undefined && {
    reconciliation: {
      reconcile: async (attempts, options) => {
        const findings = await reconciliation.reconcile(attempts, options);
        return attempts.map((attempt, place) => change(findings[place] ?? { status: "absent" }, attempt));
      },
    },
  }),
});

const madeUp: Enrollment = {
  id: "made-up",
  provider: "mutant",
  vendor: "mutant",
  artifacts: [],
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "unknown",
  uses: "one",
  warnings: [],
  requestIds: [],
};

/** A provider that is wrapped as the broken ones are, and sound. */
export const unbroken: Mutation = { provider: (sound) => changingResults(sound, (results) => results) };

/** Everything that plans must see. */
export const mutations: readonly KnownMutation[] = [
  {
    what: "offers a lost create for a repeat",
    shows: /told failed.*, and the vendor has/,
    provider: (sound) =>
      changingLosses(sound, ({ error }) => failureOf(error.with({ code: "unavailable", retryable: true }))),
  },
  {
    what: "reports a lost create as failed",
    shows: /told failed.*, and the vendor has/,
    provider: (sound) =>
      changingLosses(sound, ({ error }) => failureOf(error.with({ code: "protocol", retryable: false }))),
  },
  {
    what: "reports a lost create as created, with an id of its own",
    shows: /made-up was created, and is not at the vendor/,
    provider: (sound) => changingLosses(sound, () => ({ status: "created", enrollment: madeUp })),
  },
  {
    what: "sends a lost create again, and forgets the first",
    shows: /told .*, and the vendor has/,
    provider: (sound) =>
      changingResults(sound, (results, requests) =>
        Promise.all(
          results.map(async (result, place) => {
            const request = requests[place];
            return result.status === "unknown" && request !== undefined
              ? settle(() => sound.createEnrollment(request))
              : result;
          }),
        ),
      ),
  },
  {
    what: "says unknown whenever anything goes wrong",
    shows: /though the vendor could be asked/,
    provider: (sound) => ({
      ...changingFailures(sound, ({ error }) =>
        failureOf(error.with({ code: "outcome-unknown", retryable: false })),
      ),
      ...changingFindings(sound, () => ({ status: "undecided", reason: "of a mutant", checkByHand: "no" })),
    }),
  },
  {
    what: "swaps two results of a batch",
    shows: /was created, and is not at the vendor/,
    needs: "bulk",
    provider: (sound) =>
      changingResults(sound, ([first, second, ...rest]) =>
        [second, first, ...rest].filter((each) => each !== undefined),
      ),
  },
  {
    what: "finds every lost create absent",
    shows: /told .*, and the vendor has/,
    provider: (sound) => changingFindings(sound, () => ({ status: "absent" })),
  },
  {
    what: "finds another row's enrollment",
    shows: /was created, and is not at the vendor/,
    provider: (sound) => {
      const seen: Enrollment[] = [];
      return {
        ...changingResults(sound, (results) => {
          seen.push(...results.flatMap((each) => (each.status === "created" ? [each.enrollment] : [])));
          return results;
        }),
        ...changingFindings(sound, (finding) => {
          const [enrollment] = seen;
          return enrollment === undefined ? finding : { status: "created", enrollment };
        }),
      };
    },
  },
  {
    what: "drops an outcome",
    shows: /rows have \d+ outcomes/,
    engine: async function* (choice, requests, options) {
      for await (const outcome of createEnrollments(choice, requests, options)) {
        if (outcome.index !== 1) yield outcome;
      }
    },
  },
  {
    what: "gives an outcome twice",
    shows: /rows have \d+ outcomes/,
    engine: async function* (choice, requests, options) {
      for await (const outcome of createEnrollments(choice, requests, options)) {
        yield outcome;
        if (outcome.index === 0) yield outcome;
      }
    },
  },
];

/** The provider with what the mutation breaks. Its methods keep their object: some are methods of a class. */
export const mutate = (sound: EnrollmentProvider, { provider: change }: Mutation): EnrollmentProvider => {
  const { name, descriptor, bulk, reconciliation } = sound;
  const bound: EnrollmentProvider = {
    name,
    descriptor,
    check: (options) => sound.check(options),
    createEnrollment: (request, options) => sound.createEnrollment(request, options),
    ...(bulk !== undefined && { bulk }),
    ...(reconciliation !== undefined && { reconciliation }),
  };
  return { ...bound, ...change?.(bound) };
};
