import { describe, expect, it } from "vitest";
import { call, json, requestToken, simulate } from "../../test/eset-connect-calls.js";
import type { EsetConnectBehavior } from "./index.js";

const anyGroups = "GET deviceManagement/v1/device_groups";
const anyImport = "POST deviceManagement/v1/devices:batchImport";

describe("authorization", () => {
  it.each<[string, Record<string, string>, number]>([
    ["malformed", { authorization: "token" }, 400],
    ["of another scheme", { authorization: "Basic YTpi" }, 400],
    ["empty", { authorization: "" }, 400],
    ["unknown", { authorization: "Bearer unknown" }, 401],
  ])("%s: %j is %i", async (_what, headers, status) => {
    expect((await call(await simulate(), anyGroups, { headers })).status).toBe(status);
  });

  it("missing is 400", async () => {
    const simulator = await simulate();
    const response = await fetch(`${simulator.baseUrls.deviceManagement}/v1/device_groups`);
    expect(response.status).toBe(400);
  });

  it("of an expired token is 401", async () => {
    const simulator = await simulate();
    const token = simulator.issueAccessToken();
    simulator.clock.advance(3_600_000);
    expect((await call(simulator, anyGroups, { token })).status).toBe(401);
  });

  it("of a user whose access is denied is 403 on every call", async () => {
    const simulator = await simulate();
    simulator.seed({ apiUsers: [{ username: "new", password: "x", access: "denied" }] });
    const answer = await requestToken(simulator, { grant_type: "password", username: "new", password: "x" });
    const token = (json(answer) as { access_token: string }).access_token;
    expect((await call(simulator, anyGroups, { token })).status).toBe(403);
    expect((await call(simulator, anyImport, { token, body: {} })).status).toBe(403);
  });
});

describe("every answer", () => {
  it.each([
    ["GET deviceManagement/v1/device_groups", 200],
    ["GET deviceManagement/v1/devices/unknown", 404],
    ["GET deviceManagement/v1/unknown", 404],
    ["PUT deviceManagement/v1/devices", 404],
    ["GET mobileDeviceManagement/v1/device_groups", 404],
    ["POST deviceManagement/v1/mobile-devices:batchGetEnrollmentLinks", 404],
    ["POST deviceManagement/v1/groups", 404],
    ["POST assetManagement/v1/gpo-sccm-files:generate", 404],
    ["POST deviceManagement/oauth/token", 404],
    ["GET businessAccount/oauth/token", 404],
    ["GET deviceManagement/v1/devices:batchGet", 400],
    [`GET deviceManagement/v1/devices/${"x".repeat(101)}`, 400],
  ])("to %s is %i with a request-id of its own", async (operation, status) => {
    const simulator = await simulate();
    const answers = [await call(simulator, operation), await call(simulator, operation)];
    expect(answers.map((answer) => answer.status)).toEqual([status, status]);
    expect(new Set(answers.map(({ headers }) => headers.get("request-id"))).size).toBe(2);
    expect(answers.every(({ headers }) => !headers.has("retry-after"))).toBe(true);
  });

  it("has a request-id in an injected fault too, unless that brings its own", async () => {
    const simulator = await simulate();
    simulator.failNext({ kind: "status", status: 500 });
    simulator.failNext({ kind: "status", status: 500, headers: { "request-id": "own" } });
    const [first, second] = [await call(simulator, anyGroups), await call(simulator, anyGroups)];
    expect(first.headers.get("request-id")).toMatch(/^[-0-9a-f]{36}$/);
    expect(second.headers.get("request-id")).toBe("own");
  });
});

describe("error bodies", () => {
  it.each<[EsetConnectBehavior["errorBodies"], string]>([
    ["empty", ""],
    ["rpc-status", '{"code":5,"message":"no device unknown","details":[]}'],
  ])("%s: %s", async (errorBodies, text) => {
    const simulator = await simulate({ behavior: { errorBodies } });
    const answer = await call(simulator, "GET deviceManagement/v1/devices/unknown");
    expect([answer.status, answer.text]).toEqual([404, text]);
  });
});

describe("the edge filter", () => {
  const plain = { body: { devices: [{ displayName: "plain" }] } };
  const markup = { body: { devices: [{ displayName: "<b>" }] } };
  it.each<[EsetConnectBehavior["edgeRejects"], number, number]>([
    ["nothing", 200, 200],
    ["markup", 200, 403],
    ["api-calls", 403, 403],
    ["everything", 403, 403],
    ["token-calls", 200, 200],
  ])("set to %s answers %i, and markup %i", async (edgeRejects, first, second) => {
    const simulator = await simulate({ behavior: { edgeRejects } });
    const answers = [await call(simulator, anyImport, plain), await call(simulator, anyImport, markup)];
    expect(answers.map(({ status }) => status)).toEqual([first, second]);
    for (const { status, headers, text } of answers) {
      expect(headers.has("request-id")).toBe(status === 200);
      expect(text.startsWith("<html>")).toBe(status === 403);
    }
  });
});

describe("a request", () => {
  it.each<[string, string | object, string]>([
    ["that is not JSON", "{", "application/json"],
    ["of another content type", '{"devices":[{"displayName":"a"}]}', "text/plain"],
    ["with a list for an object", [], "application/json"],
    ["with a value of the wrong type", { devices: [{ displayName: 5 }] }, "application/json"],
    ["with an unknown member", { devices: [{ displayName: "a", name: "b" }] }, "application/json"],
  ])("%s is 400 and does nothing", async (_what, body, type) => {
    const simulator = await simulate();
    const answer = await call(simulator, anyImport, { body, headers: { "content-type": type } });
    expect(answer.status).toBe(400);
    expect(simulator.devices()).toEqual([]);
  });

  it("may hold unknown members and parameters if the switch says so", async () => {
    const simulator = await simulate({ behavior: { unknownFields: "ignore" } });
    const body = { devices: [{ displayName: "a", name: "b" }, { displayName: "c" }], more: {} };
    expect((await call(simulator, anyImport, { body })).status).toBe(200);
    expect(simulator.devices().map(({ displayName }) => displayName)).toEqual(["a", "c"]);
    expect((await call(simulator, `${anyGroups}?page_size=1`)).status).toBe(200);
    simulator.behavior.unknownFields = "refuse";
    expect((await call(simulator, `${anyGroups}?page_size=1`)).status).toBe(400);
  });

  it("must name its integration once ESET requires it", async () => {
    const simulator = await simulate({ behavior: { integrationHeader: "required" } });
    expect((await call(simulator, anyGroups)).status).toBe(403);
    const headers = { "3rd-integration": "EnrollKit" };
    expect((await call(simulator, anyGroups, { headers })).status).toBe(200);
  });
});

describe("unset fields", () => {
  it.each<[EsetConnectBehavior["unsetFields"], boolean]>([
    ["empty", true],
    ["absent", false],
  ])("may be %s", async (unsetFields, present) => {
    const simulator = await simulate({ behavior: { unsetFields } });
    const [device] = simulator.seed({ devices: [{ displayName: "a", isMobile: false }] }).devices;
    const one = await call(simulator, `GET deviceManagement/v1/devices/${device?.uuid ?? ""}`);
    const { device: shown } = json(one) as { device: object };
    const page = json(await call(simulator, anyGroups)) as object;
    expect("isMobile" in shown).toBe(present);
    expect("description" in shown).toBe(present);
    expect("tags" in shown).toBe(present);
    expect("nextPageToken" in page).toBe(present);
    expect(shown).toMatchObject({ displayName: "a", etag: '"1"' });
  });
});
