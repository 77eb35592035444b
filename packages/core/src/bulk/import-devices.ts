import { systemClock } from "../clock.js";
import { EnrollmentError, toEnrollmentError } from "../errors.js";
import { createQueueDepth } from "../hooks/queue-depth.js";
import { parseInput } from "../invalid-request.js";
import { failureOf, keyOf, missingResult, type ImportOutcome, type ImportResult } from "../outcome.js";
import type { EnrollmentProvider, WithRole } from "../provider.js";
import { deviceToImportSchema, type DeviceToImport } from "../request.js";
import type { BulkOptions } from "./create-enrollments.js";
import { createDuplicateCheck } from "./duplicates.js";
import { mapInBatches } from "./map-in-batches.js";
import { createProgress } from "./progress.js";

/**
 * Makes any number of devices known to a vendor before they enroll.
 *
 * @param provider - one that has the `deviceImport` role.
 * @param devices - of any length, also a stream. Names must differ from each other over the whole of it.
 * @param options - `concurrency`: batches under way at once, default 2.
 * @returns one outcome for each device; {@link createEnrollments} says how order, abort and errors of the source work.
 */
export async function* importDevices(
  provider: WithRole<EnrollmentProvider, "deviceImport">,
  devices: Iterable<DeviceToImport> | AsyncIterable<DeviceToImport>,
  options: Omit<BulkOptions, "onUnsupported"> = {},
): AsyncGenerator<ImportOutcome, void, void> {
  const { concurrency = 2, order = "input", clock = systemClock, signal, onProgress, total } = options;
  const size = provider.descriptor.importBatch?.maxItems ?? 1;
  const findDuplicate = createDuplicateCheck("devices");

  const outcomeOf = (result: ImportResult, item: unknown, index: number): ImportOutcome => {
    const key = keyOf(item);
    if (result.status === "created") return { key, index, ...result };
    return { key, index, ...failureOf(result.error.within(`devices[${index}]`)) };
  };

  const queue = createQueueDepth();
  try {
    yield* mapInBatches<DeviceToImport, ImportOutcome, EnrollmentProvider>(devices, {
      concurrency,
      order,
      signal,
      window: 2 * size * concurrency,
      batchSize: () => size,
      prepare: ({ item, index }) => {
        try {
          parseInput(deviceToImportSchema, item, "invalid-request", provider.name);
          const duplicate = findDuplicate(index, [
            { scope: "", field: "key", value: item.key },
            { scope: "", field: "name", value: item.name },
          ]);
          if (duplicate !== undefined) throw duplicate.with({ provider: provider.name });
          queue.grow(provider, 1);
          return { lane: provider };
        } catch (error) {
          if (!EnrollmentError.is(error)) throw error;
          return { result: outcomeOf(failureOf(error), item, index) };
        }
      },
      execute: async (_lane, batch) => {
        let results: readonly ImportResult[];
        try {
          results = await provider.deviceImport.importBatch(batch.map(({ item }) => item));
        } catch (error) {
          const failure = failureOf(toEnrollmentError(error, provider.name));
          results = batch.map(() => failure);
        }
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
