import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callerOf, type Caller } from "../../test/applivery-caller.js";
import { manualClock } from "../base/clock.js";
import { startAppliverySimulator, type AppliveryCredentialSeed, type AppliverySimulator } from "./index.js";

const tokens = "/mdm/apple/enterprise/enrollment-tokens";
const anyId = "65a1b2c3d4e5f60718293a4b";
let simulator: AppliverySimulator;
let call: Caller;

beforeEach(async () => {
  simulator = await startAppliverySimulator({ clock: manualClock() });
  call = callerOf(simulator.credentials);
});
afterEach(() => simulator.close());

const callAs = (seed: AppliveryCredentialSeed): Caller => {
  const [credentials] = simulator.seed({ credentials: [seed] }).credentials;
  if (credentials === undefined) throw new Error("no credentials were made");
  return callerOf({ ...credentials, organization: simulator.credentials.organization });
};

describe("authentication", () => {
  it.each([
    ["no header", undefined, 4002, "No auth token"],
    ["another scheme", "Basic YTpi", 4002, "No auth token"],
    ["a scheme without a token", "Bearer ", 4002, "No auth token"],
    ["an unknown token", "Bearer 0123456789abcdef", 4004, "Invalid Token"],
  ])("%s is a 401", async (_, authorization, code, message) => {
    const { baseUrl } = simulator.credentials;
    const response = await fetch(`${baseUrl}/organizations/acme/segments`, {
      headers: authorization === undefined ? {} : { authorization },
    });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ status: false, error: { code, message } });
  });

  it("takes the scheme word in any letter case", async () => {
    const authorization = `bearer ${simulator.credentials.token}`;
    expect((await call("GET", "", undefined, { authorization })).status).toBe(200);
  });

  it("comes before everything but the route", async () => {
    const headers = { authorization: "Bearer wrong" };
    expect((await call("POST", tokens, { sendEmail: 1 }, headers)).error.code).toBe(4004);
    expect((await call("GET", "/mdm/nothing", undefined, headers)).error.code).toBe(3001);
  });
});

describe("permissions", () => {
  it.each<[string, AppliveryCredentialSeed, number, number]>([
    ["an admin", { role: "admin" }, 200, 404],
    ["a developer", { role: "developer" }, 200, 401],
    ["a viewer", { role: "viewer" }, 200, 401],
    ["the exact permissions", { permissions: ["mdm.apple.enrollmentToken.create"] }, 401, 404],
    ["no permissions", { permissions: [] }, 401, 401],
  ])("%s", async (_, seed, listing, creating) => {
    const callAsSeeded = callAs(seed);
    expect((await callAsSeeded("GET", tokens)).status).toBe(listing);
    expect((await callAsSeeded("POST", tokens, { sendEmail: false, mdmUserId: anyId })).status).toBe(
      creating,
    );
    expect((await callAsSeeded("GET", "")).status).toBe(200);
  });

  it.each([
    ["unauthorized", 401, 4001, "Unauthorized"],
    ["forbidden", 403, 4003, "Forbidden"],
  ] as const)("a missing one is %s by switch", async (how, status, code, message) => {
    simulator.behavior.missingPermission = how;
    const answer = await callAs({ role: "viewer" })("DELETE", `${tokens}/${anyId}`);
    expect(answer).toMatchObject({ status, error: { code, message } });
  });

  it("of a role can be changed", async () => {
    simulator.behavior.rolePermissions.developer = ["mdm.apple.*", "*.create"];
    expect(
      (await callAs({ role: "developer" })("POST", "/mdm/users", { email: "a@example.com" })).status,
    ).toBe(200);
    expect((await callAs({ role: "developer" })("GET", tokens)).status).toBe(401);
  });

  it.each([
    ["GET", "/mdm/users", "mdm.global.mdmUser.list"],
    ["POST", "/mdm/users", "mdm.global.mdmUser.create"],
    ["GET", `/mdm/users/${anyId}`, "mdm.global.mdmUser.get"],
    ["PUT", `/mdm/users/${anyId}`, "mdm.global.mdmUser.update"],
    ["DELETE", `/mdm/users/${anyId}`, "mdm.global.mdmUser.remove"],
    ["GET", "/mdm/users/tags", "mdm.global.mdmUser.list"],
    ["GET", "/segments", "base.organization.segment.list"],
    ...["apple", "windows"].flatMap((platform) => {
      const path = `/mdm/${platform}/enterprise/enrollment-tokens`;
      return [
        ["GET", `${path}/${anyId}`, `mdm.${platform}.enrollmentToken.get`],
        ["PUT", `${path}/${anyId}`, `mdm.${platform}.enrollmentToken.update`],
      ] as const;
    }),
    ...["apple", "windows", "aosp"].flatMap((platform) => {
      const path = `/mdm/${platform}/enterprise/enrollment-tokens`;
      return [
        ["POST", path, `mdm.${platform}.enrollmentToken.create`],
        ["POST", `${path}/bulk`, `mdm.${platform}.enrollmentToken.create`],
        ["GET", path, `mdm.${platform}.enrollmentToken.list`],
        ["DELETE", `${path}/${anyId}`, `mdm.${platform}.enrollmentToken.remove`],
      ] as const;
    }),
  ] as const)("%s %s needs %s alone", async (method, path, permission) => {
    const body = method === "POST" || method === "PUT" ? {} : undefined;
    expect((await callAs({ permissions: [`${permission}.not`] })(method, path, body)).status).toBe(401);
    expect((await callAs({ permissions: [permission] })(method, path, body)).status).not.toBe(401);
  });
});

