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

const tokensPath = `/v1/${enterprise}/enrollmentTokens`;

planEveryCall();

describe("a service account", () => {
  it.each([
    ["the key file's token_uri", "https://tokens.example.com", {}],
    [
      "the tokenUri of the settings",
      "https://mine.example.com",
      { tokenUri: "https://mine.example.com/token" },
    ],
  ])("trades an assertion for a token at %s, once", async (_name, origin, settings) => {
    const credentials = keyFile("https://tokens.example.com/token");
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
    nock("https://tokens.example.com")
      .post("/token")
      .reply(400, { error: "invalid_grant", error_description });
    const { provider } = createProvider({ credentials: keyFile("https://tokens.example.com/token") });
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
});
