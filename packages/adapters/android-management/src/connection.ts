import { EnrollmentError, type ProviderRuntime, type Secret } from "@enrollkit/core";
import {
  createHttpClient,
  parseServiceAccountKey,
  serviceAccountGrant,
  suppliedToken,
  type ServiceAccountKey,
  type TokenSource,
} from "@enrollkit/http";
import { createClient, type AndroidManagementClient } from "./client.js";
import { toTokenError, toVendorError } from "./errors.js";
import type { ResolvedSettings } from "./settings.js";

const scope = "https://www.googleapis.com/auth/androidmanagement";

interface Authorization {
  readonly source: TokenSource;
  /** Google counts calls by project; as long as that is not known, by enterprise. */
  readonly counted: string;
}

const readKey = (credentials: Secret, provider: string): ServiceAccountKey => {
  try {
    return parseServiceAccountKey(credentials);
  } catch (error) {
    throw EnrollmentError.is(error) ? error.within("credentials").with({ provider }) : error;
  }
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
  const client = createHttpClient({ provider: name, toError: toTokenError, timeout, runtime });
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
