import { EnrollmentError, toIsoDuration, type EnrollmentErrorDetails, type Secret } from "@enrollkit/core";
import type { ErrorAnswer, HttpCall, VendorError } from "./contract.js";
import { readJson } from "./json-guard.js";
import { redactText } from "./redaction.js";
import { parseRetryAfter, transientStatuses } from "./retry.js";
import type { TransportFailure } from "./transport-errors.js";
import type { RawAnswer } from "./node-adapter.js";

/** Characters of an answer's text that an error table gets to see. */
const SEEN_TEXT = 2048;

/** What a try that brought no good answer means. */
export interface Verdict {
  readonly error: EnrollmentError;
  /** Whether the call may be sent again. */
  readonly retry: boolean;
  /** Whether it is certain that the vendor did nothing. */
  readonly untouched: boolean;
  /** Milliseconds that the vendor asks to wait. */
  readonly retryAfter?: number | undefined;
}

/** What a verdict needs to know about the call. */
export interface Circumstances {
  readonly provider: string;
  /** `POST api.example.com/v1/devices`. */
  readonly place: string;
  readonly host: string;
  readonly effect: HttpCall["effect"];
  readonly toError: (answer: ErrorAnswer) => VendorError;
  /** What was sent in confidence. */
  readonly secrets: readonly Secret[];
  readonly requestId: string | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const makeError = (
  message: string,
  { provider, requestId }: Circumstances,
  details: { readonly [Name in keyof EnrollmentErrorDetails]: EnrollmentErrorDetails[Name] | undefined } & {
    readonly code: EnrollmentErrorDetails["code"];
  },
): EnrollmentError => {
  const known = Object.entries({ provider, requestId, ...details }).filter(
    ([, value]) => value !== undefined,
  );
  return new EnrollmentError(message, Object.fromEntries(known) as unknown as EnrollmentErrorDetails);
};

/** A write that may have been carried out, and nobody knows. The error it is made from keeps its details. */
export const outcomeUnknown = (error: EnrollmentError, place: string): EnrollmentError =>
  error.with({
    code: "outcome-unknown",
    retryable: false,
    message: `${place} may have been carried out, but its outcome is not known: ${error.message}`,
    // An answer that is against the rules explains more than what exactly was wrong with its bytes.
    ...(error.code === "protocol" && { cause: error }),
    advice: "Reconcile: look at the vendor whether it happened, before sending it again.",
  });

const answered = (place: string, status: number) => new Error(`${place} answered ${status}`);

const failureCodes = {
  unsent: "unavailable",
  lost: "unavailable",
  timeout: "timeout",
  oversized: "protocol",
  garbled: "protocol",
} as const;

/** Judges a try that brought no answer. */
export const judgeFailure = (failure: TransportFailure, circumstances: Circumstances): Verdict => {
  const { kind, transient, reason, advice, cause } = failure;
  const error = makeError(`${circumstances.host} ${reason}`, circumstances, {
    code: failureCodes[kind],
    retryable: transient,
    advice,
    cause,
  });
  const untouched = kind === "unsent";
  if (!untouched && circumstances.effect === "once") {
    return { error: outcomeUnknown(error, circumstances.place), retry: false, untouched };
  }
  return { error, retry: transient, untouched };
};

/** Judges a 2xx answer whose body cannot be read. */
export const judgeBody = (
  { status, problem, cause }: { readonly status: number; readonly problem: string; readonly cause: Error },
  circumstances: Circumstances,
): Verdict => {
  const error = makeError(
    `${circumstances.place} answered ${status} with a body that its documentation does not allow: ${problem}`,
    circumstances,
    { code: "protocol", httpStatus: status, cause },
  );
  const once = circumstances.effect === "once";
  return { error: once ? outcomeUnknown(error, circumstances.place) : error, retry: false, untouched: false };
};

const judgeRedirect = (answer: RawAnswer, circumstances: Circumstances): Verdict => {
  // A host name, too, can repeat what was sent in confidence.
  const location = redactText(answer.headers["location"] ?? "", circumstances.secrets);
  const base = `https://${circumstances.host}`;
  const target = URL.canParse(location, base) ? ` to ${new URL(location, base).host}` : "";
  const error = makeError(
    `${circumstances.place} answered ${answer.status}, a redirect${target}, which is not followed`,
    circumstances,
    {
      code: "protocol",
      httpStatus: answer.status,
      advice: "Check the base URL.",
      cause: answered(circumstances.place, answer.status),
    },
  );
  return { error, retry: false, untouched: true };
};

const judgeProxy = (answer: RawAnswer, circumstances: Circumstances): Verdict => {
  const error = makeError("the proxy asks for credentials", circumstances, {
    code: "unavailable",
    retryable: false,
    httpStatus: answer.status,
    cause: answered(circumstances.place, answer.status),
    advice: "Put the proxy's user name and password into HTTP_PROXY, or except the host with NO_PROXY.",
  });
  return { error, retry: false, untouched: true };
};

const transientCode = (status: number) =>
  status === 429 ? "rate-limited" : status === 408 || status === 504 ? "timeout" : "unavailable";

const toErrorAnswer = ({ status, headers, text }: RawAnswer): ErrorAnswer => {
  const json = readJson(text);
  return { status, headers, body: json.ok ? json.value : undefined, text: text.slice(0, SEEN_TEXT) };
};

/**
 * Asks the adapter's table. A table that throws must not hide what happened: that a write may have been carried out
 * is true whatever the adapter makes of the answer.
 */
const consult = (answer: RawAnswer, { toError, place }: Circumstances): VendorError => {
  try {
    return toError(toErrorAnswer(answer));
  } catch (error) {
    const name = error instanceof Error ? error.name : "something";
    return {
      code: "unknown",
      message: `${place} answered ${answer.status}; the adapter's error table threw ${name} on it`,
    };
  }
};

/** Judges an answer outside 2xx. */
export const judgeAnswer = (answer: RawAnswer, circumstances: Circumstances): Verdict => {
  const { status, headers } = answer;
  if (status < 400) return judgeRedirect(answer, circumstances);
  if (status === 407) return judgeProxy(answer, circumstances);
  const { place, effect, secrets, now } = circumstances;
  const { message, vendorMessage, vendorCode, ...mapped } = consult(answer, circumstances);
  const retryAfter = parseRetryAfter(headers["retry-after"], now);
  const retry = (status === 429 || transientStatuses.has(status)) && mapped.retryable !== false;
  const error = makeError(redactText(message, secrets), circumstances, {
    ...mapped,
    ...(retry && { code: transientCode(status), retryable: true }),
    vendorCode: typeof vendorCode === "string" ? redactText(vendorCode, secrets) : vendorCode,
    vendorMessage: vendorMessage === undefined ? undefined : redactText(vendorMessage, secrets),
    httpStatus: status,
    retryAfter: retryAfter === undefined ? undefined : toIsoDuration(retryAfter),
    cause: answered(place, status),
  });
  const lost = status === 408 || status >= 500;
  if (lost && effect === "once")
    return { error: outcomeUnknown(error, place), retry: false, untouched: false };
  return { error, retry, untouched: !lost, retryAfter };
};
