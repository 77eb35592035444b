import { systemClock, type Clock } from "../clock.js";
import { createBatchReliably } from "../create-reliably.js";
import { EnrollmentError } from "../errors.js";
import { failureOf, type EnrollmentOutcome } from "../outcome.js";
import type { CreateOptions } from "../call-options.js";
import type { EnrollmentProvider } from "../provider.js";
import type { EnrollmentRequest } from "../request.js";
import { mapInBatches } from "./map-in-batches.js";
import { createProgress, type BulkProgress } from "./progress.js";
import { createRequestValidator, type ProviderChoice } from "./validate-requests.js";

/** Options of a bulk run. */
export interface BulkOptions extends CreateOptions {
  /** How many calls to a vendor may be under way at once. Default: 8. */
  readonly concurrency?: number | undefined;
  /** `input` (default): outcomes in the order of the inputs. `completion`: each as soon as it is known. */
  readonly order?: "input" | "completion" | undefined;
  /** Told whenever something has been sent or settled. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /** Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

/** At least this many inputs may be read ahead of the outcomes that have come out. */
const minimalWindow = 256;

/**
 * Creates any number of enrollments.
 *
 * Each request is held against the provider's descriptor before anything is sent; what passes is cut to the vendor's
 * batch size, with a bounded number of calls under way. The source is read no faster than outcomes are taken. One
 * bad request never fails another.
 *
 * @param choice - the provider, or a function that names one for each request; it may throw an EnrollmentError,
 *   which becomes the outcome of that request.
 * @param requests - of any length, also a stream.
 * @param options - `signal`: an abort stops new calls at once. What is under way is waited for and yielded; then
 *   the iteration throws the signal's reason.
 * @returns one outcome for each request.
 * @throws whatever the source throws, after the outcomes of all requests before.
 */
export async function* createEnrollments<Extras = never>(
  choice: ProviderChoice<Extras>,
  requests: Iterable<EnrollmentRequest<Extras>> | AsyncIterable<EnrollmentRequest<Extras>>,
  options: BulkOptions = {},
): AsyncGenerator<EnrollmentOutcome, void, void> {
  const {
    concurrency = 8,
    order = "input",
    clock = systemClock,
    onUnsupported,
    signal,
    onProgress,
  } = options;
  if (!(Number.isInteger(concurrency) && concurrency > 0)) {
    throw new EnrollmentError("concurrency must be a whole number above zero", {
      code: "invalid-request",
      path: "concurrency",
    });
  }
  const validate = createRequestValidator(choice, { onUnsupported, clock });
  const batchSize = (provider: EnrollmentProvider<Extras>) =>
    provider.bulk === undefined ? 1 : (provider.descriptor.batch?.maxItems ?? 1);

  const refuse = (error: EnrollmentError, key: string | undefined, index: number): EnrollmentOutcome => ({
    key,
    index,
    ...failureOf(error.within(`requests[${index}]`)),
  });

  let largestBatch = 1;
  yield* mapInBatches<EnrollmentRequest<Extras>, EnrollmentOutcome, EnrollmentProvider<Extras>>(requests, {
    concurrency,
    order,
    signal,
    get window() {
      return Math.max(minimalWindow, 2 * largestBatch * concurrency);
    },
    batchSize,
    prepare: ({ item, index }) => {
      try {
        const lane = validate(item, index);
        largestBatch = Math.max(largestBatch, batchSize(lane));
        return { lane };
      } catch (error) {
        if (!EnrollmentError.is(error)) throw error;
        return { result: refuse(error, item.key, index) };
      }
    },
    execute: async (provider, batch) => {
      const results = await createBatchReliably(
        provider,
        batch.map(({ item }) => item),
        { onUnsupported, clock },
      );
      return batch.map(({ item, index }, place): EnrollmentOutcome => {
        const result = results[place];
        if (result?.status === "created") return { key: item.key, index, ...result };
        const error =
          result?.error ??
          new EnrollmentError("the provider gave no result for this request", {
            code: "protocol",
            provider: provider.name,
          });
        return refuse(error, item.key, index);
      });
    },
    onChange: createProgress(onProgress),
  });
}
