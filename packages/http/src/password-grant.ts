import { systemClock, type ProviderRuntime, type Secret } from "@enrollkit/core";
import { isRefusal } from "./before-send.js";
import type { HttpCall, HttpClient, TokenSource } from "./contract.js";
import { tokenAnswerSchema, type GrantedToken } from "./oauth-token.js";
import { cachedToken } from "./token-source.js";

/** Options of {@link passwordGrant}. */
export interface PasswordGrantOptions {
  /** A client without authorization; its error table reads the token endpoint's errors. */
  readonly client: HttpClient;
  /** The token endpoint. */
  readonly url: string;
  readonly username: string;
  readonly password: Secret;
  readonly runtime?: ProviderRuntime;
  /** Milliseconds before expiry at which a token is renewed. Default: 60,000. */
  readonly refreshBefore?: number;
}

/**
 * Tokens by the OAuth password grant, renewed by the refresh token grant. Each answer's refresh token replaces the
 * one before. Any failed refresh falls back to the password: a refresh token may die before anybody expects it
 * (https://github.com/eset/ESET-Integration-Wazuh/issues/4).
 */
export const passwordGrant = ({
  client,
  url,
  username,
  password,
  runtime,
  refreshBefore = 60_000,
}: PasswordGrantOptions): TokenSource => {
  let refreshToken: Secret | undefined;

  const grant = async (
    form: NonNullable<HttpCall["form"]>,
    effect: HttpCall["effect"],
    signal: AbortSignal,
  ): Promise<GrantedToken> => {
    const { body } = await client.send(
      { method: "POST", url, form, answer: tokenAnswerSchema, effect },
      { signal },
    );
    return body;
  };

  const refresh = async (signal: AbortSignal): Promise<GrantedToken | undefined> => {
    if (refreshToken === undefined) return undefined;
    const unspent = refreshToken;
    const form = { grant_type: "refresh_token", refresh_token: unspent };
    refreshToken = undefined;
    try {
      // "once": the vendor may already have replaced a refresh token whose answer was lost.
      return await grant(form, "once", signal);
    } catch (error) {
      if (isRefusal(error)) {
        refreshToken = unspent;
        throw error;
      }
      // Whatever was wrong, the password is the way out, and it reports what is wrong with itself.
      signal.throwIfAborted();
      return undefined;
    }
  };

  const fetchToken = async (signal: AbortSignal) => {
    const form = { grant_type: "password", username, password };
    const granted = (await refresh(signal)) ?? (await grant(form, "repeatable", signal));
    refreshToken = granted.refreshToken;
    return granted;
  };

  return cachedToken(fetchToken, runtime?.clock ?? systemClock, refreshBefore);
};
