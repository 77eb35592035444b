import type { Outcome } from "./pending-results.js";
import type { ApiUserRecord } from "./records.js";
import type { Tenant } from "./tenant.js";
import type { TokenIssuer } from "./token-issuer.js";

const refusal = (status: number, error: string): Outcome => ({ status, body: JSON.stringify({ error }) });

const userOf = (
  form: URLSearchParams,
  { apiUsers }: Tenant,
  issuer: TokenIssuer,
): ApiUserRecord | undefined => {
  if (form.get("grant_type") === "refresh_token") return issuer.redeem(form.get("refresh_token") ?? "");
  const user = apiUsers.get(form.get("username") ?? "");
  return user !== undefined && user.password === form.get("password") ? user : undefined;
};

/**
 * `POST /oauth/token`: form only, two grants; empty and additional fields are tolerated.
 * https://help.eset.com/eset_connect/en-US/authentication_oauth_token_post.html
 */
export const answerTokenCall = (
  contentType: string,
  text: string,
  tenant: Tenant,
  issuer: TokenIssuer,
): Outcome => {
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) return { status: 415, body: "" };
  const form = new URLSearchParams(text);
  const grant = form.get("grant_type") ?? "";
  if (grant === "") return refusal(400, "invalid_grant");
  if (grant !== "password" && grant !== "refresh_token")
    return refusal(400, tenant.behavior.unknownGrantError);
  const user = userOf(form, tenant, issuer);
  if (user === undefined) return refusal(tenant.behavior.tokenRefusalStatus, "invalid_grant");
  return { status: 200, body: JSON.stringify(issuer.issue(user)) };
};
