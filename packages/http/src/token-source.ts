import { EnrollmentError, Secret, type CallOptions, type Clock } from "@enrollkit/core";
import { isRefusal } from "./before-send.js";
import type { TokenSource } from "./contract.js";
import { redactText } from "./redaction.js";
import { singleFlight } from "./single-flight.js";

/** A token that never changes, such as an API key. When it is refused, there is no other. */
export const staticToken = (token: Secret): TokenSource => ({
  getToken: ({ signal } = {}) => {
    signal?.throwIfAborted();
    return Promise.resolve(token);
  },
  invalidate: () => false,
});

const supplierFailure = (error: unknown): EnrollmentError => {
  // Such errors tend to hold requests and answers of the token service: only their words are kept, redacted.
  const { name, message } = error instanceof Error ? error : new Error("no reason was given");
  const reason = redactText(message);
  return new EnrollmentError(`the supplier of access tokens failed: ${reason}`, {
    code: "unauthenticated",
    cause: Object.assign(new Error(reason), { name }),
  });
};

/**
 * Tokens from elsewhere, for example google-auth-library. The supplier is asked before every call, so it should keep
 * its token as long as that is valid.
 *
 * @throws EnrollmentError `unauthenticated` from `getToken` if the supplier fails; an EnrollmentError of its own
 *   passes through.
 */
export const suppliedToken = (
  supplier: (options?: CallOptions) => Promise<string | Secret>,
): TokenSource => ({
  getToken: async (options = {}) => {
    options.signal?.throwIfAborted();
    try {
      const token = await supplier(options);
      return Secret.is(token) ? token : new Secret(token);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw EnrollmentError.is(error) ? error : supplierFailure(error);
    }
  },
  invalidate: () => true,
});

/** A token as a token service gave it. */
export interface FreshToken {
  readonly token: Secret;
  /** Milliseconds; absent if the service did not say. */
  readonly lifetime?: number;
}

interface HeldToken {
  readonly token: Secret;
  readonly renewAt: number;
  readonly expiresAt: number;
}

/**
 * Keeps a token until shortly before it expires. All who need a new one at the same time share one fetch. If that
 * fails for a reason that passes, the old token serves to the end of its life.
 *
 * @param refreshBefore - milliseconds before expiry; at most half of a token's life.
 */
export const cachedToken = (
  fetchToken: (signal: AbortSignal) => Promise<FreshToken>,
  clock: Clock,
  refreshBefore: number,
): TokenSource => {
  let held: HeldToken | undefined;

  const renew = singleFlight(async (signal) => {
    const asked = clock.now();
    try {
      const { token, lifetime = Infinity } = await fetchToken(signal);
      held = {
        token,
        renewAt: asked + Math.max(lifetime / 2, lifetime - refreshBefore),
        expiresAt: asked + lifetime,
      };
      return token;
    } catch (error) {
      const mayPass = EnrollmentError.is(error) && error.retryable && !isRefusal(error);
      if (mayPass && held !== undefined && clock.now() < held.expiresAt) return held.token;
      throw error;
    }
  });

  return {
    getToken: async ({ signal } = {}) => {
      signal?.throwIfAborted();
      return held !== undefined && clock.now() < held.renewAt ? held.token : renew(signal);
    },
    invalidate: (token) => {
      if (held?.token.equals(token) === true) held = undefined;
      return true;
    },
  };
};
