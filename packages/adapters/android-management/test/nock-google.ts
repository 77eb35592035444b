import { generateKeyPairSync } from "node:crypto";
import { Secret, type ProviderRuntime } from "@enrollkit/core";
import { createTestClock } from "@enrollkit/testing";
import nock from "nock";
import { afterEach, beforeEach, expect } from "vitest";
import { createAndroidManagement, type AndroidManagementSettings } from "../src/index.js";

export const host = "https://androidmanagement.googleapis.com";
export const enterprise = "enterprises/LC02dhxx1r";
export const start = Date.parse("2026-09-20T10:00:00Z");

/** Fails a test whose calls are not those that it planned. */
export const planEveryCall = () => {
  beforeEach(() => {
    nock.disableNetConnect();
  });
  afterEach(() => {
    const pending = nock.pendingMocks();
    nock.cleanAll();
    expect(pending).toEqual([]);
  });
};

let privateKey: string | undefined;

/** The key file of a service account. */
export const keyFile = (tokenUri: string): Secret => {
  privateKey ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;
  return new Secret(
    JSON.stringify({
      type: "service_account",
      project_id: "project-1",
      private_key_id: "key-1",
      private_key: privateKey,
      client_email: "robot@project-1.iam.gserviceaccount.com",
      token_uri: tokenUri,
    }),
  );
};

/** A provider whose token never expires, on a clock that only tests move. */
export const createProvider = (
  settings: Partial<AndroidManagementSettings> = {},
  runtime: ProviderRuntime = {},
) => {
  const clock = createTestClock(start);
  const provider = createAndroidManagement(
    {
      enterprise: "LC02dhxx1r",
      ...(settings.credentials === undefined && {
        accessToken: () => Promise.resolve(new Secret("ya29.static")),
      }),
      ...settings,
    },
    { clock, random: () => 0.5, ...runtime },
  );
  return { provider, clock };
};

/** Google, as far as a test plans it. Anything else that is called fails. */
export const google = () => nock(host, { reqheaders: { authorization: "Bearer ya29.static" } });

/** A refusal as Google words it. */
export const refusal = (code: number, status: string, message: string, details?: readonly unknown[]) => ({
  error: { code, message, status, ...(details && { details }) },
});

/** A token as a create returns it, an hour from the start unless said otherwise. */
export const tokenBody = (id: string, changes: Record<string, unknown> = {}) => ({
  name: `${enterprise}/enrollmentTokens/${id}`,
  value: `VALUE${id.toUpperCase()}`,
  expirationTimestamp: "2026-09-20T11:00:00Z",
  qrCode: `{"token":"VALUE${id.toUpperCase()}"}`,
  ...changes,
});
