import { createAndroidManagement } from "@enrollkit/android-management";
import { createApplivery } from "@enrollkit/applivery";
import {
  combineHooks,
  createEnrollments,
  createReliably,
  Secret,
  type LifecycleHooks,
} from "@enrollkit/core";
import { createEsetConnect } from "@enrollkit/eset-connect";
import { startAndroidManagementSimulator } from "@enrollkit/simulators/android-management";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import { startEsetConnectSimulator } from "@enrollkit/simulators/eset-connect";
import { createTestClock } from "@enrollkit/testing";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { parentOf, shown, startSdk } from "./sdk.js";

let sdk: ReturnType<typeof startSdk>;
beforeAll(() => {
  sdk = startSdk();
});
afterAll(() => sdk.stop());

const portOf = (url: string) => Number(new URL(url).port);

const startAndroid = async () => {
  const clock = createTestClock();
  const simulator = await startAndroidManagementSimulator({ clock });
  onTestFinished(() => simulator.close());
  const { hooks, ...seen } = sdk.observe();
  const token = simulator.issueAccessToken();
  const provider = createAndroidManagement(
    {
      name: "phones",
      enterprise: simulator.enterpriseId,
      baseUrl: simulator.url,
      accessToken: () => Promise.resolve(token),
    },
    { clock, random: () => 0.5, hooks },
  );
  const create = {
    "http.request.method": "POST",
    "server.address": "127.0.0.1",
    "server.port": portOf(simulator.url),
    "enrollkit.provider": "phones",
  };
  return { provider, simulator, create, ...seen };
};

const inAndroid = { "enrollkit.provider": "phones", "enrollkit.vendor": "android-management" };
const template = { "url.template": "/v1/enterprises/{id}/enrollmentTokens" };

