import type { LifecycleHooks } from "@enrollkit/core";
import type { Meter } from "@opentelemetry/api";
import {
  operationAttributes,
  outcomeAttributes,
  providerAttributes,
  requestAttributes,
  responseAttributes,
} from "./attributes.js";

/** Seconds. https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpclientrequestduration */
const callBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
/** Seconds. A create may wait for its quota, and a batch for minutes. */
const operationBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

const createInstruments = (meter: Meter) => {
  const operations = { unit: "s", advice: { explicitBucketBoundaries: operationBoundaries } };
  return {
    calls: meter.createHistogram("http.client.request.duration", {
      description: "Duration of HTTP client requests.",
      unit: "s",
      advice: { explicitBucketBoundaries: callBoundaries },
    }),
    outcomes: meter.createCounter("enrollkit.outcomes", {
      description: "What came of the enrollments, devices and lost attempts that providers were asked about.",
      unit: "{outcome}",
    }),
    creates: meter.createHistogram("enrollkit.create.duration", {
      description: "Time that a provider took for one create, retries and waits included.",
      ...operations,
    }),
    batches: meter.createHistogram("enrollkit.batch.duration", {
      description: "Time that a provider took for a batch, retries and waits included.",
      ...operations,
    }),
    refusals: meter.createCounter("enrollkit.rate_limited", {
      description: "Answers with 429.",
      unit: "{response}",
    }),
    queue: meter.createUpDownCounter("enrollkit.queue.depth", {
      description: "Items of bulk runs that have been read and have no outcome yet.",
      unit: "{item}",
    }),
  };
};

/** Counts calls, outcomes and what waits. */
export const metricHooks = (meter: Meter): LifecycleHooks => {
  const { calls, outcomes, creates, batches, refusals, queue } = createInstruments(meter);
  return {
    onResponse: (call) => {
      const request = requestAttributes(call);
      const { status, failure, duration } = call;
      calls.record(duration / 1000, { ...request, ...responseAttributes(status, failure) });
      if (status === 429) refusals.add(1, request);
    },
    onOutcome: (outcome) => {
      const operation = operationAttributes(outcome);
      for (const { count, ...kind } of outcome.outcomes) {
        outcomes.add(count, { ...operation, ...outcomeAttributes(kind) });
      }
      const durations = outcome.operation === "create" ? creates : batches;
      durations.record(outcome.duration / 1000, operation);
    },
    onQueue: (change) => {
      queue.add(change.change, providerAttributes(change));
    },
  };
};
