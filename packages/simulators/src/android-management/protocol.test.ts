import { request } from "node:http";
import { gunzipSync } from "node:zlib";
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

describe("routing", () => {
  it.each([
    ["GET", "/v1/enterprises/LC0default/enrollmentTokens/a/b"],
    ["GET", "/v1/enterprises/LC0default,/enrollmentToken"],
    ["PUT", "/v1/enterprises/LC0default/enrollmentTokens"],
    ["PATCH", "/v1/enterprises/LC0default/enrollmentTokens/x"],
    ["POST", "/batch"],
    ["GET", "/"],
  ])("%s %s ends at the front end with a page", async (method, path) => {
    const response = await call(path, { method });
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("text/html; charset=UTF-8");
    expect(response.headers.get("server")).toBe("ESF");
    expect(await response.text()).toMatch(/^<!DOCTYPE html>/);
  });

  it.each([
    ["site%201", "site 1"],
    ["a+b", "a+b"],
    ["%C3%A9", "é"],
  ])("decodes the id %s", async (path, id) => {
    simulator.seed({ policies: [{ id }] });
    const response = await call(`/v1/enterprises/LC0default/policies/${path}`);
    expect(await response.json()).toMatchObject({ name: `enterprises/LC0default/policies/${id}` });
  });
});

describe("answers", () => {
  it("carry the front end's headers and are indented unless that is turned off", async () => {
    const pretty = await call("/v1/enterprises/LC0default");
    expect(Object.fromEntries(pretty.headers)).toMatchObject({
      "content-type": "application/json; charset=UTF-8",
      server: "ESF",
      vary: "Origin, X-Origin, Referer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "SAMEORIGIN",
      "x-xss-protection": "0",
    });
    expect(await pretty.text()).toContain('{\n  "enterpriseDisplayName": ');
    const compact = await call("/v1/enterprises/LC0default?prettyPrint=false");
    expect(await compact.text()).toContain('{"enterpriseDisplayName":');
  });

  it("are compressed when asked, faults included", async () => {
    simulator.seed({ enrollmentTokens: [{}] });
    simulator.failNext({ kind: "unknown-fields" });
    const token = simulator.issueAccessToken();
    const [encoding, body] = await new Promise<[string | undefined, Buffer]>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "accept-encoding": "gzip" };
      request(`${simulator.url}${tokens}`, { headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          resolve([response.headers["content-encoding"], Buffer.concat(chunks)]);
        });
      })
        .on("error", reject)
        .end();
    });
    expect(encoding).toBe("gzip");
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({
      enrollmentTokens: [{ addedByALaterVersion: {} }],
    });
  });

  it.each([204, 503])("may be a fault of %i without a body", async (status) => {
    simulator.failNext({ kind: "status", status });
    const response = await call(tokens);
    expect([response.status, await response.text()]).toEqual([status, ""]);
  });

  it.each([
    ["name", { name: "enterprises/LC0default" }],
    ["name,enabledNotificationTypes", { name: "enterprises/LC0default", enabledNotificationTypes: [] }],
    ["contactInfo/email", {}],
  ])("hold only the fields %s", async (fields, expected) => {
    const response = await call(`/v1/enterprises/LC0default?fields=${encodeURIComponent(fields)}`);
    const body = (await response.json()) as object;
    expect(Object.keys(body).sort()).toEqual(Object.keys(expected).sort());
  });

  it("cut lists down to nested fields", async () => {
    simulator.seed({ enrollmentTokens: [{}, {}] });
    const fields = encodeURIComponent("enrollmentTokens(name,value),nextPageToken");
    const response = await call(`${tokens}?pageSize=1&fields=${fields}`);
    const body = (await response.json()) as { enrollmentTokens: object[]; nextPageToken: string };
    expect(body.enrollmentTokens.map((token) => Object.keys(token).sort())).toEqual([["name", "value"]]);
    expect(body.nextPageToken).toBeTypeOf("string");
  });

  it("are refused for a malformed field mask before anything is done", async () => {
    const response = await call(`${tokens}?fields=a(b`, { method: "POST", body: "{}" });
    expect(response.status).toBe(400);
    expect(simulator.enrollments()).toEqual([]);
  });

  it("repeat an error in the older format when asked", async () => {
    const error = await errorOf(await call(`${tokens}/x?$.xgafv=1`));
    expect(error.errors).toEqual([
      { message: "Requested entity was not found.", domain: "global", reason: "notFound" },
    ]);
  });
});

describe("query parameters", () => {
  it.each([
    ["foo=1", `Invalid JSON payload received. Unknown name "foo": Cannot bind query parameter.`],
    ["pageSize=ten", `Invalid value at 'page_size' (TYPE_INT32), "ten"`],
    ["pageSize=-1", "Page size must not be negative."],
    ["pageToken=x", "Invalid page token."],
  ])("?%s", async (query, message) => {
    const error = await errorOf(await call(`${tokens}?${query}`));
    expect(error).toMatchObject({ code: 400, status: "INVALID_ARGUMENT" });
    expect(error.message).toContain(message);
  });

  it.each(["page_size=5", "quotaUser=me&alt=json", "pageSize=0", "pageToken="])(
    "?%s is fine",
    async (query) => {
      expect((await call(`${tokens}?${query}`)).status).toBe(200);
    },
  );
});
