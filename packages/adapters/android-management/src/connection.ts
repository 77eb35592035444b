import { EnrollmentError, type ProviderRuntime, type Secret } from "@enrollkit/core";
import {
  createHttpClient,
  hasOriginOf,
  parseServiceAccountKey,
  serviceAccountGrant,
  suppliedToken,
  type ServiceAccountKey,
  type TokenSource,
} from "@enrollkit/http";
import { createClient, type AndroidManagementClient } from "./client.js";
import { toTokenError, toVendorError } from "./errors.js";
import type { ResolvedSettings } from "./settings.js";

const googleTokenUri = "https://oauth2.googleapis.com/token";
const scope = "https://www.googleapis.com/auth/androidmanagement";

interface Authorization {
  readonly source: TokenSource;
  /** Google counts calls by project. Where that is not known, the account of the key stands for it, or the enterprise. */
  readonly counted: string;
}

const readKey = (credentials: Secret, provider: string): ServiceAccountKey => {
  try {
    return parseServiceAccountKey(credentials);
  } catch (error) {
    throw EnrollmentError.is(error) ? error.within("credentials").with({ provider }) : error;
  }
};

/** Where calls may go to: what is signed with the account's key, and what carries its tokens. */
export const originsOf = ({ baseUrl, tokenUri = googleTokenUri }: ResolvedSettings) => ({
  api: [baseUrl],
  // Who stands in for Google issues the tokens, too.
  tokens: [tokenUri, baseUrl],
});

/** A key file is passed around, and whoever changes its `token_uri` would get assertions signed with the key. */
const requireKnownTokenUri = ({ tokenUri }: ServiceAccountKey, settings: ResolvedSettings): void => {
  const { tokens } = originsOf(settings);
  if (settings.tokenUri !== undefined || hasOriginOf(tokenUri, tokens)) return;
  const { origin } = new URL(tokenUri);
  throw new EnrollmentError(
    `the service account key has its tokens issued at ${origin}; known are ${tokens.map((url) => new URL(url).origin).join(", ")}`,
    {
      code: "invalid-config",
      provider: settings.name,
      path: "credentials.token_uri",
      advice: "If that address is right, name it in the setting tokenUri.",
    },
  );
};

/** @see https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
const authorize = (settings: ResolvedSettings, runtime: ProviderRuntime): Authorization => {
  const { credentials, accessToken, tokenUri, timeout, name } = settings;
  if (accessToken !== undefined) {
    return { source: suppliedToken(accessToken), counted: `enterprises/${settings.enterprise}` };
  }
  if (credentials === undefined) {
    throw new EnrollmentError("credentials or accessToken must be given", {
      code: "invalid-config",
      provider: name,
      path: "credentials",
    });
  }
  const key = readKey(credentials, name);
  requireKnownTokenUri(key, settings);
  const origins = originsOf(settings).tokens;
  const client = createHttpClient({ provider: name, origins, toError: toTokenError, timeout, runtime });
  const source = serviceAccountGrant({
    client,
    key,
    scope,
    runtime,
    ...(tokenUri !== undefined && { tokenUri }),
  });
  return { source, counted: key.projectId ?? key.clientEmail };
};

/** The vendor's calls with credentials, quota and error table behind them. */
export const connect = (settings: ResolvedSettings, runtime: ProviderRuntime): AndroidManagementClient => {
  const { source, counted } = authorize(settings, runtime);
  const http = createHttpClient({
    provider: settings.name,
    origins: originsOf(settings).api,
    authorization: source,
    quota: {
      calls: settings.callsPer100Seconds,
      per: "PT100S",
      burst: Math.min(10, settings.callsPer100Seconds),
      headroom: 0.005,
      credential: `${settings.baseUrl} ${counted}`,
    },
    toError: toVendorError,
    timeout: settings.timeout,
    runtime,
  });
  return createClient(http, settings);
};
