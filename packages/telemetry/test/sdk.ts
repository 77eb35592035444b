import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace-node";
import { onTestFinished } from "vitest";
import { telemetryHooks } from "../src/index.js";

/** The real SDK, registered for the whole process, with exporters that keep what they get. */
export const startSdk = () => {
  const spanExporter = new InMemorySpanExporter();
  const tracerProvider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] });
  tracerProvider.register();

  /** Each test has metrics of its own. Spans come in the order in which they ended. */
  const observe = () => {
    spanExporter.reset();
    const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
    const reader = new PeriodicExportingMetricReader({
      exporter: metricExporter,
      exportIntervalMillis: 3_600_000,
    });
    const meterProvider = new MeterProvider({ readers: [reader] });
    const hooks = telemetryHooks({ meter: meterProvider.getMeter("test") });

    onTestFinished(() => meterProvider.shutdown());
    const metrics = async () => {
      await reader.forceFlush();
      return (
        metricExporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
      );
    };
    return { hooks, spans: () => spanExporter.getFinishedSpans(), metrics };
  };
  return { observe, stop: () => tracerProvider.shutdown() };
};

/** What a test says of a span. */
export const shown = ({ name, kind, status, attributes }: ReadableSpan) => ({
  name,
  kind,
  status: status.code,
  attributes,
});

/** The span that another is within, by its name. */
export const parentOf = (span: ReadableSpan | undefined, all: readonly ReadableSpan[]): string | undefined =>
  all.find((each) => each.spanContext().spanId === span?.parentSpanContext?.spanId)?.name;
