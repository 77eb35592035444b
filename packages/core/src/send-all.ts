import type { CreateOptions } from "./call-options.js";
import { toEnrollmentError } from "./errors.js";
import { failureOf, missingResult, type EnrollmentResult, type Failure } from "./outcome.js";
import type { EnrollmentProvider } from "./provider.js";
import type { EnrollmentRequest } from "./request.js";
import type { BulkEnrollment } from "./roles.js";

const failed = <Extras>(
  error: unknown,
  provider: EnrollmentProvider<Extras>,
  { signal }: CreateOptions,
): Failure => {
  signal?.throwIfAborted();
  return failureOf(toEnrollmentError(error, provider.name));
};

const createOne = async <Extras>(
  provider: EnrollmentProvider<Extras>,
  request: EnrollmentRequest<Extras>,
  options: CreateOptions,
): Promise<EnrollmentResult> => {
  try {
    return { status: "created", enrollment: await provider.createEnrollment(request, options) };
  } catch (error) {
    return failed(error, provider, options);
  }
};

const createInOneGo = async <Extras>(
  provider: EnrollmentProvider<Extras>,
  bulk: BulkEnrollment<Extras>,
  requests: readonly EnrollmentRequest<Extras>[],
  options: CreateOptions,
): Promise<readonly EnrollmentResult[]> => {
  try {
    const results = await bulk.createBatch(requests, options);
    return requests.map((_, place) => results[place] ?? missingResult(provider.name));
  } catch (error) {
    const failure = failed(error, provider, options);
    return requests.map(() => failure);
  }
};

/**
 * Sends requests in one go, or each for itself where there is but one or the provider has no batches.
 *
 * @returns one result for each request, whatever the provider does.
 * @throws the signal's reason after an abort.
 */
export const sendAll = <Extras>(
  provider: EnrollmentProvider<Extras>,
  requests: readonly EnrollmentRequest<Extras>[],
  options: CreateOptions,
): Promise<readonly EnrollmentResult[]> =>
  provider.bulk !== undefined && requests.length > 1
    ? createInOneGo(provider, provider.bulk, requests, options)
    : Promise.all(requests.map((request) => createOne(provider, request, options)));
