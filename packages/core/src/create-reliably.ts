import { randomUUID } from "node:crypto";
import { systemClock, type Clock } from "./clock.js";
import { destinationOf } from "./composite/destination.js";
import type { Enrollment } from "./enrollment.js";
import { toEnrollmentError, type EnrollmentError } from "./errors.js";
import { toIsoInstant, type IsoInstant } from "./instant.js";
import { failureOf, missingResult, type EnrollmentResult, type Failure } from "./outcome.js";
import type { CreateOptions } from "./call-options.js";
import type { EnrollmentProvider } from "./provider.js";
import type { EnrollmentRequest } from "./request.js";
import type { LostAttempt, ReconciledAttempt, Reconciliation } from "./roles.js";
import { sendAll } from "./send-all.js";

/** How often a request that was lost, and proved not to have happened, is sent again. */
const resends = 2;

/** Options of {@link createReliably}. */
export interface ReliableOptions extends CreateOptions {
  /** Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

type KeyedRequest<Extras> = EnrollmentRequest<Extras> & { readonly key: string };

const hasKey = <Extras>(request: EnrollmentRequest<Extras>): request is KeyedRequest<Extras> =>
  request.key !== undefined;

/** A request without a key gets one for the time of the call, so that it can be found again. */
const withKey = <Extras>(request: EnrollmentRequest<Extras>): KeyedRequest<Extras> =>
  hasKey(request) ? request : { ...request, key: randomUUID() };

const undecided = (
  lost: EnrollmentError,
  finding: Extract<ReconciledAttempt, { status: "undecided" }>,
): Failure => ({
  status: "unknown",
  error: lost.with({
    message: `the answer was lost, and ${finding.reason}`,
    code: "outcome-unknown",
    retryable: false,
    advice: finding.checkByHand,
    cause: lost,
  }),
});

/** The error of a request that was lost time and again, and is known not to have been done. */
const neverDone = (lost: EnrollmentError): EnrollmentError =>
  lost.with({
    code: "unavailable",
    retryable: true,
    advice: "nothing was created; try again later",
    cause: lost,
  });

const reconcile = async <Extras>(
  provider: EnrollmentProvider<Extras>,
  reconciliation: Reconciliation<Extras>,
  attempts: readonly LostAttempt<Extras>[],
  { signal }: CreateOptions,
): Promise<readonly ReconciledAttempt[]> => {
  try {
    return await reconciliation.reconcile(attempts, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    const { message } = toEnrollmentError(error, provider.name);
    const finding: ReconciledAttempt = {
      status: "undecided",
      reason: `the vendor could not be asked what became of it: ${message}`,
      checkByHand: "look for it in the vendor's console before sending it again",
    };
    return attempts.map(() => finding);
  }
};

/** Asks what became of the requests whose answer was lost, sends again what did not happen, and so on. */
const settleLost = async <Extras>(
  provider: EnrollmentProvider<Extras>,
  reconciliation: Reconciliation<Extras>,
  requests: readonly KeyedRequest<Extras>[],
  sent: readonly EnrollmentResult[],
  { sentAt, ...options }: CreateOptions & { readonly sentAt: IsoInstant },
): Promise<readonly EnrollmentResult[]> => {
  const results = [...sent];
  const isLost = (place: number) => results[place]?.status === "unknown";
  let lost = [...results.keys()].filter(isLost);

  for (let resend = 0; lost.length > 0; resend += 1) {
    const attempts = lost.map((place) => ({
      request: requests[place] as KeyedRequest<Extras>,
      sentAt,
      provider: (results[place] as Failure).error.provider,
    }));
    const findings = await reconcile(provider, reconciliation, attempts, options);
    const absent: number[] = [];
    for (const [place, at] of lost.entries()) {
      const finding = findings[place];
      const { error } = results[at] as Failure;
      if (finding?.status === "created") results[at] = finding;
      else if (finding?.status === "undecided") results[at] = undecided(error, finding);
      else if (finding?.status === "absent" && resend < resends) absent.push(at);
      else if (finding?.status === "absent") results[at] = failureOf(neverDone(error));
    }
    const resent = await sendAll(
      provider,
      absent.map((at) => requests[at] as KeyedRequest<Extras>),
      options,
    );
    for (const [place, at] of absent.entries()) results[at] = resent[place] ?? (results[at] as Failure);
    lost = absent.filter(isLost);
  }
  return results;
};

/**
 * Creates a batch, and finds out what became of those whose answer was lost: a provider that can reconcile is asked
 * before anything is sent again.
 *
 * @returns one result for each request, in the same order.
 */
export const createBatchReliably = async <Extras>(
  provider: EnrollmentProvider<Extras>,
  requests: readonly EnrollmentRequest<Extras>[],
  { clock = systemClock, ...options }: ReliableOptions = {},
): Promise<readonly EnrollmentResult[]> => {
  const { reconciliation } = provider;
  const sentAt = clock.now();
  const keyed = requests.map(withKey);
  let results = await sendAll(provider, keyed, options);
  if (reconciliation !== undefined && results.some(({ status }) => status === "unknown")) {
    const instant = toIsoInstant(sentAt);
    results = await settleLost(provider, reconciliation, keyed, results, { ...options, sentAt: instant });
  }
  return results.map((result, place) => restoreKey(result, requests[place]?.key));
};

/** Takes out the key that was made up for the call. */
const restoreKey = (result: EnrollmentResult, key: string | undefined): EnrollmentResult => {
  if (result.status !== "created" || key !== undefined) return result;
  const { key: madeUp, ...enrollment } = result.enrollment;
  return madeUp === undefined ? result : { status: "created", enrollment };
};

/**
 * Creates one enrollment as {@link EnrollmentProvider.createEnrollment} does, and reconciles a lost answer.
 *
 * @throws EnrollmentError as the provider does; `outcome-unknown` only if the vendor cannot tell what became of it.
 */
export const createReliably = async <Extras>(
  provider: EnrollmentProvider<Extras>,
  request: EnrollmentRequest<Extras>,
  options: ReliableOptions = {},
): Promise<Enrollment> => {
  // Before a key is made up: a composite may look at it.
  const { lane } = destinationOf(provider, request);
  const [result = missingResult(lane.name)] = await createBatchReliably(lane, [request], options);
  if (result.status === "created") return result.enrollment;
  throw result.error;
};
