import type { CheckFinding } from "@enrollkit/core";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProvider, enterprise, google, refusal } from "../test/nock-google.js";

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  expect(pending).toEqual([]);
});

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

  it("rejects if Google cannot be reached at all", async () => {
    google().get(`/v1/${enterprise}`).query(true).reply(503).persist();
    await expect(createProvider().provider.check()).rejects.toMatchObject({ code: "unavailable" });
    nock.cleanAll();
  });
});
