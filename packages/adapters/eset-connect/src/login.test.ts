import type { EnrollmentErrorCode } from "@enrollkit/core";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { allowLogin, createRuntime, errorOf, hosts, sampleBody, settings } from "../test/nock-vendor.js";
import { createClient, type EsetConnectClient } from "./client.js";

beforeEach(() => {
  nock.disableNetConnect();
});
afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

describe("the login", () => {
  const first = { grant_type: "password", username: "api.user@example.com", password: "p&ss=w+rd %" };
  const refresh = { grant_type: "refresh_token", refresh_token: "sample-refresh-token" };
  const second = { ...sampleBody("token"), access_token: "second-token", refresh_token: "second-refresh" };
  const hour = 3_600_000;

  const mockGroups = (token: string) =>
    nock(hosts.devices)
      .get("/v1/device_groups?pageSize=1")
      .matchHeader("authorization", `Bearer ${token}`)
      .reply(200, {});
  const readGroups = (client: EsetConnectClient) => client.listDeviceGroups({ pageSize: 1 });

  it("is a form, with every character of the password in place", async () => {
    const scope = nock(hosts.iam)
      .post("/oauth/token", first)
      .matchHeader("content-type", /^application\/x-www-form-urlencoded/)
      .matchHeader("accept", /application\/json/)
      .matchHeader("authorization", (value) => (value as unknown) === undefined)
      .reply(200, sampleBody("token"));
    await createClient(settings, createRuntime()).authorize();
    expect(scope.isDone()).toBe(true);
  });

  it("is renewed by the refresh token before the access token ends", async () => {
    const runtime = createRuntime();
    const client = createClient(settings, runtime);
    nock(hosts.iam).post("/oauth/token", first).reply(200, sampleBody("token"));
    mockGroups("sample-access-token");
    await readGroups(client);
    runtime.clock.advance(hour - 30_000);
    nock(hosts.iam).post("/oauth/token", refresh).reply(200, second);
    mockGroups("second-token");
    await readGroups(client);
    expect(nock.isDone()).toBe(true);
  });

  it.each([400, 401, 403, 500])("falls back to the password when a refresh ends with %i", async (status) => {
    const runtime = createRuntime();
    const client = createClient(settings, runtime);
    nock(hosts.iam).post("/oauth/token", first).reply(200, sampleBody("token"));
    await client.authorize();
    runtime.clock.advance(hour);
    nock(hosts.iam).post("/oauth/token", refresh).reply(status, { error: "invalid_grant" });
    nock(hosts.iam).post("/oauth/token", first).reply(200, second);
    mockGroups("second-token");
    await readGroups(client);
    expect(nock.isDone()).toBe(true);
  });

  it("is done once more when a call says that the token has expired", async () => {
    const client = createClient(settings, createRuntime());
    nock(hosts.iam).post("/oauth/token", first).reply(200, sampleBody("token"));
    nock(hosts.devices).get("/v1/device_groups?pageSize=1").reply(401);
    nock(hosts.iam).post("/oauth/token", refresh).reply(200, second);
    mockGroups("second-token");
    await readGroups(client);
    expect(nock.isDone()).toBe(true);
  });

  it.each<[number, object | string, EnrollmentErrorCode, string]>([
    [400, { error: "invalid_grant" }, "unauthenticated", "refused the login"],
    [401, "", "unauthenticated", "refused the login"],
    [403, "<html>volt-adc</html>", "forbidden", "denied the login"],
    [404, "", "invalid-config", "no token endpoint"],
    [415, "", "protocol", "did not read the login as a form"],
    [503, "", "unavailable", "maintenance"],
  ])("that is answered %i fails, and shows no credential", async (status, body, code, message) => {
    nock(hosts.iam).post("/oauth/token").times(10).reply(status, body);
    const error = await errorOf(createClient(settings, createRuntime()).importDevices({ devices: [] }));
    expect(error).toMatchObject({ code, httpStatus: status });
    expect(error.message).toContain(message);
    expect(JSON.stringify(error)).not.toMatch(/p&ss|api\.user|@example/);
  });
});

describe("the integration header", () => {
  const mockGroups = () => nock(hosts.devices).get("/v1/device_groups?pageSize=1");
  const absent = (value: unknown) => value === undefined;

  it("is sent if the settings name an integration", async () => {
    allowLogin();
    mockGroups().matchHeader("3rd-integration", "Acme MDM").matchHeader("version", "1.2").reply(200, {});
    const client = createClient(
      { ...settings, integration: { name: "Acme MDM", version: "1.2" } },
      createRuntime(),
    );
    expect(await client.listDeviceGroups({ pageSize: 1 })).toEqual({ items: [], next: undefined });
  });

  it("is left out otherwise", async () => {
    allowLogin();
    mockGroups().matchHeader("3rd-integration", absent).matchHeader("version", absent).reply(200, {});
    const client = createClient(settings, createRuntime());
    expect(await client.listDeviceGroups({ pageSize: 1 })).toEqual({ items: [], next: undefined });
  });
});
