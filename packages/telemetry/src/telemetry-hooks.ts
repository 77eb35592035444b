import { combineHooks, type LifecycleHooks } from "@enrollkit/core";
import { metrics, trace, type Meter, type Tracer } from "@opentelemetry/api";
import { metricHooks } from "./metric-hooks.js";
import { spanHooks } from "./span-hooks.js";

const scope = "@enrollkit/telemetry";

/** Where spans and metrics go. */
export interface TelemetryOptions {
  /** Default: the one of the SDK that the app has registered; without any, spans cost next to nothing. */
  readonly tracer?: Tracer;
  /** Default: the one of the SDK that the app has registered before it calls {@link telemetryHooks}. */
  readonly meter?: Meter;
}

/**
 * Hooks that turn what providers do into OpenTelemetry spans and metrics. Nothing in them is a secret or an e-mail address.
 * Ids of the vendor's records are left out of paths, as far as they can be told from the names of endpoints: by a digit.
 *
 * Spans nest by OpenTelemetry's active context: for that, the app's SDK needs a context manager, as `NodeTracerProvider`
 * and `NodeSDK` register one.
 */
export const telemetryHooks = ({
  tracer = trace.getTracer(scope),
  meter = metrics.getMeter(scope),
}: TelemetryOptions = {}): LifecycleHooks => combineHooks(spanHooks(tracer), metricHooks(meter));