describe("spans", () => {
  it("one for a create, and within it one for its call, with these names and attributes", async () => {
    const { provider, create, spans } = await startAndroid();
    await provider.createEnrollment({});
    const all = spans();
    expect(all.map(shown)).toEqual([
      {
        name: "POST /v1/enterprises/{id}/enrollmentTokens",
        kind: SpanKind.CLIENT,
        status: SpanStatusCode.UNSET,
        attributes: { ...create, ...template, "http.response.status_code": 200 },
      },
      {
        name: "enrollkit.create",
        kind: SpanKind.INTERNAL,
        status: SpanStatusCode.UNSET,
        attributes: { ...inAndroid, "enrollkit.operation": "create", "enrollkit.outcome": "created" },
      },
    ]);
    expect(all.map((each) => parentOf(each, all))).toEqual(["enrollkit.create", undefined]);
  });

  it("one for each try, and the retry and the pause noted on the create", async () => {
    const { provider, simulator, create, spans } = await startAndroid();
    simulator.failNext({ kind: "status", status: 429, headers: { "retry-after": "3" } });
    await provider.createEnrollment({});
    const [refused, good, operation] = spans();
    expect(refused && shown(refused)).toMatchObject({
      status: SpanStatusCode.ERROR,
      attributes: { ...create, ...template, "http.response.status_code": 429, "error.type": "429" },
    });
    expect(good && shown(good)).toMatchObject({
      status: SpanStatusCode.UNSET,
      attributes: { ...create, "http.request.resend_count": 1, "http.response.status_code": 200 },
    });
    expect(operation?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["enrollkit.pause", { "enrollkit.wait": 3 }],
      [
        "enrollkit.retry",
        { "enrollkit.error.code": "rate-limited", "enrollkit.wait": 3, "http.request.resend_count": 1 },
      ],
    ]);
  });

  it("of a create that fails, and of a call that got no answer, are errors", async () => {
    const { provider, simulator, spans } = await startAndroid();
    simulator.failNext({ kind: "reset", when: "before" });
    await expect(provider.createEnrollment({})).rejects.toMatchObject({ code: "outcome-unknown" });
    const [call, operation] = spans();
    expect(operation && shown(operation)).toEqual({
      name: "enrollkit.create",
      kind: SpanKind.INTERNAL,
      status: SpanStatusCode.ERROR,
      attributes: {
        ...inAndroid,
        "enrollkit.operation": "create",
        "enrollkit.outcome": "unknown",
        "enrollkit.error.code": "outcome-unknown",
        "error.type": "outcome-unknown",
      },
    });
    expect(call && shown(call)).toMatchObject({
      status: SpanStatusCode.ERROR,
      attributes: { "error.type": "lost" },
    });
    expect(call?.attributes).not.toHaveProperty("http.response.status_code");
  });

  it("one for the question what became of a lost create", async () => {
    const { provider, simulator, spans } = await startAndroid();
    simulator.failNext({ kind: "reset", when: "after" }, { method: "POST" });
    await createReliably(provider, { key: "a" });
    const all = spans();
    const asked = all.find(({ name }) => name === "enrollkit.reconcile");
    expect(asked?.attributes).toMatchObject({ "enrollkit.outcome": "absent", "enrollkit.batch.size": 1 });
    expect(all.filter((each) => parentOf(each, all) === "enrollkit.reconcile").length).toBeGreaterThan(0);
  });

  it("one for each bulk chunk, and within it its calls, the one for an access token too", async () => {
    const clock = createTestClock();
    const simulator = await startEsetConnectSimulator({ clock });
    onTestFinished(() => simulator.close());
    const { hooks, spans } = sdk.observe();
    const { credentials, baseUrls, groupUuids } = simulator;
    const provider = createEsetConnect(
      {
        name: "eset",
        region: credentials.region,
        username: credentials.username,
        password: new Secret(credentials.password),
        group: groupUuids.mobileDevices,
        baseUrls: {
          iam: baseUrls.businessAccount,
          deviceManagement: baseUrls.deviceManagement,
          mobileDeviceManagement: baseUrls.mobileDeviceManagement,
          installerManagement: baseUrls.installerManagement,
        },
      },
      { clock, hooks },
    );
    const requests = Array.from({ length: 3 }, (_, index) => ({ device: { name: `Phone ${index}` } }));
    const unknown = { device: { id: "00000000-0000-4000-8000-000000000000" } };
    for await (const outcome of createEnrollments(provider, [...requests, unknown])) {
      expect(outcome.status).toBe(outcome.index === 3 ? "failed" : "created");
    }
    const all = spans();
    const chunk = all.at(-1);
    const calls = all.slice(0, -1);
    expect(chunk && shown(chunk)).toEqual({
      name: "enrollkit.create-batch",
      kind: SpanKind.INTERNAL,
      status: SpanStatusCode.UNSET,
      attributes: {
        "enrollkit.provider": "eset",
        "enrollkit.vendor": "eset-connect",
        "enrollkit.operation": "create-batch",
        "enrollkit.batch.size": 4,
        "enrollkit.batch.created": 3,
        "enrollkit.outcome": "mixed",
        "enrollkit.error.code": "not-found",
      },
    });
    const names = calls.map(({ name }) => name);
    expect(names[0]).toMatch(/^POST .*\/oauth\/token$/);
    expect(names).toContainEqual(expect.stringMatching(/^POST .*\/v1\/devices:batchImport$/));
    expect(new Set(calls.map((call) => parentOf(call, all)))).toEqual(new Set(["enrollkit.create-batch"]));
    const requestIds = calls.flatMap(({ attributes }) => attributes["enrollkit.request_id"] ?? []);
    expect(requestIds.length).toBeGreaterThan(0);
  });
});

