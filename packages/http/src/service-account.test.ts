import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { inspect } from "node:util";
import { Secret, type EnrollmentError } from "@enrollkit/core";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import { createTestClient } from "../test/support/client.js";
import { json, startVendor } from "../test/support/vendor-server.js";
import { parseServiceAccountKey, serviceAccountGrant } from "./index.js";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (key: KeyObject, type: "pkcs8" | "pkcs1" | "sec1" = "pkcs8") =>
  key.export({ format: "pem", type } as { format: "pem"; type: "pkcs8" }).toString();

const keyFile = (more: object = {}) => ({
  type: "service_account",
  project_id: "project-1",
  private_key_id: "key-1",
  private_key: pem(privateKey),
  client_email: "robot@project-1.iam.gserviceaccount.com",
  token_uri: "https://oauth2.googleapis.com/token",
  ...more,
});

const parse = (content: unknown) =>
  parseServiceAccountKey(new Secret(typeof content === "string" ? content : JSON.stringify(content)));

const refusalOf = (content: unknown): EnrollmentError => {
  try {
    parse(content);
  } catch (error) {
    return error as EnrollmentError;
  }
  throw new Error("it was expected to be refused");
};

describe("parseServiceAccountKey", () => {
  test("reads a key file", () => {
    const { privateKey: secret, ...key } = parse(keyFile());
    expect(key).toEqual({
      clientEmail: "robot@project-1.iam.gserviceaccount.com",
      privateKeyId: "key-1",
      projectId: "project-1",
      tokenUri: "https://oauth2.googleapis.com/token",
    });
    expect(secret.reveal()).toBe(pem(privateKey));
  });

  test("needs neither ids nor a token URI", () => {
    const key = parse(keyFile({ private_key_id: undefined, project_id: undefined, token_uri: undefined }));
    expect(key).toMatchObject({ tokenUri: "https://oauth2.googleapis.com/token" });
    expect(Object.keys(key)).toEqual(["clientEmail", "privateKey", "tokenUri"]);
  });

  test.each([
    ["line ends written as two characters", pem(privateKey).replaceAll("\n", "\\n")],
    ["the older PEM form", pem(privateKey, "pkcs1")],
  ])("takes %s", (_, text) => {
    expect(parse(keyFile({ private_key: text })).privateKey.isKnown).toBe(true);
  });

  const elliptic = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  test.each<[string, unknown, string, string | undefined]>([
    ["nothing", "", "the service account key is empty", undefined],
    ["next to nothing", " \n", "the service account key is empty", undefined],
    ["a number", 7, "the service account key is not a JSON object", undefined],
    ["a path", "/etc/keys/planted.json", "the service account key is not JSON", undefined],
    [
      "a list",
      [],
      "the service account key cannot be used: type is not service_account; client_email is missing; private_key is missing",
      "type",
    ],
    ["null", null, "the service account key is not a JSON object", undefined],
    [
      "another type",
      { type: "authorized_user" },
      "the service account key is of the type authorized_user; only service_account will do",
      "type",
    ],
    [
      "an unknown type",
      keyFile({ type: "planted" }),
      "the service account key cannot be used: type is not service_account",
      "type",
    ],
    [
      "no key",
      keyFile({ private_key: undefined }),
      "the service account key cannot be used: private_key is missing",
      "private_key",
    ],
    [
      "no PEM",
      keyFile({ private_key: "planted" }),
      "the service account key cannot be used: private_key is not an RSA key in PEM form",
      "private_key",
    ],
    [
      "an elliptic key",
      keyFile({ private_key: pem(elliptic) }),
      "the service account key cannot be used: private_key is not an RSA key in PEM form",
      "private_key",
    ],
    [
      "no e-mail",
      keyFile({ client_email: "planted" }),
      "the service account key cannot be used: client_email is not an e-mail address",
      "client_email",
    ],
    [
      "a wrong token URI",
      keyFile({ token_uri: "planted" }),
      "the service account key cannot be used: token_uri is not a URL",
      "token_uri",
    ],
  ])("refuses %s", (_, content, message, path) => {
    const error = refusalOf(content);
    expect(error).toMatchObject({
      code: "invalid-config",
      message,
      advice: "Give the whole content of the JSON key file that Google Cloud made for the service account.",
    });
    expect(error.path).toBe(path);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/planted|PRIVATE KEY|robot@/);
  });
});

describe("serviceAccountGrant", () => {
  const start = async (tokenUri?: "own") => {
    const service = await startVendor(
      json(200, { access_token: "ya29.token", expires_in: 3599, token_type: "Bearer" }),
    );
    const { client, clock, runtime } = createTestClient();
    const uri = `${service.url}/token`;
    const source = serviceAccountGrant({
      client,
      key: parse(keyFile(tokenUri === "own" ? {} : { token_uri: uri })),
      scope: "https://www.googleapis.com/auth/androidmanagement",
      runtime,
      ...(tokenUri === "own" && { tokenUri: uri }),
    });
    const assertion = (index: number) =>
      new URLSearchParams(service.requests[index]?.body).get("assertion") ?? "";
    return { service, clock, source, uri, assertion };
  };

  test.each([
    ["of the key file", undefined],
    ["that is given instead", "own"],
  ] as const)("trades a signed assertion at the token URI %s", async (_, tokenUri) => {
    const { service, clock, source, uri, assertion } = await start(tokenUri);
    expect((await source.getToken()).reveal()).toBe("ya29.token");
    const form = new URLSearchParams(service.requests[0]?.body);
    expect([...form.keys()]).toEqual(["grant_type", "assertion"]);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const issuedAt = Math.floor(clock.now() / 1000);
    const { payload } = await jwtVerify(assertion(0), publicKey, { currentDate: new Date(clock.now()) });
    expect(payload).toEqual({
      iss: "robot@project-1.iam.gserviceaccount.com",
      scope: "https://www.googleapis.com/auth/androidmanagement",
      aud: uri,
      iat: issuedAt,
      exp: issuedAt + 3600,
    });
    expect(decodeProtectedHeader(assertion(0))).toEqual({ alg: "RS256", typ: "JWT", kid: "key-1" });
  });

  test("signs anew five minutes before a token expires", async () => {
    const { service, clock, source, assertion } = await start();
    await source.getToken();
    clock.advance((3599 - 301) * 1000);
    await source.getToken();
    expect(service.requests).toHaveLength(1);
    clock.advance(1000);
    await source.getToken();
    expect(service.requests).toHaveLength(2);
    expect(assertion(1)).not.toBe(assertion(0));
  });
});
