import { createPrivateKey } from "node:crypto";
import { Secret, systemClock, type ProviderRuntime } from "@enrollkit/core";
import type { HttpClient, TokenSource } from "./contract.js";
import { tokenAnswerSchema } from "./oauth-token.js";
import type { ServiceAccountKey } from "./service-account-key.js";
import { cachedToken } from "./token-source.js";

/** Options of {@link serviceAccountGrant}. */
export interface ServiceAccountGrantOptions {
  /** A client without authorization; its error table reads the token endpoint's errors. */
  readonly client: HttpClient;
  readonly key: ServiceAccountKey;
  /** Space-separated. */
  readonly scope: string;
  /** The token endpoint, and the audience of the assertion. Default: the key file's `token_uri`. */
  readonly tokenUri?: string;
  readonly runtime?: ProviderRuntime;
  /** Milliseconds before expiry at which a token is renewed. Default: 300,000. */
  readonly refreshBefore?: number;
}

const ASSERTION_SECONDS = 3600;

/**
 * Tokens by Google's service account grant: a JWT, signed with the account's key (RS256), is traded for a token.
 * https://developers.google.com/identity/protocols/oauth2/service-account
 */
export const serviceAccountGrant = ({
  client,
  key,
  scope,
  tokenUri = key.tokenUri,
  runtime,
  refreshBefore = 300_000,
}: ServiceAccountGrantOptions): TokenSource => {
  const clock = runtime?.clock ?? systemClock;
  const privateKey = createPrivateKey(key.privateKey.reveal());
  const header = {
    alg: "RS256",
    typ: "JWT",
    ...(key.privateKeyId !== undefined && { kid: key.privateKeyId }),
  };

  const sign = async (): Promise<Secret> => {
    // Loaded when it is needed: most providers never sign anything.
    const { SignJWT } = await import("jose");
    const issuedAt = Math.floor(clock.now() / 1000);
    const assertion = await new SignJWT({ scope })
      .setProtectedHeader(header)
      .setIssuer(key.clientEmail)
      .setAudience(tokenUri)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + ASSERTION_SECONDS)
      .sign(privateKey);
    return new Secret(assertion);
  };

  const fetchToken = async (signal: AbortSignal) => {
    const form = { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: await sign() };
    const { body } = await client.send(
      { method: "POST", url: tokenUri, form, answer: tokenAnswerSchema, effect: "repeatable" },
      { signal },
    );
    return body;
  };

  return cachedToken(fetchToken, clock, refreshBefore);
};
