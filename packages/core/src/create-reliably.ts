import { randomUUID } from "node:crypto";
import { systemClock, type Clock } from "./clock.js";
import type { Enrollment } from "./enrollment.js";
import { EnrollmentError } from "./errors.js";
import { toIsoInstant } from "./instant.js";
import { failureOf, type EnrollmentResult, type Failure } from "./outcome.js";
import { supports, type CreateOptions, type EnrollmentProvider } from "./provider.js";
import type { EnrollmentRequest } from "./request.js";
import type { ReconciledAttempt } from "./roles.js";

/** How often a request that was lost, and proved not to have happened, is sent again. */
const resends = 2;

export interface ReliableOptions extends CreateOptions {
  readonly clock?: Clock | undefined;
}

type KeyedRequest<Extras> = EnrollmentRequest<Extras> & { readonly key: string };

const toEnrollmentError = (error: unknown, provider: EnrollmentProvider): EnrollmentError => {
  if (EnrollmentError.is(error)) return error;
  return new EnrollmentError("the provider failed in a way that its adapter did not foresee", {
    code: "unknown",
    provider: provider.name,
    cause: error,
  });
};

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

const sendAll = async <Extras>(
  provider: EnrollmentProvider<Extras>,
  requests: readonly KeyedRequest<Extras>[],
  options: CreateOptions,
): Promise<readonly EnrollmentResult[]> => {
  const [only] = requests;
  try {
    if (provider.bulk !== undefined && requests.length > 1) {
      return await provider.bulk.createBatch(requests, options);
    }
    if (only === undefined) return [];
    return [{ status: "created", enrollment: await provider.createEnrollment(only, options) }];
  } catch (error) {
    options.signal?.throwIfAborted();
    const failure = failureOf(toEnrollmentError(error, provider));
    return requests.map(() => failure);
  }
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
  // A request without a key gets one for the time of this call, so that it can be found again.
  const keyed = requests.map((request) => ({ ...request, key: request.key ?? randomUUID() }));
  const sentAt = toIsoInstant(clock.now());
  const results = [...(await sendAll(provider, keyed, options))];

  for (let resend = 0; supports(provider, "reconciliation"); resend += 1) {
    const lost = results.flatMap((result, place) => (result.status === "unknown" ? [place] : []));
    if (lost.length === 0) break;
    const findings = await provider.reconciliation
      .reconcile(
        lost.map((place) => ({ request: keyed[place] as KeyedRequest<Extras>, sentAt })),
        { signal: options.signal },
      )
      .catch((error: unknown): readonly ReconciledAttempt[] => {
        options.signal?.throwIfAborted();
        const { message } = toEnrollmentError(error, provider as EnrollmentProvider);
        const finding = {
          status: "undecided" as const,
          reason: `the provider could not be asked what became of it: ${message}`,
          checkByHand: "look for it in the vendor's console before sending it again",
        };
        return lost.map(() => finding);
      });
    const again: number[] = [];
    for (const [place, finding] of findings.entries()) {
      const at = lost[place] as number;
      const before = results[at] as Failure;
      if (finding.status === "created") results[at] = finding;
      else if (finding.status === "undecided") results[at] = undecided(before.error, finding);
      else again.push(at);
    }
    if (again.length === 0) break;
    if (resend === resends) {
      for (const at of again) {
        const { error } = results[at] as Failure;
        results[at] = { status: "failed", error: error.with({ code: "unavailable", retryable: true }) };
      }
      break;
    }
    const resent = await sendAll(
      provider,
      again.map((at) => keyed[at] as KeyedRequest<Extras>),
      options,
    );
    for (const [place, result] of resent.entries()) results[again[place] as number] = result;
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
  const [result] = await createBatchReliably(provider, [request], options);
  if (result?.status === "created") return result.enrollment;
  throw (
    result?.error ??
    new EnrollmentError("the provider gave no result", { code: "protocol", provider: provider.name })
  );
};
