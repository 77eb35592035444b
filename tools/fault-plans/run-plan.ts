import {
  createEnrollments,
  EnrollmentError,
  type EnrollmentOutcome,
  type EnrollmentProvider,
} from "@enrollkit/core";
import { createTestClock } from "@enrollkit/testing";
import type { FaultPlan } from "./plan.js";
import { seededRandom } from "../seeded-random.js";
import { flawsOf } from "./truth.js";
import type { VendorUnderTest } from "./vendor.js";

const withBatchesOf = (maxItems: number, provider: EnrollmentProvider): EnrollmentProvider => {
  const { descriptor } = provider;
  const { batch } = descriptor;
  if (batch === undefined) return provider;
  return { ...provider, descriptor: { ...descriptor, batch: { ...batch, maxItems } } };
};

/**
 * Runs a plan, and holds its outcomes against the vendor's records.
 *
 * @param engine - what runs it. Default: the bulk engine.
 * @returns what is wrong, or nothing.
 */
export const runPlan = async (
  vendor: VendorUnderTest,
  plan: FaultPlan,
  engine: typeof createEnrollments = createEnrollments,
): Promise<readonly string[]> => {
  const clock = createTestClock();
  let calls = 0;
  const onResponse = () => {
    for (const { afterCall, seconds } of plan.jumps) if (afterCall === calls) clock.advance(seconds * 1000);
    calls += 1;
  };
  const planned = await vendor.start(plan, { clock, random: seededRandom(plan.seed), hooks: { onResponse } });
  try {
    for (const fault of plan.faults) planned.failNext(fault);
    for (const answer of plan.slowAnswers) planned.answerSlowly?.(answer);
    const { provider, rows } = planned;
    const sized = withBatchesOf(plan.batchSize, provider);
    const outcomes: EnrollmentOutcome[] = [];
    const requests = rows.map(({ request }) => request);
    const options = { clock, concurrency: plan.concurrency };
    for await (const outcome of engine(sized, requests, options)) outcomes.push(outcome);
    return flawsOf(planned, outcomes);
  } catch (error) {
    if (!EnrollmentError.is(error)) throw error;
    return [`the run ended with ${error.code}: ${error.message}`];
  } finally {
    await planned.stop();
  }
};
