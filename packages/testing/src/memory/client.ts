import {
  EnrollmentError,
  tellHooks,
  toIsoDuration,
  type CallOptions,
  type Clock,
  type EnrollmentErrorCode,
  type ProviderRuntime,
  type Secret,
  type VendorCall,
  type VendorRequest,
} from "@enrollkit/core";
import { ConnectionReset, type Connection, type RawAnswer } from "./connection.js";
import { readerOf, type Reader } from "./readers.js";
import type { OperationInput, OperationName } from "./vendor.js";

/** `once`: must not be sent again after it may have been received. */
type Effect = "repeatable" | "once";

const attempts = 4;
const largestAnswer = 1024 * 1024;
const shownText = 200;

const codeByStatus: Readonly<Record<number, EnrollmentErrorCode>> = {
  400: "invalid-request",
  401: "unauthenticated",
  403: "forbidden",
  404: "not-found",
  408: "timeout",
  409: "failed-precondition",
  412: "failed-precondition",
  429: "rate-limited",
};

const codeOf = (status: number): EnrollmentErrorCode =>
  codeByStatus[status] ?? (status >= 500 ? "unavailable" : "unknown");

const errorBody = readerOf("error", (error) => ({
  code: error.text("code"),
  message: error.text("message"),
}));

const withoutAddresses = (text: string) =>
  text.replaceAll(/[^\s@<>"']+@[^\s@<>"']+/gu, "[redacted]").replaceAll(/bearer\s+\S+/giu, "[redacted]");

/** The error that a refusal of the vendor stands for. */
export const errorOf = (
  provider: string,
  { status, text, headers = {} }: Pick<RawAnswer, "status" | "text"> & Partial<RawAnswer>,
): EnrollmentError => {
  const code = codeOf(status);
  const said = ((): { code?: string; message?: string } => {
    try {
      return errorBody(JSON.parse(text));
    } catch {
      // A gateway answers in HTML, and some answers are empty: the status says enough.
      return {};
    }
  })();
  const reason = said.message === undefined ? `status ${status}` : withoutAddresses(said.message);
  const seconds = Number(headers["retry-after"] ?? Number.NaN);
  return new EnrollmentError(`In-memory MDM refused: ${reason}`.slice(0, shownText), {
    code,
    provider,
    httpStatus: status,
    ...(said.code !== undefined && { vendorCode: said.code }),
    ...(said.message !== undefined && { vendorMessage: reason }),
    ...(Number.isFinite(seconds) && { retryAfter: toIsoDuration(seconds * 1000) }),
  });
};

interface ClientSettings {
  readonly provider: string;
  readonly connection: Connection;
  readonly accessToken: Secret;
  readonly clock: Clock;
  readonly runtime: ProviderRuntime;
}

/** The authenticated client: calls the vendor by the name of an operation, and repeats what may be repeated. */
export const createClient = ({ provider, connection, accessToken, clock, runtime }: ClientSettings) => {
  const { random = Math.random, hooks = {} } = runtime;

  const requestTo = (operation: OperationName, attempt: number): VendorRequest => {
    const path = `/${operation}`;
    return { provider, method: "POST", host: "memory.invalid", port: 443, path, attempt };
  };

  const exchange = async <Name extends OperationName>(
    operation: Name,
    input: OperationInput<Name>,
    attempt: number,
    signal: AbortSignal | undefined,
  ): Promise<RawAnswer | ConnectionReset> => {
    const start = clock.now();
    const request = requestTo(operation, attempt);
    const report = (end: Pick<VendorCall, "status" | "failure">) => {
      tellHooks(hooks, "onResponse", { ...request, ...end, duration: clock.now() - start }, request);
    };
    tellHooks(hooks, "onRequest", request);
    try {
      runtime.beforeSend?.();
    } catch (error) {
      report({ failure: "withheld" });
      throw error;
    }
    try {
      const answer = await connection.exchange(operation, input, accessToken, signal);
      report({ status: answer.status });
      return answer;
    } catch (error) {
      report({ failure: error instanceof ConnectionReset ? "lost" : "aborted" });
      if (error instanceof ConnectionReset) return error;
      throw error;
    }
  };

  const lost = (error: EnrollmentError) =>
    error.with({
      code: "outcome-unknown",
      message: "the answer was lost after the vendor may have acted",
      retryable: false,
      advice: "reconcile it; do not send it again",
    });

  const failed = (answer: RawAnswer | ConnectionReset): EnrollmentError =>
    answer instanceof ConnectionReset
      ? new EnrollmentError("the connection to memory.invalid broke", {
          code: "unavailable",
          provider,
          cause: answer,
        })
      : errorOf(provider, answer);

  const read = <Result>({ text }: RawAnswer, answer: Reader<Result>): Result => {
    const unreadable = (what: string) =>
      new EnrollmentError(`In-memory MDM gave an answer that ${what}`, { code: "protocol", provider });
    if (text.length > largestAnswer) throw unreadable(`is larger than ${largestAnswer} bytes`);
    try {
      return answer(JSON.parse(text));
    } catch {
      // The reason would repeat parts of the body, and a body may hold secrets.
      throw unreadable("is not the JSON it should be");
    }
  };

  return {
    /**
     * @throws EnrollmentError `outcome-unknown` if the answer to a call that takes effect once was lost.
     */
    call: async <Name extends OperationName, Result>(
      operation: Name,
      input: OperationInput<Name>,
      effect: Effect,
      answer: Reader<Result>,
      { signal }: CallOptions = {},
    ): Promise<Result> => {
      for (let attempt = 1; ; attempt += 1) {
        const raw = await exchange(operation, input, attempt, signal);
        const reset = raw instanceof ConnectionReset;
        if (!reset && raw.status < 300) {
          try {
            return read(raw, answer);
          } catch (error) {
            if (effect === "once" && EnrollmentError.is(error)) throw lost(error);
            throw error;
          }
        }
        const error = failed(raw);
        // A vendor that says 429 or 401 has not acted, so these may be repeated whatever the call does.
        const refused = !reset && (raw.status === 429 || raw.status === 401);
        const vague = reset || raw.status >= 500 || raw.status === 408;
        if (vague && effect === "once") throw lost(error);
        const mayRepeat = refused || vague;
        const last = !reset && raw.status === 401 ? 2 : attempts;
        if (!mayRepeat || attempt >= last) throw error;
        const told = { ...requestTo(operation, attempt), error: error.code };
        if (!reset && raw.status === 401) {
          tellHooks(hooks, "onRetry", { ...told, wait: 0 });
          continue;
        }
        const asked = reset ? Number.NaN : Number(raw.headers["retry-after"] ?? Number.NaN) * 1000;
        const wait = Number.isFinite(asked) ? asked : random() * 1000 * 2 ** attempt;
        if (!reset && raw.status === 429) {
          tellHooks(hooks, "onPause", { ...requestTo(operation, attempt), wait });
        }
        tellHooks(hooks, "onRetry", { ...told, wait });
        await clock.sleep(wait, signal);
      }
    },
  };
};

export type MemoryClient = ReturnType<typeof createClient>;
