import { createVerify } from "node:crypto";
import type { SimulatorContext } from "../base/server.js";
import { sendOAuth } from "./answers.js";
import type { AccountRecord, Vendor } from "./state.js";

const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const publicAudiences = ["https://oauth2.googleapis.com/token", "https://www.googleapis.com/oauth2/v4/token"];
const longestAssertionSeconds = 3600;

/** An OAuth refusal: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
class GrantRefusal extends Error {
  readonly error: string;

  constructor(error: string, description: string) {
    super(description);
    this.name = "GrantRefusal";
    this.error = error;
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

const decoded = (part: string): JsonObject => {
  try {
    const json: unknown = JSON.parse(Buffer.from(part, "base64url").toString());
    if (typeof json === "object" && json !== null) return json as JsonObject;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new GrantRefusal("invalid_grant", "Invalid JWT: Failed to parse the assertion.");
};

const signedBy = ({ publicKey }: AccountRecord, signed: string, signature: string) =>
  createVerify("RSA-SHA256").update(signed).verify(publicKey, signature, "base64url");

const shortLived =
  "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. " +
  "Check your iat and exp values in the JWT claim.";

const checkTimes = ({ iat, exp }: JsonObject, nowSeconds: number, skewSeconds: number) => {
  const valid =
    typeof iat === "number" &&
    typeof exp === "number" &&
    exp <= iat + longestAssertionSeconds &&
    exp > nowSeconds &&
    iat <= nowSeconds + skewSeconds;
  if (!valid) throw new GrantRefusal("invalid_grant", shortLived);
};

const scopesOf = ({ scope }: JsonObject): string[] => {
  const scopes = typeof scope === "string" ? scope.split(" ").filter((one) => one !== "") : [];
  if (scopes.length === 0) throw new GrantRefusal("invalid_scope", "Empty or missing scope not allowed.");
  if (!scopes.every((one) => one.startsWith("https://www.googleapis.com/auth/"))) {
    throw new GrantRefusal("invalid_scope", "Invalid OAuth scope or ID token audience provided.");
  }
  return scopes;
};

/** The account and scopes that an assertion proves: https://developers.google.com/identity/protocols/oauth2/service-account */
const provenBy = ({ state, behavior, now, origin }: Vendor, assertion: string) => {
  const [header = "", claims = "", signature = "", ...more] = assertion.split(".");
  if (signature === "" || more.length > 0) {
    throw new GrantRefusal("invalid_grant", "Invalid JWT: Expected three parts.");
  }
  const { alg, kid } = decoded(header);
  const claimed = decoded(claims);
  const { iss, aud, sub } = claimed;
  const account = state.accounts.get(typeof iss === "string" ? iss : "");
  if (account === undefined) throw new GrantRefusal("invalid_grant", "Invalid grant: account not found");
  const keyMatches = alg === "RS256" && (kid === undefined || kid === account.keyId);
  if (!keyMatches || !signedBy(account, `${header}.${claims}`, signature)) {
    throw new GrantRefusal("invalid_grant", "Invalid JWT Signature.");
  }
  if (typeof aud !== "string" || ![...publicAudiences, `${origin()}/token`].includes(aud)) {
    throw new GrantRefusal("invalid_grant", "Invalid JWT: Failed audience check.");
  }
  checkTimes(claimed, Math.floor(now() / 1000), behavior.assertionSkewSeconds);
  if (sub !== undefined && sub !== iss) {
    throw new GrantRefusal(
      "unauthorized_client",
      "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.",
    );
  }
  return { account, scopes: scopesOf(claimed) };
};

/** Hands out an access token for these scopes. */
export const issueAccessToken = (
  { state, random, now, behavior }: Vendor,
  account: AccountRecord,
  scopes: readonly string[],
  lifetimeSeconds = behavior.accessTokenSeconds,
): string => {
  const token = random.accessToken();
  state.accessTokens.set(token, { account, scopes, expiresAt: now() + lifetimeSeconds * 1000 });
  return token;
};

const grant = (vendor: Vendor, form: URLSearchParams): object => {
  const grantType = form.get("grant_type");
  if (grantType === null) {
    throw new GrantRefusal("invalid_request", "Required parameter is missing: grant_type");
  }
  if (grantType !== jwtBearer) {
    throw new GrantRefusal("unsupported_grant_type", `Invalid grant_type: ${grantType}`);
  }
  const assertion = form.get("assertion");
  if (assertion === null) {
    throw new GrantRefusal("invalid_request", "Required parameter is missing: assertion");
  }
  const { account, scopes } = provenBy(vendor, assertion);
  return {
    access_token: issueAccessToken(vendor, account, scopes),
    expires_in: vendor.behavior.accessTokenSeconds - 1,
    token_type: "Bearer",
  };
};

/** `POST /token`: the service-account grant. */
export const answerTokenRequest = async (vendor: Vendor, context: SimulatorContext): Promise<Response> => {
  vendor.state.tokenCalls += 1;
  const isForm = /^application\/x-www-form-urlencoded\b/.test(context.req.header("content-type") ?? "");
  try {
    return sendOAuth(
      context,
      grant(vendor, new URLSearchParams(isForm ? await context.req.text() : "")),
      200,
    );
  } catch (error) {
    if (!(error instanceof GrantRefusal)) throw error;
    return sendOAuth(context, { error: error.error, error_description: error.message }, 400);
  }
};
