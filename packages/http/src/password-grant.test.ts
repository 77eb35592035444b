import { inspect } from "node:util";
import { Secret } from "@enrollkit/core";
import { describe, expect, test } from "vitest";
import { call, createTestClient, failureOf } from "../test/support/client.js";
import { empty, json, reset, silent, startVendor, type Answer } from "../test/support/vendor-server.js";
import { passwordGrant } from "./index.js";

const granted = (number: number, more: object = {}) =>
  json(200, {
    access_token: `access-${number}`,
    token_type: "bearer",
    expires_in: 3600,
    refresh_token: `refresh-${number}`,
    ...more,
  });

const start = async (...answers: readonly Answer[]) => {
  const service = await startVendor(...answers);
  const { client, clock, runtime, calls } = createTestClient({ timeout: 300 });
  const source = passwordGrant({
    client,
    url: `${service.url}/oauth/token`,
    username: "api@example.com",
    password: new Secret("p&ss=w ord"),
    runtime,
  });
  const grants = () => service.requests.map(({ body }) => new URLSearchParams(body).get("grant_type"));
  return { service, source, clock, runtime, calls, grants };
};

describe("passwordGrant", () => {
  test("sends the password once, then the newest refresh token, a minute before expiry", async () => {
    const { service, source, clock, calls } = await start(granted(1), granted(2), granted(3));
    expect((await source.getToken()).reveal()).toBe("access-1");
    clock.advance(3_539_000);
    expect((await source.getToken()).reveal()).toBe("access-1");
    clock.advance(2000);
    expect((await source.getToken()).reveal()).toBe("access-2");
    clock.advance(3_600_000);
    expect((await source.getToken()).reveal()).toBe("access-3");
    expect(service.requests.map(({ body }) => body)).toEqual([
      "grant_type=password&username=api%40example.com&password=p%26ss%3Dw+ord",
      "grant_type=refresh_token&refresh_token=refresh-1",
      "grant_type=refresh_token&refresh_token=refresh-2",
    ]);
    expect(service.requests[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
    expect(calls).toHaveLength(3);
  });

  test.each<[string, Answer]>([
    ["400 invalid_grant", json(400, { error: "invalid_grant" })],
    ["401", empty(401)],
    ["403 from an edge filter", empty(403)],
    ["500", empty(500)],
    ["a lost answer", reset],
    ["silence", silent],
    ["an answer without a token", json(200, {})],
  ])("falls back to the password when a refresh ends in %s", async (_, answer) => {
    const { source, clock, grants } = await start(granted(1), answer, granted(2), granted(3));
    await source.getToken();
    clock.advance(3_600_000);
    expect((await source.getToken()).reveal()).toBe("access-2");
    clock.advance(3_600_000);
    expect((await source.getToken()).reveal()).toBe("access-3");
    expect(grants()).toEqual(["password", "refresh_token", "password", "refresh_token"]);
  });

  test("tries a refused token's refresh token first", async () => {
    const { source, grants } = await start(granted(1), granted(2));
    expect(source.invalidate(await source.getToken())).toBe(true);
    expect((await source.getToken()).reveal()).toBe("access-2");
    expect(grants()).toEqual(["password", "refresh_token"]);
  });

  test.each([
    ["no refresh token", { refresh_token: undefined }],
    ["an empty one", { refresh_token: "" }],
    ["null", { refresh_token: null }],
  ])("uses the password again after %s", async (_, more) => {
    const { source, clock, grants } = await start(granted(1, more), granted(2));
    await source.getToken();
    clock.advance(3_600_000);
    await source.getToken();
    expect(grants()).toEqual(["password", "password"]);
  });

  test.each([
    ["text", { expires_in: "3600" }, 3_539_000, 3_541_000],
    ["null, which says nothing", { expires_in: null }, 3_539_000, Infinity],
  ])("reads a lifetime that is %s", async (_, more, alive, expired) => {
    const { service, source, clock } = await start(granted(1, more), granted(2));
    await source.getToken();
    clock.advance(alive);
    await source.getToken();
    expect(service.requests).toHaveLength(1);
    clock.advance(Math.min(expired, 1e12) - alive);
    await source.getToken();
    expect(service.requests).toHaveLength(expired === Infinity ? 1 : 2);
  });

  test.each<[string, object, string]>([
    ["no access token", { access_token: undefined }, "access_token is not string"],
    ["an empty access token", { access_token: "" }, "access_token does not fit"],
    ["another type of token", { token_type: "mac" }, "token_type does not fit"],
  ])("refuses %s, and quotes nothing", async (_, more, problem) => {
    const { source } = await start(granted(1, more));
    const error = await failureOf(source.getToken());
    expect(error.code).toBe("protocol");
    expect(error.message).toContain(problem);
    expect(inspect(error, { depth: 10 })).not.toMatch(/access-1|refresh-1|p&ss|api@/);
  });

  test("does not fall back when nobody waits any more", async () => {
    const { source, clock, grants } = await start(granted(1), silent);
    await source.getToken();
    clock.advance(3_600_000);
    const abort = new AbortController();
    const getting = source.getToken(abort);
    setTimeout(() => {
      abort.abort("stop");
    }, 10);
    await expect(getting).rejects.toBe("stop");
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(grants()).toEqual(["password", "refresh_token"]);
  });

  test("fifty calls at once need one token", async () => {
    const { source, service, runtime } = await start(granted(1));
    const vendor = await startVendor(json(200, { name: "pixel" }));
    const { client } = createTestClient({ authorization: source, runtime });
    await Promise.all(Array.from({ length: 50 }, () => client.send(call("once", vendor.url))));
    expect(service.requests).toHaveLength(1);
    expect(new Set(vendor.requests.map(({ headers }) => headers.authorization))).toEqual(
      new Set(["Bearer access-1"]),
    );
  });
});
