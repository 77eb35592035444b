import { mapInBatches } from "../bulk/map-in-batches.js";
import type { CreateOptions } from "../call-options.js";
import type { EnrollmentResult } from "../outcome.js";
import type { EnrollmentProvider } from "../provider.js";
import type { EnrollmentRequest } from "../request.js";
import { sendAll } from "../send-all.js";

/** Calls under way at once where a member has no batches, or takes smaller ones. */
const concurrency = 8;

/**
 * Creates at one member, in as few calls as it takes.
 *
 * @returns one result for each request, in the same order, whatever the member does. Errors name the member.
 * @throws the signal's reason after an abort.
 */
export const sendInBatches = async (
  member: EnrollmentProvider,
  requests: readonly EnrollmentRequest[],
  options: CreateOptions,
): Promise<readonly EnrollmentResult[]> => {
  const size = member.bulk === undefined ? 1 : (member.descriptor.batch?.maxItems ?? 1);
  const results: EnrollmentResult[] = [];
  const sent = mapInBatches<EnrollmentRequest, EnrollmentResult, EnrollmentProvider>(requests, {
    prepare: () => ({ lane: member }),
    batchSize: () => size,
    execute: (_, batch) =>
      sendAll(
        member,
        batch.map(({ item }) => item),
        options,
      ),
    concurrency,
    order: "input",
    window: Infinity,
  });
  for await (const result of sent) {
    const isNameless = result.status !== "created" && result.error.provider === undefined;
    results.push(isNameless ? { ...result, error: result.error.with({ provider: member.name }) } : result);
  }
  return results;
};
