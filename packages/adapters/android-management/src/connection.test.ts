import { EnrollmentError, Secret } from "@enrollkit/core";
import nock from "nock";
import { describe, expect, it } from "vitest";
import {
  createProvider,
  enterprise,
  google,
  keyFile,
  planEveryCall,
  tokenBody,
} from "../test/nock-google.js";
import { originsOf } from "./connection.js";
import { androidManagementDescriptor } from "./descriptor.js";
import { settingsSchema, type AndroidManagementSettings } from "./settings.js";

const tokensPath = `/v1/${enterprise}/enrollmentTokens`;

planEveryCall();

describe("a service account", () => {
  it.each([
    ["the key file's token_uri", "https://oauth2.googleapis.com", {}],
    [
      "the tokenUri of the settings",
      "https://mine.example.com",
      { tokenUri: "https://mine.example.com/token" },
    ],
  ])("trades an assertion for a token at %s, once", async (_name, origin, settings) => {
    const credentials = keyFile("https://oauth2.googleapis.com/token");
    nock(origin)
      .post("/token", (body: Record<string, string>) => {
        const [, claims = ""] = (body["assertion"] ?? "").split(".");
        const { iss, scope, aud } = JSON.parse(Buffer.from(claims, "base64url").toString()) as Record<
          string,
          string
        >;
        return (
          body["grant_type"] === "urn:ietf:params:oauth:grant-type:jwt-bearer" &&
          iss === "robot@project-1.iam.gserviceaccount.com" &&
          scope === "https://www.googleapis.com/auth/androidmanagement" &&
          aud === `${origin}/token`
        );
      })
      .once()
      .reply(200, { access_token: "ya29.static", expires_in: 3599, token_type: "Bearer" });
    google().get(`${tokensPath}/t1`).times(2).reply(200, tokenBody("t1"));
    const { provider } = createProvider({ credentials, ...settings });
    await provider.retrieval.get("t1");
    await provider.retrieval.get("t1");
  });

  it.each([
    ["whose key Google refuses", "Invalid JWT Signature.", /deleted or disabled/],
    [
      "of a machine whose clock is wrong",
      "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.",
      /machine's clock/,
    ],
  ])("%s is unauthenticated, and nothing is sent", async (_name, error_description, advice) => {
    nock("https://oauth2.googleapis.com")
      .post("/token")
      .reply(400, { error: "invalid_grant", error_description });
    const { provider } = createProvider({ credentials: keyFile("https://oauth2.googleapis.com/token") });
    await expect(provider.createEnrollment({})).rejects.toMatchObject({
      code: "unauthenticated",
      path: "credentials",
      vendorCode: "invalid_grant",
      vendorMessage: error_description,
      advice: expect.stringMatching(advice) as string,
    });
  });

  it.each(["not JSON", "{}", '{"type":"authorized_user"}'])("refuses the key %j at once", (text) => {
    let caught: unknown;
    try {
      createProvider({ credentials: new Secret(text) });
    } catch (error) {
      caught = error;
    }
    expect(EnrollmentError.is(caught)).toBe(true);
    expect(caught).toMatchObject({ code: "invalid-config", provider: "android-management" });
    expect((caught as EnrollmentError).path).toMatch(/^credentials/);
  });

  const refusalOf = (settings: Partial<AndroidManagementSettings>): unknown => {
    try {
      createProvider(settings);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  it.each([
    "https://evil.example/token",
    "http://oauth2.googleapis.com/token",
    "https://oauth2.googleapis.com:8443/token",
    "https://oauth2.googleapis.com.evil.example/token",
  ])("whose key has its tokens issued at %s is refused at once, unless the settings name it", (tokenUri) => {
    const credentials = keyFile(tokenUri);
    const { origin } = new URL(tokenUri);
    const error = refusalOf({ credentials }) as EnrollmentError;
    expect(error).toMatchObject({ code: "invalid-config", path: "credentials.token_uri" });
    expect(error.message).toContain(`${origin};`);
    expect(error.message).toContain("https://oauth2.googleapis.com");
    expect(refusalOf({ credentials, tokenUri })).toBeUndefined();
    expect(refusalOf({ credentials, baseUrl: origin })).toBeUndefined();
  });
});

describe("where calls may go to", () => {
  const settings = { enterprise: "LC02dhxx1r", accessToken: () => Promise.resolve("ya29.static") };
  const hostsOf = (urls: readonly string[]) => urls.map((url) => new URL(url).host).sort();

  it("is what the descriptor says", () => {
    const { api, tokens } = originsOf(settingsSchema.parse(settings));
    expect(hostsOf([...new Set([...api, ...tokens])])).toEqual([...androidManagementDescriptor.hosts].sort());
    expect([...api, ...tokens].every((url) => url.startsWith("https://"))).toBe(true);
  });

  it("is what the settings name", () => {
    const named = { baseUrl: "https://api.example", tokenUri: "https://tokens.example/t" };
    const { api, tokens } = originsOf(settingsSchema.parse({ ...settings, ...named }));
    expect(hostsOf(api)).toEqual(["api.example"]);
    expect(hostsOf(tokens)).toEqual(["api.example", "tokens.example"]);
  });
});
