import type { CheckFinding } from "@enrollkit/core";
import nock from "nock";
import { describe, expect, it } from "vitest";
import { createProvider, enterprise, google, keyFile, planEveryCall, refusal } from "../test/nock-google.js";

planEveryCall();

describe("check", () => {
  const statuses = (findings: readonly CheckFinding[]) =>
    findings.map(({ name, status }) => `${name}: ${status}`);

  it("passes, and says what it cannot know", async () => {
    const { provider } = createProvider({
      policy: "p",
      profiles: { a: { policy: "p" }, b: { policy: "q" } },
    });
    google().get(`/v1/${enterprise}`).query(true).reply(200, { name: enterprise });
    google().get(`/v1/${enterprise}/policies/p`).query(true).reply(200, { name: "p" });
    google().get(`/v1/${enterprise}/policies/q`).query(true).reply(200, { name: "q" });
    const { ok, findings } = await provider.check();
    expect(ok).toBe(true);
    expect(statuses(findings)).toEqual([
      "credentials: passed",
      "enterprise: passed",
      "policies: passed",
      "device-quota: not-checked",
    ]);
  });

  it.each<[string, number, unknown, readonly string[]]>([
    [
      "credentials that Google does not know",
      401,
      refusal(401, "UNAUTHENTICATED", "…"),
      [
        "credentials: failed",
        "enterprise: not-checked",
        "policies: not-checked",
        "device-quota: not-checked",
      ],
    ],
    [
      "an enterprise of somebody else",
      403,
      refusal(403, "PERMISSION_DENIED", "Caller is not authorized to manage enterprise."),
      ["credentials: passed", "enterprise: failed", "policies: not-checked", "device-quota: not-checked"],
    ],
    [
      "an enterprise that never was",
      404,
      refusal(404, "NOT_FOUND", "Requested entity was not found."),
      ["credentials: passed", "enterprise: failed", "policies: not-checked", "device-quota: not-checked"],
    ],
  ])("finds %s", async (_name, status, body, expected) => {
    google()
      .get(`/v1/${enterprise}`)
      .query(true)
      .reply(status, body as nock.Body)
      .persist();
    const { ok, findings } = await createProvider().provider.check();
    nock.cleanAll();
    expect(ok).toBe(false);
    expect(statuses(findings)).toEqual(expected);
  });

  it("says nothing of the credentials if nobody has looked at them", async () => {
    google().get(`/v1/${enterprise}`).query(true).reply(404, "<html></html>");
    const { ok, findings } = await createProvider().provider.check();
    expect(ok).toBe(false);
    expect(statuses(findings).slice(0, 2)).toEqual(["credentials: not-checked", "enterprise: failed"]);
  });

  it.each<[string, number, unknown]>([
    ["refuses the key", 400, { error: "invalid_grant", error_description: "Invalid JWT Signature." }],
    ["refuses in words of its own", 400, { error: "something_new" }],
    ["does not let anybody in", 403, "<html></html>"],
    ["is not there", 404, "<html></html>"],
  ])("does not pass credentials for which the token endpoint %s", async (_name, status, body) => {
    nock("https://oauth2.googleapis.com")
      .post("/token")
      .reply(status, body as nock.Body);
    const { provider } = createProvider({ credentials: keyFile("https://oauth2.googleapis.com/token") });
    const { ok, findings } = await provider.check();
    expect(ok).toBe(false);
    expect(statuses(findings).slice(0, 2)).toEqual(["credentials: failed", "enterprise: not-checked"]);
  });

  it("names the policies that are missing", async () => {
    const { provider } = createProvider({ policy: "p" });
    google().get(`/v1/${enterprise}`).query(true).reply(200, { name: enterprise });
    google()
      .get(`/v1/${enterprise}/policies/p`)
      .query(true)
      .reply(404, refusal(404, "NOT_FOUND", "…"));
    const { ok, findings } = await provider.check();
    expect(ok).toBe(false);
    expect(findings).toContainEqual({ name: "policies", status: "failed", message: "create first: p" });
  });

  it("does not check policies that are not named", async () => {
    google().get(`/v1/${enterprise}`).query(true).reply(200, { name: enterprise });
    const { ok, findings } = await createProvider().provider.check();
    expect(ok).toBe(true);
    expect(statuses(findings)).toContain("policies: not-checked");
  });

  it("rejects if there is no host of that name", async () => {
    const unknown = Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" });
    google().get(`/v1/${enterprise}`).query(true).replyWithError(unknown);
    await expect(createProvider().provider.check()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("rejects if Google cannot be reached at all", async () => {
    google().get(`/v1/${enterprise}`).query(true).reply(503).persist();
    await expect(createProvider().provider.check()).rejects.toMatchObject({ code: "unavailable" });
    nock.cleanAll();
  });
});
