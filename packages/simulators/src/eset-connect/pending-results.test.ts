import { describe, expect, it } from "vitest";
import { call, json, requestToken, simulate, type CallDetails } from "../../test/eset-connect-calls.js";
import type { EsetConnectBehavior, EsetConnectSimulator, SlowAnswer } from "./index.js";

const anyImport = "POST deviceManagement/v1/devices:batchImport";
const body = { devices: [{ displayName: "a", isMobile: true }] };
const minute = 60_000;

const start = async (slow: SlowAnswer, behavior: Partial<EsetConnectBehavior> = {}) => {
  const simulator = await simulate({ behavior });
  simulator.slowNext(slow);
  const answer = await call(simulator, anyImport, { body });
  const responseId = answer.headers.get("response-id") ?? "";
  return { simulator, answer, responseId };
};

const poll = (simulator: EsetConnectSimulator, responseId: string, details: CallDetails = { body }) =>
  call(simulator, anyImport, { ...details, headers: { ...details.headers, "response-id": responseId } });

describe("a slow call", () => {
  it("is 202 until the poll that brings the result, then 404", async () => {
    const { simulator, answer, responseId } = await start({ polls: 3 });
    expect([answer.status, answer.text]).toEqual([202, ""]);
    expect(responseId).toMatch(/^[-0-9a-f]{36}$/);
    const answers = [];
    for (let index = 0; index < 5; index += 1) answers.push(await poll(simulator, responseId));
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 200, 404, 404]);
    expect(answers.map(({ headers }) => headers.get("response-id"))).toEqual([
      responseId,
      responseId,
      null,
      null,
      null,
    ]);
    expect(json(answers[2] ?? answer)).toMatchObject({ devices: [{ displayName: "a" }] });
    expect(new Set(answers.map(({ headers }) => headers.get("request-id"))).size).toBe(5);
  });

  it("does its work when it arrives, so that a blind repetition makes a duplicate", async () => {
    const { simulator } = await start({ polls: Infinity });
    expect(simulator.devices()).toHaveLength(1);
    expect((await call(simulator, anyImport, { body })).status).toBe(200);
    expect(simulator.devices().map(({ displayName }) => displayName)).toEqual(["a", "a"]);
  });

  it("keeps its work to one, however often it is polled", async () => {
    const { simulator, responseId } = await start({ polls: 3 });
    for (let index = 0; index < 4; index += 1) await poll(simulator, responseId);
    expect(simulator.devices()).toHaveLength(1);
  });

  it.each<[string, EsetConnectBehavior["mismatchedResponseIdStatus"], string, object]>([
    ["body", 404, anyImport, { devices: [{ displayName: "b" }] }],
    ["body", 400, anyImport, { devices: [{ displayName: "b" }] }],
    ["query", 404, `${anyImport}?a=1`, body],
    ["path", 404, "POST deviceManagement/v1/devices/x:rename", body],
    ["domain", 404, "POST assetManagement/v1/groups", body],
  ])("with another %s is %i, and stays to be collected", async (_what, status, operation, otherBody) => {
    const { simulator, responseId } = await start({}, { mismatchedResponseIdStatus: status });
    const headers = { "response-id": responseId };
    expect((await call(simulator, operation, { body: otherBody, headers })).status).toBe(status);
    expect((await poll(simulator, responseId)).status).toBe(200);
  });

  it("may be collected with a newer token, but not without one", async () => {
    const { simulator, responseId } = await start({});
    simulator.clock.advance(5 * minute);
    const { username, password } = simulator.credentials;
    const tokens = await requestToken(simulator, { grant_type: "password", username, password });
    expect((await poll(simulator, responseId, { body, token: "unknown" })).status).toBe(401);
    const { access_token: token } = json(tokens) as { access_token: string };
    expect((await poll(simulator, responseId, { body, token })).status).toBe(200);
  });

  it.each([
    [10 * minute - 1, 200],
    [10 * minute, 404],
  ])("collected after %i ms is %i", async (milliseconds, status) => {
    const { simulator, responseId } = await start({});
    simulator.clock.advance(milliseconds);
    expect((await poll(simulator, responseId)).status).toBe(status);
  });

  it("is 504 when it is not ready after 120 seconds, and 404 from then on", async () => {
    const { simulator, responseId } = await start({ polls: Infinity });
    simulator.clock.advance(2 * minute - 1);
    expect((await poll(simulator, responseId)).status).toBe(202);
    simulator.clock.advance(1);
    expect((await poll(simulator, responseId)).status).toBe(504);
    expect((await poll(simulator, responseId)).status).toBe(404);
  });

  it.each<[SlowAnswer, number[]]>([
    [{}, [200]],
    [{ polls: 2, ending: "timeout" }, [202, 504]],
    [{ polls: 2, ending: "lost" }, [202, 404]],
  ])("planned as %j ends in %j", async (slow, statuses) => {
    const { simulator, responseId } = await start(slow);
    const seen = [];
    while (seen.length < statuses.length) seen.push((await poll(simulator, responseId)).status);
    expect(seen).toEqual(statuses);
  });

  it("may have failed: the error is what is collected", async () => {
    const simulator = await simulate();
    simulator.slowNext({});
    const bad = { body: { devices: [] } };
    const answer = await call(simulator, anyImport, bad);
    expect(answer.status).toBe(202);
    expect((await poll(simulator, answer.headers.get("response-id") ?? "", bad)).status).toBe(400);
  });

  it("may get a new response-id with each 202, which replaces the old one", async () => {
    const { simulator, responseId } = await start({ polls: 2 }, { repeatedResponseId: "renewed" });
    const renewed = (await poll(simulator, responseId)).headers.get("response-id") ?? "";
    expect(renewed).not.toBe(responseId);
    expect((await poll(simulator, responseId)).status).toBe(404);
    expect((await poll(simulator, renewed)).status).toBe(200);
  });

  it("may get no response-id with a repeated 202, and keeps the first", async () => {
    const { simulator, responseId } = await start({ polls: 2 }, { repeatedResponseId: "absent" });
    const again = await poll(simulator, responseId);
    expect([again.status, again.headers.has("response-id")]).toEqual([202, false]);
    expect((await poll(simulator, responseId)).status).toBe(200);
  });

  it("is held for the time of the switch", async () => {
    const before = performance.now();
    await start({}, { holdMilliseconds: 15 });
    expect(performance.now() - before).toBeGreaterThanOrEqual(14);
  });
});

describe("response-id", () => {
  it("that nobody issued is 404, empty is none", async () => {
    const simulator = await simulate();
    expect((await poll(simulator, "unknown")).status).toBe(404);
    expect((await poll(simulator, "")).status).toBe(200);
  });
});

describe("planning", () => {
  it("waits for the call that it is meant for, the token endpoint included", async () => {
    const simulator = await simulate();
    simulator.slowNext({ path: /batchImport$/, skip: 1, times: 1 });
    simulator.slowNext({ path: "/business-account.iam" });
    const statuses = [];
    for (let index = 0; index < 3; index += 1) {
      statuses.push((await call(simulator, anyImport, { body })).status);
    }
    const { username, password } = simulator.credentials;
    const token = await requestToken(simulator, { grant_type: "password", username, password });
    expect([...statuses, token.status]).toEqual([200, 202, 200, 202]);
  });

  it("is forgotten by clearFaults", async () => {
    const simulator = await simulate();
    simulator.slowNext({});
    simulator.failNext({ kind: "status", status: 500 });
    simulator.clearFaults();
    expect((await call(simulator, anyImport, { body })).status).toBe(200);
  });
});
