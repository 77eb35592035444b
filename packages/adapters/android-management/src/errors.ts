import type { EnrollmentErrorCode } from "@enrollkit/core";
import type { ErrorAnswer, VendorError } from "@enrollkit/http";
import { errorBodySchema, tokenErrorBodySchema } from "./wire.js";

/** One kind of refusal: the conditions that are given must all hold. */
interface Rule {
  readonly status?: number;
  /** `ErrorInfo.reason`: https://github.com/googleapis/googleapis/blob/master/google/api/error_reason.proto */
  readonly reason?: readonly string[];
  /** The canonical code in `error.status`. */
  readonly canonical?: string;
  readonly text?: RegExp;
  readonly code: EnrollmentErrorCode;
  readonly message: string;
  readonly advice?: string;
  readonly path?: string;
}

const grantRole =
  'grant the service account the role "Android Management User" (roles/androidmanagement.user) on the project that owns the enterprise';

/** The first rule that fits decides. Where Google gives a reason, it says more than the status. */
const rules: readonly Rule[] = [
  {
    reason: ["SERVICE_DISABLED"],
    code: "failed-precondition",
    message: "the Android Management API is not enabled in the project",
    advice: "enable it in the Google Cloud console, under APIs & Services, and wait a few minutes",
  },
  {
    reason: ["ACCESS_TOKEN_SCOPE_INSUFFICIENT"],
    code: "forbidden",
    message: "the access token lacks the scope of the Android Management API",
    advice: "have it issued for the scope https://www.googleapis.com/auth/androidmanagement",
  },
  {
    reason: ["CREDENTIALS_MISSING", "ACCESS_TOKEN_EXPIRED", "ACCESS_TOKEN_TYPE_UNSUPPORTED"],
    code: "unauthenticated",
    message: "Google does not accept the access token",
    advice: "check the service account's key, or the supplier of access tokens",
  },
  {
    reason: ["RATE_LIMIT_EXCEEDED"],
    code: "rate-limited",
    message: "the project's quota of calls is used up",
    advice: "lower callsPer100Seconds, or ask for more in the Google Cloud console, under Quotas",
  },
  {
    status: 400,
    canonical: "FAILED_PRECONDITION",
    code: "failed-precondition",
    message: "Google refused, because something must be set up first",
  },
  { status: 400, code: "invalid-request", message: "Google refused the request" },
  {
    status: 401,
    code: "unauthenticated",
    message: "Google does not accept the credentials",
    advice: "check the service account's key, or the supplier of access tokens",
  },
  {
    status: 403,
    text: /manage project/i,
    code: "forbidden",
    message: "the service account may not manage the project",
    advice: grantRole,
  },
  {
    status: 403,
    text: /manage enterprise/i,
    code: "forbidden",
    message: "the service account may not manage the enterprise, or the enterprise has been deleted",
    advice: `check the setting enterprise, and whether it still exists; ${grantRole}`,
  },
  { status: 403, code: "forbidden", message: "Google does not allow the call", advice: grantRole },
  {
    status: 404,
    canonical: "NOT_FOUND",
    code: "not-found",
    message: "Google knows nothing of that name",
    advice: "it may have expired or been deleted; check the id and, for a new token, the policy",
  },
  // No method matches the address, so a front end that has never heard of the API answers, with a web page:
  // https://github.com/googleapis/google-api-ruby-client/issues/791
  {
    status: 404,
    code: "invalid-config",
    path: "baseUrl",
    message: "there is no Android Management API at this address",
    advice: "check the setting baseUrl",
  },
  {
    status: 429,
    code: "rate-limited",
    message: "the project's quota of calls is used up",
    advice: "lower callsPer100Seconds, or ask for more in the Google Cloud console, under Quotas",
  },
  ...[500, 502, 503, 504].map((status): Rule => ({
    status,
    code: "unavailable",
    message: "the Android Management API is out of order",
  })),
];

