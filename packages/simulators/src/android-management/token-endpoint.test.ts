import { createSign, generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { manualClock } from "../base/clock.js";
import { startAndroidManagementSimulator, type AndroidManagementSimulator } from "./index.js";

const scope = "https://www.googleapis.com/auth/androidmanagement";
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";

let simulator: AndroidManagementSimulator;
beforeAll(async () => {
  simulator = await startAndroidManagementSimulator({ clock: manualClock() });
});
afterAll(() => simulator.close());

interface Assertion {
  readonly header?: object;
  readonly claims?: object;
  readonly privateKey?: string;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

const assertionOf = ({
  header = {},
  claims = {},
  privateKey = simulator.credentials.private_key,
}: Assertion) => {
  const iat = Math.floor(simulator.clock.now() / 1000);
  const usual = {
    iss: simulator.credentials.client_email,
    scope,
    aud: simulator.tokenUrl,
    exp: iat + 3600,
    iat,
  };
  const signed = `${part({ alg: "RS256", ...header })}.${part({ ...usual, ...claims })}`;
  return `${signed}.${createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url")}`;
};

const ask = async (form: Record<string, string>) => {
  const response = await fetch(simulator.tokenUrl, { method: "POST", body: new URLSearchParams(form) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const grant = (assertion: Assertion = {}) =>
  ask({ grant_type: jwtBearer, assertion: assertionOf(assertion) });

const seconds = (ahead: number) => Math.floor(simulator.clock.now() / 1000) + ahead;

describe("an assertion", () => {
  const accepted: readonly [string, () => Assertion][] = [
    ["with the bare header of Google's own client", () => ({})],
    ["with typ and kid", () => ({ header: { typ: "JWT", kid: simulator.credentials.private_key_id } })],
    ["for Google's endpoint", () => ({ claims: { aud: "https://oauth2.googleapis.com/token" } })],
    [
      "for Google's older endpoint",
      () => ({ claims: { aud: "https://www.googleapis.com/oauth2/v4/token" } }),
    ],
    ["with several scopes", () => ({ claims: { scope: `${scope} https://www.googleapis.com/auth/pubsub` } })],
    ["from a clock a little ahead", () => ({ claims: { iat: seconds(200), exp: seconds(3800) } })],
  ];
  it.each(accepted)("%s is exchanged for a token that works", async (_, assertion) => {
    const { status, body } = await grant(assertion());
    expect({ status, ...body }).toEqual({
      status: 200,
      access_token: expect.stringMatching(/^ya29\./) as string,
      expires_in: 3599,
      token_type: "Bearer",
    });
    const headers = { authorization: `Bearer ${String(body["access_token"])}` };
    const response = await fetch(`${simulator.url}/v1/${simulator.enterpriseName}`, { headers });
    expect(response.status).toBe(200);
  });

  const otherKey = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
  const timeframe = "Invalid JWT: Token must be a short-lived token (60 minutes)";
  const refused: readonly [string, () => Assertion, string, string][] = [
    ["another key", () => ({ privateKey: otherKey }), "invalid_grant", "Invalid JWT Signature."],
    ["another key id", () => ({ header: { kid: "0" } }), "invalid_grant", "Invalid JWT Signature."],
    ["another algorithm", () => ({ header: { alg: "none" } }), "invalid_grant", "Invalid JWT Signature."],
    [
      "an unknown account",
      () => ({ claims: { iss: "x@y" } }),
      "invalid_grant",
      "Invalid grant: account not found",
    ],
    ["another audience", () => ({ claims: { aud: "https://example.com" } }), "invalid_grant", "audience"],
    ["a life over an hour", () => ({ claims: { exp: seconds(3601) } }), "invalid_grant", timeframe],
    ["a past expiry", () => ({ claims: { iat: seconds(-60), exp: seconds(0) } }), "invalid_grant", timeframe],
    [
      "a clock far ahead",
      () => ({ claims: { iat: seconds(301), exp: seconds(900) } }),
      "invalid_grant",
      timeframe,
    ],
    ["no times", () => ({ claims: { iat: undefined, exp: undefined } }), "invalid_grant", timeframe],
    ["no scope", () => ({ claims: { scope: "" } }), "invalid_scope", "Empty or missing scope"],
    [
      "an odd scope",
      () => ({ claims: { scope: "androidmanagement" } }),
      "invalid_scope",
      "Invalid OAuth scope",
    ],
    ["a subject", () => ({ claims: { sub: "someone" } }), "unauthorized_client", "unauthorized"],
  ];
  it.each(refused)("%s", async (_, assertion, error, description) => {
    const { status, body } = await grant(assertion());
    expect([status, body["error"]]).toEqual([400, error]);
    expect(body["error_description"]).toContain(description);
  });

  it("lasts as long as it says", async () => {
    const { body } = await grant();
    const headers = { authorization: `Bearer ${String(body["access_token"])}` };
    const use = () => fetch(`${simulator.url}/v1/${simulator.enterpriseName}`, { headers });
    simulator.clock.advance(3599_000);
    expect((await use()).status).toBe(200);
    simulator.clock.advance(1000);
    expect((await use()).status).toBe(401);
  });
});

describe("a form", () => {
  it.each([
    [{}, "invalid_request"],
    [{ grant_type: "client_credentials" }, "unsupported_grant_type"],
    [{ grant_type: jwtBearer }, "invalid_request"],
    [{ grant_type: jwtBearer, assertion: "a.b" }, "invalid_grant"],
    [{ grant_type: jwtBearer, assertion: "e30.bm8.c2ln" }, "invalid_grant"],
  ])("%j is refused as %s", async (form, error) => {
    const { status, body } = await ask(form);
    expect([status, body["error"]]).toEqual([400, error]);
  });

  it("must be declared as one", async () => {
    const response = await fetch(simulator.tokenUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ grant_type: jwtBearer, assertion: assertionOf({}) }),
    });
    expect(await response.json()).toMatchObject({ error: "invalid_request" });
  });
});

describe("counting", () => {
  let before: number;
  beforeEach(() => {
    before = simulator.stats().tokenCalls;
  });

  it("takes in refused calls, and no calls of the API", async () => {
    await grant();
    await ask({});
    await fetch(`${simulator.url}/v1/${simulator.enterpriseName}`);
    expect(simulator.stats().tokenCalls - before).toBe(2);
  });
});

describe("the key", () => {
  it("is a complete service-account key that points here", () => {
    expect(simulator.credentials).toEqual({
      type: "service_account",
      project_id: "enrollkit-simulator",
      private_key_id: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      private_key: expect.stringMatching(/^-----BEGIN PRIVATE KEY-----\n/) as string,
      client_email: "enrollkit@enrollkit-simulator.iam.gserviceaccount.com",
      client_id: expect.stringMatching(/^\d{21}$/) as string,
      auth_uri: "https://accounts.google.com/o/oauth2/auth",
      token_uri: `${simulator.url}/token`,
      auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
      client_x509_cert_url: expect.stringContaining("enrollkit%40") as string,
      universe_domain: "googleapis.com",
    });
  });
});
