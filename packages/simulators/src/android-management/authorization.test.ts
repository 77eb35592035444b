import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { errorOf, sendTo } from "../../test/android-management-calls.js";
import { manualClock } from "../base/clock.js";
import { startAndroidManagementSimulator, type AndroidManagementSimulator } from "./index.js";

let simulator: AndroidManagementSimulator;
let tokens: string;

beforeEach(async () => {
  simulator = await startAndroidManagementSimulator({ clock: manualClock() });
  tokens = `/v1/${simulator.enterpriseName}/enrollmentTokens`;
});
afterEach(() => simulator.close());

const call = (path: string, request?: Parameters<typeof sendTo>[2]) => sendTo(simulator, path, request);

describe("credentials of a request", () => {
  const cases: readonly [string, () => Promise<Response>, number, string, string | undefined][] = [
    ["none", () => call(tokens, { token: "" }), 401, "UNAUTHENTICATED", "CREDENTIALS_MISSING"],
    [
      "an API key",
      () => call(`${tokens}?key=AIza`, { token: "" }),
      401,
      "UNAUTHENTICATED",
      "CREDENTIALS_MISSING",
    ],
    [
      "an unknown token",
      () => call(tokens, { token: "ya29.x" }),
      401,
      "UNAUTHENTICATED",
      "ACCESS_TOKEN_TYPE_UNSUPPORTED",
    ],
    [
      "another scheme",
      () => fetch(`${simulator.url}${tokens}`, { headers: { authorization: "Basic eDp5" } }),
      401,
      "UNAUTHENTICATED",
      "ACCESS_TOKEN_TYPE_UNSUPPORTED",
    ],
    [
      "a revoked token",
      () => {
        const token = simulator.issueAccessToken();
        simulator.revokeAccessTokens();
        return call(tokens, { token });
      },
      401,
      "UNAUTHENTICATED",
      "ACCESS_TOKEN_TYPE_UNSUPPORTED",
    ],
    [
      "an expired token",
      () => {
        const token = simulator.issueAccessToken({ lifetimeSeconds: 60 });
        simulator.clock.advance(60_000);
        return call(tokens, { token });
      },
      401,
      "UNAUTHENTICATED",
      "ACCESS_TOKEN_EXPIRED",
    ],
    [
      "another scope",
      () =>
        call(tokens, {
          token: simulator.issueAccessToken({ scopes: ["https://www.googleapis.com/auth/cloud-platform"] }),
        }),
      403,
      "PERMISSION_DENIED",
      "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
    ],
    [
      "a project without the API",
      () => {
        simulator.seed({
          projects: [{ id: "off", apiEnabled: false }],
          serviceAccounts: [{ clientEmail: "a@off.iam.gserviceaccount.com", projectId: "off" }],
        });
        const token = simulator.issueAccessToken({ clientEmail: "a@off.iam.gserviceaccount.com" });
        return call(tokens, { token });
      },
      403,
      "PERMISSION_DENIED",
      "SERVICE_DISABLED",
    ],
  ];
  it.each(cases)("%s", async (_, send, status, canonical, reason) => {
    const response = await send();
    expect(response.status).toBe(status);
    expect(response.headers.get("www-authenticate")).toBe(
      status === 401 ? 'Bearer realm="https://accounts.google.com/"' : null,
    );
    const error = await errorOf(response);
    expect(error).toMatchObject({ code: status, status: canonical });
    expect(error.details?.[0]).toMatchObject({
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      domain: "googleapis.com",
      reason,
    });
  });

  it("may stand in the query", async () => {
    const response = await call(`${tokens}?access_token=${simulator.issueAccessToken()}`, { token: "" });
    expect(response.status).toBe(200);
  });
});

describe("whose enterprise it is", () => {
  it.each([
    ["an id that never existed", "LCnobody00"],
    ["another project's enterprise", "LCforeign0"],
    ["a deleted enterprise", "LC0default"],
  ])("%s is refused before the body is looked into", async (_, id) => {
    simulator.seed({
      projects: [{ id: "other" }],
      enterprises: [{ id: "LCforeign0", projectId: "other" }],
    });
    simulator.deleteEnterprise();
    const response = await call(`/v1/enterprises/${id}/enrollmentTokens`, {
      method: "POST",
      body: '{"duration":"1s"}',
    });
    expect(response.status).toBe(403);
    expect(await errorOf(response)).toEqual({
      code: 403,
      message: "Caller is not authorized to manage enterprise.",
      status: "PERMISSION_DENIED",
    });
  });

  it("can be made to say that an unknown enterprise does not exist", async () => {
    simulator.behavior.unknownEnterprise = "not-found";
    expect((await call("/v1/enterprises/LCnobody00/devices")).status).toBe(404);
  });
});

describe("quota", () => {
  const spend = async (count: number) => {
    const statuses = new Set<number>();
    for (let index = 0; index < count; index += 1) statuses.add((await call(tokens)).status);
    return [...statuses];
  };

  beforeEach(async () => {
    await simulator.close();
    const quota = { requests: 5, perSeconds: 100 };
    simulator = await startAndroidManagementSimulator({ clock: manualClock(), quota, enforceQuota: true });
  });

  it("slides: a slot is free again 100 s after it was taken", async () => {
    expect(await spend(3)).toEqual([200]);
    simulator.clock.advance(60_000);
    expect(await spend(2)).toEqual([200]);
    expect(await spend(2)).toEqual([429]);
    simulator.clock.advance(40_000);
    expect(await spend(3)).toEqual([200]);
    expect(await spend(1)).toEqual([429]);
    expect(simulator.stats()).toMatchObject({ rateLimitRefusals: 3, byStatus: { 200: 8, 429: 3 } });
  });

  it("refuses with the vendor's words, and names a time only if told to", async () => {
    await spend(5);
    const plain = await call(tokens);
    expect(plain.headers.get("retry-after")).toBeNull();
    const error = await errorOf(plain);
    expect(error.message).toMatch(
      /^Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service 'androidmanagement\.googleapis\.com' for consumer 'project_number:\d+'\.$/,
    );
    expect(error).toMatchObject({
      code: 429,
      status: "RESOURCE_EXHAUSTED",
      details: [{ reason: "RATE_LIMIT_EXCEEDED", metadata: { quota_limit_value: "5" } }],
    });
    simulator.behavior.quotaRetryAfter = true;
    expect((await call(tokens)).headers.get("retry-after")).toBe("100");
  });

  it("counts per project, after authentication, and can be turned off", async () => {
    await spend(5);
    expect((await call(tokens, { token: "" })).status).toBe(401);
    const clientEmail = "b@other.iam.gserviceaccount.com";
    simulator.seed({
      projects: [{ id: "other" }],
      serviceAccounts: [{ clientEmail, projectId: "other", manages: [simulator.projectId] }],
    });
    expect((await call(tokens, { token: simulator.issueAccessToken({ clientEmail }) })).status).toBe(200);
    simulator.behavior.enforceQuota = false;
    expect(await spend(10)).toEqual([200]);
  });

  it.each([
    ["the machine's clock", {}, true],
    ["a clock passed in", { clock: manualClock() }, false],
  ])("is enforced by default on %s: %j", async (_, options, expected) => {
    const another = await startAndroidManagementSimulator(options);
    expect(another.behavior.enforceQuota).toBe(expected);
    await another.close();
  });
});
