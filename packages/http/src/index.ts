export { createHttpClient } from "./client.js";
export type {
  ErrorAnswer,
  HttpAnswer,
  HttpCall,
  HttpClient,
  HttpClientSettings,
  HttpQuota,
  HttpRuntime,
  LimitedQuota,
  PendingResponsePolicy,
  RateLimiter,
  Slot,
  TokenSource,
  VendorError,
} from "./contract.js";
export { limiterFor } from "./limiter.js";
export { hasOriginOf } from "./origins.js";
export { pages, type Page } from "./paging.js";
export { passwordGrant, type PasswordGrantOptions } from "./password-grant.js";
export { redactText } from "./redaction.js";
export { serviceAccountGrant, type ServiceAccountGrantOptions } from "./service-account-grant.js";
export { parseServiceAccountKey, type ServiceAccountKey } from "./service-account-key.js";
export { staticToken, suppliedToken } from "./token-source.js";
