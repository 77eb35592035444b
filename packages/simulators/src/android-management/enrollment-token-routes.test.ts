import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callTokens } from "../../test/android-management-calls.js";
import { manualClock } from "../base/clock.js";
import {
  startAndroidManagementSimulator,
  type AndroidManagementBehavior,
  type AndroidManagementSimulator,
} from "./index.js";

let simulator: AndroidManagementSimulator;
const tokens = "/v1/enterprises/LC0default/enrollmentTokens";

beforeEach(async () => {
  simulator = await startAndroidManagementSimulator({ clock: manualClock("2026-09-20T10:15:30.481Z") });
});
afterEach(() => simulator.close());

const call = (method: string, path: string, body?: string) => callTokens(simulator, method, path, body);
const create = (input: object = {}) => call("POST", tokens, JSON.stringify(input));
const set = (behavior: Partial<AndroidManagementBehavior>) => Object.assign(simulator.behavior, behavior);

describe("list", () => {
  it("answers an empty object when there is nothing", async () => {
    expect(await call("GET", tokens)).toEqual({ status: 200, body: {} });
  });

  const walk = async (query: string) => {
    const pages: number[] = [];
    const names: string[] = [];
    for (let pageToken: string | undefined = ""; pageToken !== undefined;) {
      const { body } = await call("GET", `${tokens}?${query}&pageToken=${encodeURIComponent(pageToken)}`);
      pages.push(body.enrollmentTokens?.length ?? 0);
      names.push(...(body.enrollmentTokens ?? []).map(({ name }) => name));
      pageToken = body.nextPageToken;
    }
    return { pages, names };
  };

  it.each<[string, Partial<AndroidManagementBehavior>, readonly number[]]>([
    ["", {}, [...Array<number>(12).fill(10), 5]],
    ["pageSize=0", {}, [...Array<number>(12).fill(10), 5]],
    ["pageSize=60", {}, [60, 60, 5]],
    ["pageSize=125", {}, [100, 25]],
    ["pageSize=100", { pageFill: "short" }, [50, 50, 25]],
  ])("pages %s with %j", async (query, behavior, expected) => {
    set(behavior);
    const { enrollmentTokens } = simulator.seed({ enrollmentTokens: Array<object>(125).fill({}) });
    const { pages, names } = await walk(query);
    expect(pages).toEqual(expected);
    expect(names).toEqual(enrollmentTokens.map(({ name }) => name));
  });

  it("refuses a page token of another list", async () => {
    simulator.seed({ enrollmentTokens: [{}, {}] });
    const { body } = await call("GET", `${tokens}?pageSize=1`);
    const pageToken = encodeURIComponent(body.nextPageToken ?? "");
    const path = `/v1/enterprises/LC0default/devices?pageToken=${pageToken}`;
    expect((await call("GET", path)).status).toBe(400);
  });

  it("shows five fields, or two as it did until 2024", async () => {
    await create({ allowPersonalUsage: "PERSONAL_USAGE_ALLOWED", additionalData: "x", oneTimeOnly: true });
    const members = async () =>
      (await call("GET", tokens)).body.enrollmentTokens?.map((token) => Object.keys(token).sort());
    expect(await members()).toEqual([
      ["allowPersonalUsage", "expirationTimestamp", "name", "qrCode", "value"],
    ]);
    set({ tokenView: "name-and-expiration" });
    expect(await members()).toEqual([["expirationTimestamp", "name"]]);
  });
});

describe("get and delete", () => {
  const notFound = {
    status: 404,
    body: { error: { code: 404, message: "Requested entity was not found.", status: "NOT_FOUND" } },
  };

  it("shows an active token and forgets a deleted one", async () => {
    const { name, value = "" } = (await create()).body;
    expect((await call("GET", `/v1/${name}`)).body).toMatchObject({ name, value });
    expect(await call("DELETE", `/v1/${name}`)).toEqual({ status: 200, body: {} });
    expect(await call("GET", `/v1/${name}`)).toEqual(notFound);
    expect(await call("DELETE", `/v1/${name}`)).toEqual(notFound);
    expect(await call("DELETE", `${tokens}/unknown`)).toEqual(notFound);
    expect((await call("GET", tokens)).body).toEqual({});
    expect(simulator.enrollments()).toMatchObject([{ name, value, status: "deleted" }]);
  });

  it("leaves devices alone when their token is deleted", async () => {
    const { name, value = "" } = (await create()).body;
    simulator.enrollDevice(value);
    await call("DELETE", `/v1/${name}`);
    expect(simulator.devices()).toMatchObject([{ enrollmentTokenName: name, state: "ACTIVE" }]);
  });

  it("forgets an expired token at its very instant", async () => {
    const { name } = (await create({ duration: "60s" })).body;
    simulator.clock.advance(59_999);
    expect((await call("GET", `/v1/${name}`)).status).toBe(200);
    simulator.clock.advance(1);
    expect(await call("GET", `/v1/${name}`)).toEqual(notFound);
    expect((await call("GET", tokens)).body).toEqual({});
    expect(await call("DELETE", `/v1/${name}`)).toEqual(notFound);
    set({ deleteOfExpiredToken: "success" });
    expect(await call("DELETE", `/v1/${name}`)).toEqual({ status: 200, body: {} });
  });

  it.each<[AndroidManagementBehavior["usedTokens"], number]>([
    ["hidden", 404],
    ["visible", 200],
  ])("keeps a used one-time token %s", async (usedTokens, status) => {
    set({ usedTokens });
    const { name, value = "" } = (await create({ oneTimeOnly: true })).body;
    simulator.enrollDevice(value);
    expect((await call("GET", `/v1/${name}`)).status).toBe(status);
    expect((await call("DELETE", `/v1/${name}`)).status).toBe(status);
  });
});
