import { describe, expect, it } from "vitest";
import { call, json, requestToken, simulate } from "../../test/eset-connect-calls.js";
import type { EsetConnectBehavior } from "./index.js";

interface TokenAnswer {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  readonly expires_in: number;
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const anyGroups = "GET deviceManagement/v1/device_groups";
const hour = 3_600_000;

describe("POST /oauth/token", () => {
  it("gives a JWT and a refresh token for a password", async () => {
    const simulator = await simulate();
    const { username, password } = simulator.credentials;
    const answer = await requestToken(simulator, { grant_type: "password", username, password });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("request-id")).toMatch(uuid);
    const { access_token: accessToken, refresh_token: refreshToken, ...rest } = json(answer) as TokenAnswer;
    expect(rest).toEqual({ token_type: "Bearer", expires_in: 3600 });
    const claims = JSON.parse(Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString()) as object;
    expect(claims).toMatchObject({ exp: simulator.clock.now() / 1000 + 3600 });
    expect(refreshToken).not.toContain(".");
    expect((await call(simulator, anyGroups, { token: accessToken })).status).toBe(200);
  });

  it("takes any password that is form-encoded, and additional and empty fields", async () => {
    const simulator = await simulate();
    const [user] = simulator.seed({ apiUsers: [{ username: "second", password: "a&b=c+d %20é" }] }).apiUsers;
    const form = { grant_type: "password", username: "second", password: user?.password ?? "" };
    const answer = await requestToken(simulator, { ...form, refresh_token: "", client_id: "dummy" });
    expect(answer.status).toBe(200);
  });

  it("cannot be reached with a password that was not encoded", async () => {
    const simulator = await simulate();
    const { username, password } = simulator.credentials;
    const response = await fetch(`${simulator.baseUrls.businessAccount}/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `grant_type=password&username=${username}&password=${password}`,
    });
    expect([response.status, await response.json()]).toEqual([400, { error: "invalid_grant" }]);
  });

  it.each<[Record<string, string>, string]>([
    [{}, "invalid_grant"],
    [{ grant_type: "password" }, "invalid_grant"],
    [{ grant_type: "password", username: "nobody", password: "x" }, "invalid_grant"],
    [{ grant_type: "password", username: "api-user@simulator.invalid", password: "x" }, "invalid_grant"],
    [{ grant_type: "refresh_token" }, "invalid_grant"],
    [{ grant_type: "refresh_token", refresh_token: "unknown" }, "invalid_grant"],
    [{ grant_type: "client_credentials" }, "unsupported_grant_type"],
  ])("answers %j with 400 %s", async (form, error) => {
    const answer = await requestToken(await simulate(), form);
    expect([answer.status, json(answer)]).toEqual([400, { error }]);
  });

  it("answers 415 to what is not a form", async () => {
    const simulator = await simulate();
    const body = { grant_type: "password", ...simulator.credentials };
    expect((await call(simulator, "POST businessAccount/oauth/token", { body })).status).toBe(415);
  });

  it.each<[Partial<EsetConnectBehavior>, number, string]>([
    [{ unknownGrantError: "invalid_grant" }, 400, '{"error":"invalid_grant"}'],
    [{ edgeRejects: "token-calls" }, 403, "<html>"],
  ])("with %j answers an unknown grant %i %s", async (behavior, status, text) => {
    const answer = await requestToken(await simulate({ behavior }), { grant_type: "client_credentials" });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
    expect(answer.headers.has("request-id")).toBe(status !== 403);
  });
});

describe("refreshing", () => {
  const logIn = async (behavior: Partial<EsetConnectBehavior> = {}) => {
    const simulator = await simulate({ behavior });
    const { username, password } = simulator.credentials;
    const tokens = json(
      await requestToken(simulator, { grant_type: "password", username, password }),
    ) as TokenAnswer;
    const refresh = (refreshToken: string) =>
      requestToken(simulator, { grant_type: "refresh_token", refresh_token: refreshToken });
    return { simulator, tokens, refresh };
  };

  it("gives a new pair and kills the old refresh token", async () => {
    const { simulator, tokens, refresh } = await logIn();
    const renewed = json(await refresh(tokens.refresh_token)) as TokenAnswer;
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token);
    expect((await call(simulator, anyGroups, { token: renewed.access_token })).status).toBe(200);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
    expect((await refresh(renewed.refresh_token)).status).toBe(200);
    expect(simulator.stats().tokenCalls).toBe(4);
  });

  it.each<[Partial<EsetConnectBehavior>, number, number]>([
    [{ refreshTokens: "reuse" }, 200, 200],
    [{ refreshTokens: "refuse" }, 400, 400],
    [{ refreshTokens: "refuse", tokenRefusalStatus: 401 }, 401, 401],
    [{ refreshTokenMilliseconds: 0 }, 400, 400],
  ])("with %j answers %i, then %i", async (behavior, first, second) => {
    const { tokens, refresh } = await logIn(behavior);
    expect((await refresh(tokens.refresh_token)).status).toBe(first);
    expect((await refresh(tokens.refresh_token)).status).toBe(second);
  });

  it("fails after days, while the password still works", async () => {
    const { simulator, tokens, refresh } = await logIn();
    simulator.clock.advance(72 * hour);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
    const { username, password } = simulator.credentials;
    const again = await requestToken(simulator, { grant_type: "password", username, password });
    expect(again.status).toBe(200);
  });

  it("lets the access token of a removed user work until it expires", async () => {
    const { simulator, tokens, refresh } = await logIn({ accessTokenSeconds: 60 });
    simulator.removeApiUser(simulator.credentials.username);
    expect((await refresh(tokens.refresh_token)).status).toBe(400);
    simulator.clock.advance(59_999);
    expect((await call(simulator, anyGroups, { token: tokens.access_token })).status).toBe(200);
    simulator.clock.advance(1);
    expect((await call(simulator, anyGroups, { token: tokens.access_token })).status).toBe(401);
  });
});
