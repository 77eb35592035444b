import { accessRefused, notAuthorized, notFound, quotaExceeded, service, unauthenticated } from "./errors.js";
import type { AccessTokenRecord, AccountRecord, EnterpriseRecord, ProjectRecord, Vendor } from "./state.js";

/** The one scope of this API. */
export const androidManagementScope = "https://www.googleapis.com/auth/androidmanagement";

const expectation =
  "Expected OAuth 2 access token, login cookie or other valid authentication credential. " +
  "See https://developers.google.com/identity/sign-in/web/devconsole-project.";

const presentedToken = (authorization: string | undefined, query: URLSearchParams): string => {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? "")?.[1];
  const token = bearer ?? query.get("access_token") ?? "";
  if (token !== "") return token;
  if (authorization !== undefined) {
    throw unauthenticated(
      `Request had invalid authentication credentials. ${expectation}`,
      "ACCESS_TOKEN_TYPE_UNSUPPORTED",
    );
  }
  throw unauthenticated(
    query.has("key")
      ? "API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal."
      : `Request is missing required authentication credential. ${expectation}`,
    "CREDENTIALS_MISSING",
  );
};

const knownToken = ({ state, now }: Vendor, token: string): AccessTokenRecord => {
  const record = state.accessTokens.get(token);
  if (record !== undefined && record.expiresAt > now()) return record;
  throw unauthenticated(
    `Request had invalid authentication credentials. ${expectation}`,
    record === undefined ? "ACCESS_TOKEN_TYPE_UNSUPPORTED" : "ACCESS_TOKEN_EXPIRED",
  );
};

/** The account behind a request, once its token, the token's scope and the project's API have been checked. */
export const authenticate = (
  vendor: Vendor,
  authorization: string | undefined,
  query: URLSearchParams,
): AccountRecord => {
  const { account, scopes } = knownToken(vendor, presentedToken(authorization, query));
  if (!scopes.includes(androidManagementScope)) {
    throw accessRefused("Request had insufficient authentication scopes.", {
      reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    });
  }
  const { number, apiEnabled } = account.project;
  if (!apiEnabled) {
    throw accessRefused(
      `Android Management API has not been used in project ${number} before or it is disabled.`,
      { reason: "SERVICE_DISABLED", metadata: { consumer: `projects/${number}`, service } },
    );
  }
  return account;
};

/** Counts the request for the caller's project and refuses it when the window is full. */
export const takeQuota = ({ state, behavior, quota, now }: Vendor, { project }: AccountRecord): void => {
  if (!behavior.enforceQuota) return;
  const { waitMilliseconds } = project.requests.take(now());
  if (waitMilliseconds === 0) return;
  state.rateLimitRefusals += 1;
  const retryAfter = behavior.quotaRetryAfter ? Math.ceil(waitMilliseconds / 1000) : undefined;
  throw quotaExceeded(project.number, quota.requests, retryAfter);
};

const manages = (account: AccountRecord, project: ProjectRecord) => project.managers.has(account.clientEmail);

/** The project of this id. One that does not exist is refused as one that the caller may not manage. */
export const managedProject = (
  { state }: Vendor,
  account: AccountRecord,
  projectId: string | undefined,
): ProjectRecord => {
  const project = state.projects.get(projectId ?? "");
  if (project === undefined || !manages(account, project)) throw notAuthorized("project");
  return project;
};

/** The enterprise of this id; unknown, foreign and deleted ones are refused alike. */
export const managedEnterprise = (
  { state, behavior }: Vendor,
  account: AccountRecord,
  id: string,
): EnterpriseRecord => {
  const enterprise = state.enterprises.get(id);
  if (enterprise === undefined && behavior.unknownEnterprise === "not-found") throw notFound();
  if (enterprise === undefined || enterprise.deleted || !manages(account, enterprise.project)) {
    throw notAuthorized("enterprise");
  }
  return enterprise;
};
