import type { Writable } from "node:stream";
import type {
  LifecycleHooks,
  OperationOutcome,
  OutcomeCount,
  VendorCall,
  VendorPause,
  VendorRequest,
  VendorRetry,
} from "@enrollkit/core";
import { writeLine } from "../terminal.js";
import { withoutAddresses, withoutControls } from "./plain-text.js";

/** What a line is about. */
interface TraceEvents {
  readonly request: VendorRequest;
  readonly response: VendorCall;
  readonly retry: VendorRetry;
  readonly pause: VendorPause;
  readonly outcome: OperationOutcome;
}

const place = ({ provider, method, host, path }: VendorRequest) => `${provider}: ${method} ${host}${path}`;

const attemptOf = ({ attempt }: VendorRequest) => `attempt ${attempt}`;

const milliseconds = (duration: number) => `${Math.round(duration)} ms`;

const countWords = ({ status, error, count }: OutcomeCount) =>
  `${count} ${status}${error === undefined ? "" : ` (${error})`}`;

const quotaWords = ({ quota }: VendorPause) =>
  quota === undefined ? "this call alone" : `all calls of the quota of ${quota.calls} in ${quota.per}`;

const words: { readonly [Kind in keyof TraceEvents]: (event: TraceEvents[Kind]) => string } = {
  request: (request) => `→ ${place(request)}, ${attemptOf(request)}`,
  response: (call) => {
    const { status, failure = "lost", duration, requestId } = call;
    const result = status === undefined ? `no answer (${failure})` : String(status);
    const id = requestId === undefined ? "" : `, request id ${requestId}`;
    return `← ${place(call)}, ${attemptOf(call)}: ${result}, ${milliseconds(duration)}${id}`;
  },
  retry: (retry) =>
    `↻ ${place(retry)}: tried again in ${milliseconds(retry.wait)} after attempt ${retry.attempt} (${retry.error})`,
  pause: (pause) => `‖ ${place(pause)}: 429, ${quotaWords(pause)} for ${milliseconds(pause.wait)}`,
  outcome: ({ provider, operation, outcomes, duration }) =>
    `= ${provider}: ${operation}: ${outcomes.map(countWords).join(", ")}, ${milliseconds(duration)}`,
};

/** `--trace`: a line for all that happens between this machine and the vendors; with `--json` an object. */
export const traceHooks = (stderr: Writable, json: boolean): LifecycleHooks => {
  const print =
    <Kind extends keyof TraceEvents>(kind: Kind) =>
    (event: TraceEvents[Kind]) => {
      const line = json ? JSON.stringify({ trace: kind, ...event }) : words[kind](event);
      writeLine(stderr, withoutAddresses(withoutControls(line)));
    };
  return {
    onRequest: print("request"),
    onResponse: print("response"),
    onRetry: print("retry"),
    onPause: print("pause"),
    onOutcome: print("outcome"),
  };
};
