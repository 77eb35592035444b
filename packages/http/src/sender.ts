import {
  EnrollmentError,
  describeDuration,
  durationLength,
  systemClock,
  toIsoDuration,
  type Secret,
  type VendorCall,
} from "@enrollkit/core";
import type { HttpClientSettings } from "./contract.js";
import { limiterFor } from "./limiter.js";
import type { TransportFailure } from "./transport-errors.js";
import { exchange, type RawAnswer } from "./transport.js";
import type { WireRequest } from "./wire-request.js";

const DEFAULT_TIMEOUT = 60_000;
const DEFAULT_RESPONSE_BYTES = 16 * 1024 * 1024;
const DEFAULT_REQUEST_ID_HEADERS = ["request-id", "x-request-id"];

/** One `send`, from its first try to its last. */
export interface Journey {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly deadline: number;
  tries: number;
  /** The vendor's ids of every try, oldest first. */
  readonly requestIds: string[];
  /** The vendor's id of the last try. */
  requestId: string | undefined;
  /** The tokens that were sent. */
  readonly tokens: Set<Secret>;
}

/** Tries a request once: within the quota, with a token, and once more if the token is refused. */
export interface Sender {
  /** Rejects with the error of the token source, with a full quota, or with the signal's reason. */
  attempt(
    request: WireRequest,
    headers: Readonly<Record<string, string>>,
    journey: Journey,
  ): Promise<RawAnswer | TransportFailure>;
  /** When a try could be sent, in milliseconds since the Unix epoch. */
  nextFree(): number;
  /** Sends nothing for a while, for all who share the quota. */
  pause(milliseconds: number): void;
}

export const createSender = (settings: HttpClientSettings): Sender => {
  const { provider, authorization, quota, runtime } = settings;
  const { timeout = DEFAULT_TIMEOUT, maxResponseBytes = DEFAULT_RESPONSE_BYTES } = settings;
  const requestIdHeaders = (settings.requestIdHeaders ?? DEFAULT_REQUEST_ID_HEADERS).map((name) =>
    name.toLowerCase(),
  );
  const clock = runtime?.clock ?? systemClock;
  const limiter = quota && limiterFor(runtime, quota);

  const tell = (call: VendorCall) => {
    try {
      runtime?.onCall?.(call);
    } catch (error) {
      // A listener's mistake must not cost the answer of a call that the vendor has carried out.
      process.emitWarning(
        `onCall threw ${error instanceof Error ? error.name : "something"}; the call goes on`,
      );
    }
  };

  const outOfTime = (place: string, wait: number) =>
    quota === undefined
      ? new EnrollmentError(`${place} was not sent: its time ran out while it waited for an access token`, {
          code: "unavailable",
          provider,
        })
      : new EnrollmentError(
          `${place} was not sent: too many calls wait for the quota of ${quota.calls} in ` +
            describeDuration(durationLength(quota.per)),
          { code: "rate-limited", provider, retryAfter: toIsoDuration(Math.max(0, Math.ceil(wait))) },
        );

  const waitForSlot = async (place: string, { deadline, signal }: Journey) => {
    const wait = limiter === undefined ? 0 : limiter.nextFree() - clock.now();
    if (clock.now() + wait >= deadline) throw outOfTime(place, wait);
    await limiter?.acquire(signal);
    // A pause that began meanwhile makes the wait longer than it looked.
    if (clock.now() >= deadline) throw outOfTime(place, 0);
  };

  const requestIdOf = ({ headers }: RawAnswer): string | undefined =>
    requestIdHeaders.map((name) => headers[name]).find((id) => id !== undefined && id !== "");

  const sendOnce = async (
    request: WireRequest,
    headers: Readonly<Record<string, string>>,
    journey: Journey,
    token: Secret | undefined,
  ): Promise<RawAnswer | TransportFailure> => {
    await waitForSlot(request.place, journey);
    const started = clock.now();
    const total = journey.deadline - started;
    journey.tries += 1;
    if (token !== undefined) journey.tokens.add(token);
    const authorized = {
      ...request,
      headers: {
        ...request.headers,
        ...headers,
        ...(token && { authorization: `Bearer ${token.reveal()}` }),
      },
    };
    const call = {
      provider,
      method: request.method,
      host: request.host,
      path: request.path,
      attempt: journey.tries,
    };
    let heard: Pick<VendorCall, "status" | "requestId"> = {};
    journey.requestId = undefined;
    try {
      const result = await exchange(authorized, { timeout, total, maxResponseBytes }, journey.signal);
      if (result.kind === "answer") {
        const requestId = requestIdOf(result);
        journey.requestId = requestId;
        if (requestId !== undefined) journey.requestIds.push(requestId);
        heard = { status: result.status, ...(requestId !== undefined && { requestId }) };
      }
      return result;
    } finally {
      tell({ ...call, ...heard, duration: clock.now() - started });
    }
  };

  return {
    attempt: async (request, headers, journey) => {
      const { signal } = journey;
      const token = await authorization?.getToken({ signal });
      const result = await sendOnce(request, headers, journey, token);
      const refused = result.kind === "answer" && result.status === 401;
      if (!refused || authorization === undefined || token === undefined) return result;
      if (!authorization.invalidate(token)) return result;
      const fresh = await authorization.getToken({ signal });
      return fresh.equals(token) ? result : sendOnce(request, headers, journey, fresh);
    },
    nextFree: () => limiter?.nextFree() ?? clock.now(),
    pause: (milliseconds) => limiter?.pause(milliseconds),
  };
};
