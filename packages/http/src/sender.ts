import {
  EnrollmentError,
  describeDuration,
  durationLength,
  tellHooks,
  toIsoDuration,
  type Secret,
} from "@enrollkit/core";
import { onAbort } from "./abort.js";
import type { HttpClientSettings } from "./contract.js";
import { WithheldRequest } from "./before-send.js";
import { beginCall, vendorRequestOf } from "./call-hooks.js";
import { limiterFor } from "./limiter.js";
import { LONGEST_TIMER, type RawAnswer } from "./node-adapter.js";
import { redactText } from "./redaction.js";
import type { TransportFailure } from "./transport-errors.js";
import { exchange } from "./transport.js";
import { requireHeaderValue, type WireRequest } from "./wire-request.js";

const DEFAULT_TIMEOUT = 60_000;
const DEFAULT_RESPONSE_BYTES = 16 * 1024 * 1024;
const DEFAULT_REQUEST_ID_HEADERS = ["request-id", "x-request-id"];

/** One `send`, from its first try to its last. */
export interface Journey {
  readonly signal: AbortSignal | undefined;
  /** Milliseconds since it began. */
  readonly passed: () => number;
  /** How many milliseconds it may take. */
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
  /**
   * Rejects with the error of the token source, with a full quota, with the signal's reason, or with a
   * {@link WithheldRequest}.
   */
  attempt(
    request: WireRequest,
    headers: Readonly<Record<string, string>>,
    journey: Journey,
  ): Promise<RawAnswer | TransportFailure>;
  /** How long the quota would hold back a try now, in milliseconds. */
  wait(): number;
  /** Sends nothing for a while, for all who share the quota. */
  pause(milliseconds: number): void;
}

export const createSender = (settings: HttpClientSettings): Sender => {
  const { provider, authorization, quota, runtime } = settings;
  const { timeout = DEFAULT_TIMEOUT, maxResponseBytes = DEFAULT_RESPONSE_BYTES } = settings;
  const requestIdHeaders = (settings.requestIdHeaders ?? DEFAULT_REQUEST_ID_HEADERS).map((name) =>
    name.toLowerCase(),
  );
  const limiter = quota && limiterFor(runtime, quota);
  const beforeSend = runtime?.beforeSend?.bind(runtime);
  const hooks = runtime?.hooks;

  const waitForSlot = async (place: string, { signal, deadline, passed }: Journey) => {
    if (limiter === undefined || quota === undefined) return undefined;
    const slot = await limiter.acquire(signal, deadline - passed());
    if (slot !== undefined && passed() < deadline) return slot;
    throw new EnrollmentError(
      `${place} was not sent: too many calls wait for the quota of ${quota.calls} in ` +
        describeDuration(durationLength(quota.per)),
      { code: "rate-limited", provider, retryAfter: toIsoDuration(Math.ceil(limiter.wait())) },
    );
  };

  /**
   * The token to send. Its fetch has a deadline of its own, others may have begun it, and a supplier may be deaf to
   * the signal: none of that may hold up this call for longer than its own time.
   */
  const getToken = async ({ place }: WireRequest, { signal, deadline, passed }: Journey) => {
    if (authorization === undefined) return undefined;
    signal?.throwIfAborted();
    const tooLate = () => {
      const message = `${place} was not sent: its time ran out while it waited for an access token`;
      return new EnrollmentError(message, { code: "unavailable", provider });
    };
    let timer: NodeJS.Timeout | undefined;
    let release = () => {};
    try {
      const token = await new Promise<Secret>((resolve, reject) => {
        const expire = () => {
          reject(tooLate());
        };
        timer = setTimeout(expire, Math.min(deadline - passed(), LONGEST_TIMER));
        release = onAbort(signal, () => {
          reject(signal?.reason as Error);
        });
        authorization.getToken({ signal }).then(resolve, reject);
      });
      if (passed() >= deadline) throw tooLate();
      requireHeaderValue("the access token", token.reveal(), provider);
      return token;
    } finally {
      clearTimeout(timer);
      release();
    }
  };

  const requestIdOf = (
    { headers }: RawAnswer,
    { secrets }: WireRequest,
    { tokens }: Journey,
  ): string | undefined => {
    const id = requestIdHeaders.map((name) => headers[name]).find((value) => value);
    return id && redactText(id, [...secrets, ...tokens]);
  };

  const sendOnce = async (
    request: WireRequest,
    headers: Readonly<Record<string, string>>,
    journey: Journey,
    token: Secret | undefined,
  ): Promise<RawAnswer | TransportFailure> => {
    const slot = await waitForSlot(request.place, journey);
    const started = journey.passed();
    const total = journey.deadline - started;
    journey.tries += 1;
    if (token !== undefined) journey.tokens.add(token);
    const authorized = {
      ...request,
      headers: {
        ...request.headers,
        ...headers,
        ...(token && { authorization: `Bearer ${token.reveal().trim()}` }),
      },
    };
    const tellEnd =
      hooks && beginCall(hooks, vendorRequestOf(provider, request, journey.tries), journey.passed);
    journey.requestId = undefined;
    try {
      const limits = { timeout, total, maxResponseBytes };
      const result = await exchange(authorized, limits, journey.signal, beforeSend);
      if (result.kind === "answer") {
        slot?.answered();
        const requestId = requestIdOf(result, request, journey);
        journey.requestId = requestId;
        if (requestId !== undefined) journey.requestIds.push(requestId);
        tellEnd?.({ status: result.status, ...(requestId !== undefined && { requestId }) });
      } else tellEnd?.({ failure: result.kind });
      return result;
    } catch (error) {
      const isWithheld = error instanceof WithheldRequest;
      tellEnd?.({ failure: isWithheld ? "withheld" : journey.signal?.aborted ? "aborted" : "unsent" });
      throw error;
    }
  };

  return {
    attempt: async (request, headers, journey) => {
      const token = await getToken(request, journey);
      const result = await sendOnce(request, headers, journey, token);
      const refused = result.kind === "answer" && result.status === 401;
      if (!refused || token === undefined || authorization?.invalidate(token) !== true) return result;
      const fresh = await getToken(request, journey);
      if (fresh?.equals(token) === true) return result;
      if (hooks !== undefined) {
        const told = vendorRequestOf(provider, request, journey.tries);
        tellHooks(hooks, "onRetry", { ...told, error: "unauthenticated", wait: 0 });
      }
      return sendOnce(request, headers, journey, fresh);
    },
    wait: () => limiter?.wait() ?? 0,
    pause: (milliseconds) => limiter?.pause(milliseconds),
  };
};
