import { systemClock, type Clock } from "../clock.js";
import { createBatchReliably } from "../create-reliably.js";
import { EnrollmentError } from "../errors.js";
import { createQueueDepth } from "../hooks/queue-depth.js";
import {
  failureOf,
  keyOf,
  missingResult,
  type EnrollmentOutcome,
  type EnrollmentResult,
} from "../outcome.js";
import type { CreateOptions } from "../call-options.js";
import type { EnrollmentProvider } from "../provider.js";
import type { EnrollmentRequest } from "../request.js";
import { mapInBatches } from "./map-in-batches.js";
import { createProgress, type BulkProgress } from "./progress.js";
import { createDestinationValidator, type ProviderChoice } from "./validate-requests.js";

/** Options of a bulk run. */
export interface BulkOptions extends CreateOptions {
  /** How many batches, or single creates where the vendor has no batch, may be under way at once. Default: 8. */
  readonly concurrency?: number | undefined;
  /** `input` (default): outcomes in the order of the inputs. `completion`: each as soon as it is known. */
  readonly order?: "input" | "completion" | undefined;
  /** Told whenever something has been sent or settled. */
  readonly onProgress?: ((progress: BulkProgress) => void) | undefined;
  /** How many inputs there will be, if you know: `onProgress` then hears how much time remains. */
  readonly total?: number | undefined;
  /** Default: the machine's clock. */
  readonly clock?: Clock | undefined;
}

/** At least this many inputs may be read ahead of the outcomes that have come out. */
const minimalWindow = 256;

/**
 * Creates any number of enrollments.
 *
 * Each request is held against the provider's descriptor before anything is sent, of a composite against that of the member
 * that it goes to; what passes is cut to the vendor's batch size, with a bounded number of calls under way. The source is
 * read no faster than outcomes are taken. A batch is sent when it is full, when the source ends, or when no more may be read
 * ahead. One bad request never fails another.
 *
 * @param choice - the provider, or a function that names one for each request; it may throw an EnrollmentError,
 *   which becomes the outcome of that request.
 * @param requests - of any length, also a stream.
 * @param options - `signal`: after an abort no batch is sent any more. Those under way are seen through, or their
 *   outcomes would be lost, and yielded; then the iteration throws the signal's reason.
 * @returns one outcome for each request.
 * @throws EnrollmentError `invalid-request` if `concurrency` is no whole number above zero.
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
    total,
  } = options;
  const validate = createDestinationValidator(choice, { onUnsupported, clock });
  const batchSize = (provider: EnrollmentProvider<Extras>) =>
    provider.bulk === undefined ? 1 : (provider.descriptor.batch?.maxItems ?? 1);

  const outcomeOf = (result: EnrollmentResult, item: unknown, index: number): EnrollmentOutcome => {
    const key = keyOf(item);
    if (result.status === "created") return { key, index, ...result };
    return { key, index, ...failureOf(result.error.within(`requests[${index}]`)) };
  };

  const queue = createQueueDepth();
  let largestBatch = 1;
  try {
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
          const { lane } = validate(item, index);
          largestBatch = Math.max(largestBatch, batchSize(lane));
          queue.grow(lane, 1);
          return { lane };
        } catch (error) {
          if (!EnrollmentError.is(error)) throw error;
          return { result: outcomeOf(failureOf(error), item, index) };
        }
      },
      execute: async (provider, batch) => {
        const requests = batch.map(({ item }) => item);
        const results = await createBatchReliably(provider, requests, { onUnsupported, clock });
        queue.grow(provider, -batch.length);
        return batch.map(({ item, index }, place) =>
          outcomeOf(results[place] ?? missingResult(provider.name), item, index),
        );
      },
      onChange: createProgress(onProgress, { total, clock }),
    });
  } finally {
    queue.empty();
  }
}
