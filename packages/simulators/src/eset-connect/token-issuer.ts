import { createHmac } from "node:crypto";
import { invalid } from "./call.js";
import { RpcFailure } from "./failures.js";
import type { ApiUserRecord } from "./records.js";
import type { Tenant } from "./tenant.js";

/** https://help.eset.com/eset_connect/en-US/authentication_oauth_token_post.html */
export interface TokenPair {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: "Bearer";
  /** Seconds. */
  readonly expires_in: number;
}

interface Grant {
  readonly user: ApiUserRecord;
  readonly expiresAt: number;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Issues tokens and knows whose they are. An access token outlives the user that it was issued to. */
export class TokenIssuer {
  readonly #tenant: Tenant;
  readonly #signingKey: string;
  readonly #accessTokens = new Map<string, Grant>();
  readonly #refreshTokens = new Map<string, Grant>();

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#signingKey = tenant.entropy.token(43);
  }

  issue(user: ApiUserRecord): TokenPair {
    const { clock, behavior, entropy } = this.#tenant;
    const now = clock.now();
    const expiresIn = behavior.accessTokenSeconds;
    const accessToken = this.#sign({
      sub: user.uuid,
      jti: entropy.uuid(),
      iat: Math.floor(now / 1000),
      exp: Math.floor(now / 1000) + expiresIn,
    });
    const refreshToken = entropy.token(64);
    this.#accessTokens.set(accessToken, { user, expiresAt: now + expiresIn * 1000 });
    this.#refreshTokens.set(refreshToken, { user, expiresAt: now + behavior.refreshTokenMilliseconds });
    return {
      access_token: accessToken,
      refresh_token: refreshToken,
      token_type: "Bearer",
      expires_in: expiresIn,
    };
  }

  /** Whose refresh token this is, unless it is dead. */
  redeem(refreshToken: string): ApiUserRecord | undefined {
    const { clock, behavior, apiUsers } = this.#tenant;
    const grant = this.#refreshTokens.get(refreshToken);
    if (grant === undefined || behavior.refreshTokens === "refuse" || clock.now() >= grant.expiresAt) {
      return undefined;
    }
    if (behavior.refreshTokens === "rotate") this.#refreshTokens.delete(refreshToken);
    return apiUsers.get(grant.user.username) === grant.user ? grant.user : undefined;
  }

  /** The user that an `Authorization` header stands for. A missing or malformed header is 400, not 401. */
  userOf(authorization: string | undefined): ApiUserRecord {
    const [, accessToken] = /^Bearer (\S+)$/i.exec(authorization ?? "") ?? [];
    if (accessToken === undefined) throw invalid("the Authorization header is missing or malformed");
    const grant = this.#accessTokens.get(accessToken);
    if (grant === undefined) throw new RpcFailure("UNAUTHENTICATED", "invalid access token");
    if (this.#tenant.clock.now() >= grant.expiresAt) {
      this.#accessTokens.delete(accessToken);
      throw new RpcFailure("UNAUTHENTICATED", "access token expired");
    }
    return grant.user;
  }

  #sign(claims: object): string {
    const content = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
    return `${content}.${createHmac("sha256", this.#signingKey).update(content).digest("base64url")}`;
  }
}
