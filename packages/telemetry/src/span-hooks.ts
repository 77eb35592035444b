import type { LifecycleHooks, VendorRequest } from "@enrollkit/core";
import {
  context,
  createContextKey,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
  type Tracer,
} from "@opentelemetry/api";
import {
  hasFailed,
  operationAttributes,
  requestAttributes,
  requestDetails,
  requestIdAttribute,
  responseAttributes,
  sizeAttribute,
  summaryAttributes,
} from "./attributes.js";
import { pathTemplate } from "./path-template.js";

const operationSpan = createContextKey("enrollkit operation");

/** Where retries and pauses are noted: on the operation that they hold up. The app's own spans are left alone. */
const noteOnOperation = (name: string, attributes: Readonly<Record<string, string | number>>) => {
  const span = context.active().getValue(operationSpan) as Span | undefined;
  span?.addEvent(name, attributes);
};

/** A span for each operation of a provider, and within it one for each try of a call. */
export const spanHooks = (tracer: Tracer): LifecycleHooks => {
  const open = new WeakMap<VendorRequest, Span>();
  return {
    around: (operation, run) => {
      const span = tracer.startSpan(`enrollkit.${operation.operation}`, {
        attributes: { ...operationAttributes(operation), ...sizeAttribute(operation) },
      });
      const end = async () => {
        const attributes = summaryAttributes(await run());
        span.setAttributes(attributes);
        if (hasFailed(attributes)) span.setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      };
      const within = trace.setSpan(context.active(), span).setValue(operationSpan, span);
      return context.with(within, end);
    },
    onRequest: (request) => {
      const span = tracer.startSpan(`${request.method} ${pathTemplate(request.path)}`, {
        kind: SpanKind.CLIENT,
        attributes: { ...requestAttributes(request), ...requestDetails(request) },
      });
      open.set(request, span);
    },
    onResponse: ({ status, failure, requestId }, request) => {
      const span = open.get(request);
      if (span === undefined) return;
      const attributes = responseAttributes(status, failure);
      span.setAttributes({ ...attributes, ...requestIdAttribute(requestId) });
      if (hasFailed(attributes)) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
    onRetry: ({ error, wait, attempt }) => {
      noteOnOperation("enrollkit.retry", {
        "enrollkit.error.code": error,
        "enrollkit.wait": wait / 1000,
        "http.request.resend_count": attempt,
      });
    },
    onPause: ({ wait }) => {
      noteOnOperation("enrollkit.pause", { "enrollkit.wait": wait / 1000 });
    },
  };
};