describe("metrics", () => {
  it("count outcomes, latency, 429s and what waits, with these names and attributes", async () => {
    const { provider, simulator, create, metrics } = await startAndroid();
    simulator.failNext({ kind: "status", status: 429, headers: { "retry-after": "3" } });
    const requests = [{ key: "a" }, { key: "b" }, { key: "c", uses: 7 }];
    for await (const outcome of createEnrollments(provider, requests, { concurrency: 1 })) {
      expect(outcome.status).toBe(outcome.key === "c" ? "failed" : "created");
    }
    await expect(provider.createEnrollment({ uses: 7 })).rejects.toMatchObject({ code: "unsupported" });
    const operation = { ...inAndroid, "enrollkit.operation": "create" };
    const points = (await metrics()).map(({ descriptor: { name, unit }, dataPoints }) => ({
      name,
      unit,
      points: dataPoints.map(({ attributes, value }) => ({
        attributes,
        value: typeof value === "number" ? value : value.count,
      })),
    }));
    expect(points).toEqual([
      {
        name: "http.client.request.duration",
        unit: "s",
        points: [
          { attributes: { ...create, "http.response.status_code": 429, "error.type": "429" }, value: 1 },
          { attributes: { ...create, "http.response.status_code": 200 }, value: 2 },
        ],
      },
      {
        name: "enrollkit.outcomes",
        unit: "{outcome}",
        points: [
          { attributes: { ...operation, "enrollkit.outcome": "created" }, value: 2 },
          {
            attributes: {
              ...operation,
              "enrollkit.outcome": "failed",
              "enrollkit.error.code": "unsupported",
            },
            value: 1,
          },
        ],
      },
      { name: "enrollkit.create.duration", unit: "s", points: [{ attributes: operation, value: 3 }] },
      { name: "enrollkit.rate_limited", unit: "{response}", points: [{ attributes: create, value: 1 }] },
      { name: "enrollkit.queue.depth", unit: "{item}", points: [{ attributes: inAndroid, value: 0 }] },
    ]);
  });

  it("show a queue while it lasts", async () => {
    const { provider, metrics } = await startAndroid();
    const depth = async () => {
      const queue = (await metrics()).find(({ descriptor }) => descriptor.name === "enrollkit.queue.depth");
      return queue?.dataPoints[0]?.value;
    };
    const requests = Array.from({ length: 20 }, (_, index) => ({ key: `row-${index}` }));
    for await (const { index } of createEnrollments(provider, requests, { concurrency: 1 })) {
      if (index === 0) expect(await depth()).toBeGreaterThan(0);
    }
    expect(await depth()).toBe(0);
  });

  it("count a batch by its items, and time it apart from creates", async () => {
    const { hooks, metrics } = sdk.observe();
    hooks.onOutcome?.({
      provider: "eset",
      vendor: "eset-connect",
      operation: "create-batch",
      size: 1000,
      duration: 1500,
      outcomes: [
        { status: "created", count: 990 },
        { status: "failed", error: "not-found", count: 10 },
      ],
    });
    const all = await metrics();
    const valuesOf = (name: string) =>
      all.find(({ descriptor }) => descriptor.name === name)?.dataPoints.map(({ value }) => value);
    expect(valuesOf("enrollkit.outcomes")).toEqual([990, 10]);
    expect(valuesOf("enrollkit.batch.duration")).toMatchObject([{ count: 1, sum: 1.5 }]);
    expect(valuesOf("enrollkit.create.duration")).toBeUndefined();
  });
});

describe("what is secret or personal", () => {
  it("is in no span, no metric and no event of any hook", async () => {
    const clock = createTestClock();
    const simulator = await startAppliverySimulator({ clock });
    onTestFinished(() => simulator.close());
    const { hooks, spans, metrics } = sdk.observe();
    const heard: unknown[] = [];
    const hear = (event: unknown) => void heard.push(event);
    const listening: LifecycleHooks = {
      onRequest: hear,
      onResponse: hear,
      onRetry: hear,
      onPause: hear,
      onOutcome: hear,
      onQueue: hear,
      around: hear,
    };
    const { baseUrl, organization, token } = simulator.credentials;
    const settings = { name: "apple", baseUrl, organization, token: new Secret(token) };
    const runtime = { clock, random: () => 0.5, hooks: combineHooks(hooks, listening) };
    const provider = createApplivery(settings, runtime);
    const people = ["canary.one", "canary.two", "canary.three"].map((name) => ({
      key: `${name}@example.com`,
      recipient: { email: `${name}@example.com`, name },
    }));
    const echo = { error: { code: 5000, message: "no canary.one@example.com", token } };
    simulator.failNext({ kind: "status", status: 429, headers: { "retry-after": "1" }, body: echo });
    simulator.failNext({ kind: "status", status: 400, body: echo }, { method: "POST" });
    const ids: string[] = [];
    for await (const outcome of createEnrollments(provider, people)) {
      if (outcome.status === "created") ids.push(outcome.enrollment.id);
    }
    for (const id of ids) await provider.revocation.revoke(id);
    await provider.check();
    const text = JSON.stringify([spans().map((span) => [shown(span), span.events]), await metrics()]);
    const told = JSON.stringify(heard);
    expect([ids.length > 0, text.length > 1000, told.length > 1000]).toEqual([true, true, true]);
    const secrets = [token, "canary", ...simulator.enrollments().map(({ code }) => code)];
    expect(secrets.length).toBeGreaterThan(2);
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(told).not.toContain(secret);
    }
    // Ids of records are no secrets, but a span or a metric for each would be of no use.
    for (const id of ids) expect(text).not.toContain(id);
  });
});
