import { Writable } from "node:stream";
import { combineHooks, logHooks, type LifecycleHooks, type ProviderRuntime } from "@enrollkit/core";
import { telemetryHooks } from "@enrollkit/telemetry";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { NodeTracerProvider, type ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { traceHooks } from "../../packages/cli/src/output/trace.js";
import type { Watch } from "./watch.js";

const events = ["onRequest", "onResponse", "onRetry", "onPause", "onOutcome", "onQueue"] as const;

/** Every event as it is told. */
const rawHooks = (watch: Watch, step: () => string): LifecycleHooks =>
  Object.fromEntries(
    events.map((name) => [
      name,
      (event: unknown) => {
        watch.lookAt(`${name} of ${step()}`, event);
      },
    ]),
  );

/** Spans of the real SDK, as an exporter gets them. */
const spanHooks = (watch: Watch, step: () => string): LifecycleHooks => {
  const onEnd = ({ name, attributes, events, status }: ReadableSpan) => {
    watch.lookAt(`a span of ${step()}`, { name, attributes, events, status });
  };
  const done = () => Promise.resolve();
  const processor = { onStart: () => undefined, onEnd, forceFlush: done, shutdown: done };
  const tracer = new NodeTracerProvider({ spanProcessors: [processor] }).getTracer("secrets");
  return telemetryHooks({ tracer, meter: meter.getMeter("secrets") });
};

const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({
  exporter: metricExporter,
  exportIntervalMillis: 3_600_000,
});
const meter = new MeterProvider({ readers: [reader] });

/** Looks at everything that was ever measured. */
export const lookAtMetrics = async (watch: Watch): Promise<number> => {
  await reader.forceFlush();
  const metrics = metricExporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
  watch.lookAt("metrics", metrics);
  return metrics.length;
};

/** A runtime whose every listener is overheard: a new kind of listener is added here, and nowhere else. */
export const overheardRuntime = (
  watch: Watch,
  step: () => string,
  runtime: ProviderRuntime = {},
): ProviderRuntime => {
  const log = (details: object, message: string) => {
    watch.lookAt(`the log of ${step()}`, { ...details, message });
  };
  const terminal = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      watch.lookAtText(`the trace of ${step()}`, chunk.toString());
      done();
    },
  });
  return {
    ...runtime,
    hooks: combineHooks(
      runtime.hooks,
      rawHooks(watch, step),
      logHooks({ debug: log, info: log, warn: log, error: log }),
      spanHooks(watch, step),
      traceHooks(terminal, false),
    ),
  };
};