/** Refusals of the OAuth token endpoint: RFC 6749, section 5.2. */
const tokenRules: readonly Rule[] = [
  {
    reason: ["invalid_grant"],
    text: /\b(iat|exp|timeframe)\b/i,
    code: "unauthenticated",
    message: "Google does not accept the time in the assertion",
    advice: "set this machine's clock: it may be off by no more than a few minutes",
  },
  {
    reason: ["invalid_grant", "invalid_client", "unauthorized_client"],
    code: "unauthenticated",
    message: "Google does not accept the service account's key",
    advice: "see in the Google Cloud console whether the key or the account was deleted or disabled",
  },
  { status: 401, code: "unauthenticated", message: "Google does not accept the service account's key" },
  { status: 403, code: "forbidden", message: "the token endpoint does not allow the call" },
  {
    status: 404,
    code: "invalid-config",
    path: "tokenUri",
    message: "there is no token endpoint at this address",
    advice: "check the setting tokenUri, or token_uri in the key file",
  },
  { status: 429, code: "rate-limited", message: "too many access tokens were asked for" },
  ...[500, 502, 503, 504].map((status): Rule => ({
    status,
    code: "unavailable",
    message: "the token endpoint is out of order",
  })),
];

/** What a refusal says about itself, whichever format it came in. */
interface Refusal {
  readonly status: number;
  readonly canonical?: string | undefined;
  readonly reason?: string | undefined;
  readonly words?: string | undefined;
  readonly field?: string | undefined;
}

const fits = (rule: Rule, { status, canonical, reason = "", words = "" }: Refusal): boolean =>
  (rule.status === undefined || rule.status === status) &&
  (rule.canonical === undefined || rule.canonical === canonical) &&
  (rule.reason === undefined || rule.reason.includes(reason)) &&
  (rule.text === undefined || rule.text.test(words));

/** The vendor's fields, in either spelling, and what a caller calls them. */
const callerPaths: Readonly<Record<string, string>> = {
  duration: "validFor",
  additionaldata: "additionalData",
  onetimeonly: "uses",
  policyname: "profile",
  allowpersonalusage: "management",
  googleauthenticationoptions: "extras.googleAuthenticationOptions",
  user: "extras.user",
};

const callerPath = (field: string | undefined): string | undefined => {
  const [, member = ""] = /^(?:enrollment_token|enrollmentToken)\.([A-Za-z_]+)/.exec(field ?? "") ?? [];
  return callerPaths[member.replaceAll("_", "").toLowerCase()];
};

const judge = (table: readonly Rule[], refusal: Refusal): VendorError => {
  const { canonical, reason, words, status } = refusal;
  const rule = table.find((each) => fits(each, refusal));
  const message = rule?.message ?? `Google answered with status ${status}`;
  const path = rule?.code === "invalid-request" ? callerPath(refusal.field) : rule?.path;
  const vendorCode = reason ?? canonical;
  return {
    message: words === undefined ? message : `${message}: ${words}`,
    code: rule?.code ?? "unknown",
    ...(rule?.advice !== undefined && { advice: rule.advice }),
    ...(vendorCode !== undefined && { vendorCode }),
    ...(words !== undefined && { vendorMessage: words }),
    ...(path !== undefined && { path }),
  };
};

/** Reads an error of the Android Management API. */
export const toVendorError = ({ status, body }: ErrorAnswer): VendorError => {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return judge(rules, { status });
  const { message, status: canonical, details, errors } = parsed.data.error;
  const violated = details.flatMap(({ fieldViolations }) => fieldViolations).find(({ field }) => field);
  return judge(rules, {
    status,
    canonical,
    reason: [...details, ...errors].find(({ reason }) => reason !== undefined)?.reason,
    words: message,
    field: violated?.field ?? /'([A-Za-z_.]+)'/.exec(message ?? "")?.[1],
  });
};

/** Reads an error of the OAuth token endpoint. */
export const toTokenError = ({ status, body }: ErrorAnswer): VendorError => {
  const parsed = tokenErrorBodySchema.safeParse(body);
  const { error: reason, error_description: words } = parsed.success ? parsed.data : {};
  const error = judge(tokenRules, { status, reason, words });
  // From 429 on it is the endpoint's own trouble.
  return status < 429 ? { path: "credentials", ...error } : error;
};
