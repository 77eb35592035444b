import { EnrollmentError } from "../errors.js";
import { parseInput } from "../invalid-request.js";
import { failureOf, type ImportOutcome, type ImportResult } from "../outcome.js";
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
 * @returns one outcome for each device; {@link createEnrollments} says how order, abort and errors of the source work.
 */
export async function* importDevices(
  provider: WithRole<EnrollmentProvider, "deviceImport">,
  devices: Iterable<DeviceToImport> | AsyncIterable<DeviceToImport>,
  options: Omit<BulkOptions, "clock" | "onUnsupported"> = {},
): AsyncGenerator<ImportOutcome, void, void> {
  const { concurrency = 2, order = "input", signal, onProgress } = options;
  const size = provider.descriptor.importBatch?.maxItems ?? 1;
  const findDuplicate = createDuplicateCheck();

  const outcomeOf = (
    result: ImportResult | undefined,
    { key }: DeviceToImport,
    index: number,
  ): ImportOutcome => {
    if (result?.status === "created") return { key, index, ...result };
    const error =
      result?.error ??
      new EnrollmentError("the provider gave no result for this device", {
        code: "protocol",
        provider: provider.name,
      });
    return { key, index, ...failureOf(error.within(`devices[${index}]`)) };
  };

  yield* mapInBatches<DeviceToImport, ImportOutcome, EnrollmentProvider>(devices, {
    concurrency,
    order,
    signal,
    window: 2 * size * concurrency,
    batchSize: () => size,
    prepare: ({ item, index }) => {
      try {
        parseInput(deviceToImportSchema, item, "invalid-request", provider.name);
        const duplicate =
          findDuplicate("", "key", item.key, index) ?? findDuplicate("", "name", item.name, index);
        if (duplicate !== undefined) throw duplicate.with({ provider: provider.name });
        return { lane: provider };
      } catch (error) {
        if (!EnrollmentError.is(error)) throw error;
        return { result: outcomeOf({ status: "failed", error }, item, index) };
      }
    },
    execute: async (_lane, batch) => {
      let results: readonly ImportResult[];
      try {
        results = await provider.deviceImport.importBatch(batch.map(({ item }) => item));
      } catch (error) {
        if (!EnrollmentError.is(error)) throw error;
        const failure = failureOf(error);
        results = batch.map(() => failure);
      }
      return batch.map(({ item, index }, place) => outcomeOf(results[place], item, index));
    },
    onChange: createProgress(onProgress),
  });
}
