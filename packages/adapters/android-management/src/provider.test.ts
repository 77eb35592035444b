import { loadFixture } from "@enrollkit/testing";
import type nock from "nock";
import { describe, expect, it } from "vitest";
import {
  createProvider,
  enterprise,
  google,
  host,
  keyFile,
  planEveryCall,
  refusal,
  tokenBody,
} from "../test/nock-google.js";
import { androidManagementDescriptor, androidManagementPlugin, createAndroidManagement } from "./index.js";

planEveryCall();

const tokensPath = `/v1/${enterprise}/enrollmentTokens`;

describe("createEnrollment", () => {
  it("asks for a token and hands it out", async () => {
    const { provider } = createProvider({ policy: "warehouse", management: "fully-managed" });
    const fixture = loadFixture(new URL("../fixtures/token-created.json", import.meta.url))["body"];
    google()
      .post(tokensPath, {
        policyName: `${enterprise}/policies/warehouse`,
        duration: "86400s",
        oneTimeOnly: true,
        allowPersonalUsage: "PERSONAL_USAGE_DISALLOWED",
        additionalData: '{"site":"BER-3"}',
      })
      .reply(200, fixture as nock.Body);
    const enrollment = await provider.createEnrollment({
      key: "row-1",
      validFor: "P1D",
      additionalData: '{"site":"BER-3"}',
      recipient: { email: "ada@example.com" },
    });
    expect(enrollment).toMatchObject({
      key: "row-1",
      expiresAt: "2026-09-21T10:15:30.481Z",
      recipient: { email: "ada@example.com" },
      uses: "one",
    });
    expect(enrollment.artifacts.map(({ kind }) => kind)).toEqual(["enrollment-token", "provisioning-qr"]);
    expect(JSON.stringify(enrollment)).not.toContain("QWJKLPRTZXCVBNMASDFG");
  });

  it("refuses before anything is sent", async () => {
    const { provider } = createProvider();
    await expect(provider.createEnrollment({ tags: ["a"] })).rejects.toMatchObject({
      code: "unsupported",
      provider: "android-management",
    });
  });

  it("keeps Google's own words", async () => {
    const words = "Something about the policy that nobody has documented.";
    google()
      .post(tokensPath)
      .reply(400, refusal(400, "INVALID_ARGUMENT", words));
    await expect(createProvider().provider.createEnrollment({})).rejects.toMatchObject({
      code: "invalid-request",
      vendorCode: "INVALID_ARGUMENT",
      vendorMessage: words,
      httpStatus: 400,
    });
  });

  it("stops when it is told to, before anything is sent", async () => {
    const reason = new Error("enough");
    const { provider } = createProvider();
    await expect(provider.createEnrollment({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe("verifyPolicy", () => {
  const policyPath = (id: string) => `/v1/${enterprise}/policies/${id}`;

  it("asks once for a policy, also when many creates want it at the same time", async () => {
    const { provider } = createProvider({ verifyPolicy: true, policy: "p" });
    google()
      .get(policyPath("p"))
      .query({ fields: "name" })
      .once()
      .reply(200, { name: `${enterprise}/policies/p` });
    google().post(tokensPath).times(3).reply(200, tokenBody("t1"));
    await Promise.all([provider.createEnrollment({}), provider.createEnrollment({})]);
    await provider.createEnrollment({});
  });

  it("refuses while it is missing, and asks again", async () => {
    const { provider } = createProvider({ verifyPolicy: true });
    google()
      .get(policyPath("default"))
      .query(true)
      .reply(404, refusal(404, "NOT_FOUND", "Requested entity was not found."));
    await expect(provider.createEnrollment({})).rejects.toMatchObject({
      code: "failed-precondition",
      path: "profile",
    });
    google()
      .get(policyPath("default"))
      .query(true)
      .reply(200, { name: `${enterprise}/policies/default` });
    google().post(tokensPath).reply(200, tokenBody("t1"));
    await provider.createEnrollment({});
  });

  it("names the extras if they chose the policy that is missing", async () => {
    const { provider } = createProvider({ verifyPolicy: true, policy: "p" });
    google()
      .get(policyPath("q"))
      .query(true)
      .reply(404, refusal(404, "NOT_FOUND", "Requested entity was not found."));
    await expect(provider.createEnrollment({ extras: { policy: "q" } })).rejects.toMatchObject({
      code: "failed-precondition",
      path: "extras.policy",
    });
  });

  it("lets the refusal of a look-up through, and does not remember it", async () => {
    const { provider } = createProvider({ verifyPolicy: true, policy: "p" });
    google()
      .get(policyPath("p"))
      .query(true)
      .reply(403, refusal(403, "PERMISSION_DENIED", "no"));
    await expect(provider.createEnrollment({})).rejects.toMatchObject({ code: "forbidden" });
    google().get(policyPath("p")).query(true).reply(200, { name: "p" });
    google().post(tokensPath).reply(200, tokenBody("t1"));
    await provider.createEnrollment({});
  });
});

describe("roles", () => {
  it.each(["t1", `${enterprise}/enrollmentTokens/t1`])("gets %s again", async (id) => {
    google().get(`${tokensPath}/t1`).reply(200, tokenBody("t1"));
    const enrollment = await createProvider().provider.retrieval.get(id);
    expect(enrollment).toMatchObject({
      id: `${enterprise}/enrollmentTokens/t1`,
      provider: "android-management",
    });
    expect(enrollment.warnings.map(({ code }) => code)).toEqual(["partial-view", "partial-view"]);
  });

  it("does not find what is not live", async () => {
    google()
      .get(`${tokensPath}/t1`)
      .reply(404, refusal(404, "NOT_FOUND", "Requested entity was not found."));
    await expect(createProvider().provider.retrieval.get("t1")).rejects.toMatchObject({ code: "not-found" });
  });

  it.each(["enterprises/LC99/enrollmentTokens/t1", "a/b", "..", "", "a\ud800"])(
    "refuses the id %j",
    async (id) => {
      const { provider } = createProvider();
      const error = { code: "invalid-request", path: "id", provider: "android-management" };
      await expect(provider.retrieval.get(id)).rejects.toMatchObject(error);
      await expect(provider.revocation.revoke(id)).rejects.toMatchObject(error);
    },
  );

  it.each([
    ["a live one", 200, {}],
    ["one that is gone", 404, refusal(404, "NOT_FOUND", "Requested entity was not found.")],
  ])("revokes %s", async (_name, status, body) => {
    google().delete(`${tokensPath}/t1`).reply(status, body);
    await expect(createProvider().provider.revocation.revoke("t1")).resolves.toBeUndefined();
  });

  it("does not take a web page for a revocation", async () => {
    google().delete(`${tokensPath}/t1`).reply(404, "<html></html>", { "content-type": "text/html" });
    await expect(createProvider().provider.revocation.revoke("t1")).rejects.toMatchObject({
      code: "invalid-config",
    });
  });

  it("lists policies by the id that settings take", async () => {
    google()
      .get(`/v1/${enterprise}/policies`)
      .query(true)
      .reply(200, { policies: [{ name: `${enterprise}/policies/warehouse` }] });
    const policies = [];
    for await (const policy of createProvider().provider.policies.list()) policies.push(policy);
    expect(policies).toEqual([{ id: "warehouse", name: "warehouse" }]);
  });

  it.each([
    [200, { name: `${enterprise}/policies/p` }, true],
    [404, refusal(404, "NOT_FOUND", "Requested entity was not found."), false],
  ])("a policy look-up that answers %i: %s", async (status, body, exists) => {
    google().get(`/v1/${enterprise}/policies/p`).query(true).reply(status, body);
    expect(await createProvider().provider.policies.exists("p")).toBe(exists);
  });
});

describe("the plugin", () => {
  it("reads a config and makes the provider that it names", () => {
    const settings = androidManagementPlugin.settings.parse({
      enterprise: "LC1",
      credentials: keyFile("https://oauth2.googleapis.com/token"),
      lifetimeCap: "vendor-maximum",
      validFor: "P2D",
      uses: "unlimited",
    });
    const { name, descriptor } = androidManagementPlugin.create("phones", settings);
    expect(name).toBe("phones");
    expect(descriptor.lifetime).toMatchObject({ max: "PT315576000000S", default: "PT172800S" });
    expect(descriptor.uses.default).toBe("unlimited");
  });

  it("shows what holds with default settings", () => {
    expect(androidManagementPlugin.descriptor).toBe(androidManagementDescriptor);
    expect(createProvider().provider.descriptor).toEqual({ ...androidManagementDescriptor, profiles: [] });
    expect(androidManagementDescriptor.hosts).toContain(new URL(host).hostname);
  });

  it("a quota that Google has changed is the quota it tells", () => {
    const { descriptor } = createProvider({ callsPer100Seconds: 5000 }).provider;
    expect(descriptor.quotas).toEqual([{ calls: 5000, per: "PT100S", scope: "project" }]);
  });

  it("settings that are wrong are all named at once", () => {
    expect(() => createAndroidManagement({ enterprise: "a b", policy: "c/d" })).toThrow(
      expect.objectContaining({
        code: "invalid-config",
        message: expect.stringMatching(/policy .*; enterprise .*; credentials /) as string,
      }) as Error,
    );
  });
});