describe("the organization", () => {
  it("is found by slug and by id, with and without a slash at the end", async () => {
    const { organizationId } = simulator.credentials;
    const byId = callerOf({ ...simulator.credentials, organization: organizationId });
    expect((await call("GET", "/")).data).toEqual({ id: organizationId, slug: "acme", name: "Acme" });
    expect((await byId("GET", "")).data.id).toBe(organizationId);
    expect((await byId("GET", `${tokens}/`)).status).toBe(200);
  });

  it.each([
    ["nobody-is-called-so", 404, 3001],
    ["ab", 400, 0],
    ["under_score", 400, 0],
    ["other", 401, 4001],
  ])("%s is answered with %i", async (organization, status, code) => {
    simulator.seed({ organizations: [{ slug: "other" }] });
    const elsewhere = callerOf({ ...simulator.credentials, organization });
    expect(await elsewhere("GET", "")).toMatchObject({ status, error: { code } });
  });

  it.each([
    ["not-found", 404, 3001],
    ["unauthorized", 401, 4001],
  ] as const)("an unknown route is %s by switch", async (unknownRoute, status, code) => {
    simulator.behavior.unknownRoute = unknownRoute;
    expect(await call("GET", "/mdm/android/enterprise/enrollment-tokens")).toMatchObject({
      status,
      error: { code },
    });
  });
});

describe("the quota", () => {
  const burst = async (count: number) => {
    const statuses: Record<number, number> = {};
    for (let index = 0; index < count; index += 1) {
      const { status } = await call("GET", "");
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    return statuses;
  };

  it("holds on the machine's clock unless told otherwise, and not on another", async () => {
    const running = await startAppliverySimulator();
    const unlimited = await startAppliverySimulator({ enforceQuota: false });
    expect(running.behavior.enforceQuota).toBe(true);
    expect(unlimited.behavior.enforceQuota).toBe(false);
    expect(simulator.behavior.enforceQuota).toBe(false);
    await Promise.all([running.close(), unlimited.close()]);
  });

  it("lets 100 through at once, then as many as the hour has room for", async () => {
    simulator.behavior.enforceQuota = true;
    expect(await burst(103)).toEqual({ 200: 100, 429: 3 });
    simulator.clock.advance(3600);
    expect(await burst(12)).toEqual({ 200: 10, 429: 2 });
    simulator.clock.advance(3_600_000);
    expect(await burst(101)).toEqual({ 200: 100, 429: 1 });
    expect(simulator.stats()).toMatchObject({ requests: 216, rateLimited: 6 });
  });

  it("answers a 429 with the seconds to wait", async () => {
    Object.assign(simulator.behavior, { enforceQuota: true, burst: 1, throttledErrorCode: 77 });
    await call("GET", "");
    const refused = await call("GET", "");
    expect(refused).toMatchObject({ status: 429, error: { code: 77 } });
    expect(refused.headers.get("retry-after")).toBe("2");
    simulator.behavior.retryAfterSeconds = 30;
    expect((await call("GET", "")).headers.get("retry-after")).toBe("30");
  });

  it.each([
    ["credential", 200],
    ["organization", 429],
  ] as const)("is shared per %s by switch", async (quotaScope, status) => {
    const other = callAs({});
    Object.assign(simulator.behavior, { enforceQuota: true, burst: 1, quotaScope });
    await call("GET", "");
    expect((await other("GET", "")).status).toBe(status);
  });
});
