import { Secret, type LifecycleHooks, type ProviderRuntime, type VendorRequest } from "@enrollkit/core";
import nock from "nock";
import { describe, expect, test } from "vitest";
import { call, createTestClient, failureOf } from "../test/support/client.js";
import { origin } from "../test/support/nocked-vendor.js";
import { empty, json, reset, startVendor, type Answer } from "../test/support/vendor-server.js";
import type { HttpClientSettings } from "./contract.js";

const good = json(200, { name: "pixel" });

interface Told {
  readonly hook: keyof LifecycleHooks;
  readonly event: object;
}

/** A client whose hooks are all recorded, with the vendor that it calls. */
const start = async (
  answers: readonly [Answer, ...Answer[]],
  settings: Partial<HttpClientSettings> = {},
  more: Partial<ProviderRuntime> = {},
) => {
  const vendor = await startVendor(...answers);
  const told: Told[] = [];
  const record = (hook: keyof LifecycleHooks) => (event: object) => void told.push({ hook, event });
  const hooks: LifecycleHooks = {
    onRequest: record("onRequest"),
    onResponse: record("onResponse"),
    onRetry: record("onRetry"),
    onPause: record("onPause"),
  };
  const { client } = createTestClient(settings, { hooks, ...more });
  const { host, port } = new URL(vendor.url);
  const request = { provider: "phones", method: "GET", host, port: Number(port), path: "/" };
  return { vendor, client, told, request };
};

describe("hooks", () => {
  test("hear of a try before it leaves and after its answer", async () => {
    const { vendor, client, told, request } = await start([
      json(200, { name: "pixel" }, { "x-request-id": "r1" }),
    ]);
    let seenBefore: number | undefined;
    const onRequest = () => {
      seenBefore = vendor.requests.length;
    };
    await createTestClient({}, { hooks: { onRequest } }).client.send(call("repeatable", vendor.url));
    expect(seenBefore).toBe(0);
    await client.send(call("repeatable", `${vendor.url}/`, { query: { token: "secret-canary" } }));
    expect(told).toEqual([
      { hook: "onRequest", event: { ...request, attempt: 1 } },
      {
        hook: "onResponse",
        event: {
          ...request,
          attempt: 1,
          status: 200,
          requestId: "r1",
          duration: expect.any(Number) as number,
        },
      },
    ]);
  });

  test("are handed the same request before and after", async () => {
    const requests: VendorRequest[] = [];
    const hooks: LifecycleHooks = {
      onRequest: (request) => void requests.push(request),
      onResponse: (_, request) => void requests.push(request),
    };
    const { vendor } = await start([good]);
    await createTestClient({}, { hooks }).client.send(call("repeatable", vendor.url));
    expect(requests).toHaveLength(2);
    expect(requests[0]).toBe(requests[1]);
  });

  test("hear why a call is tried again, and for how long the vendor wants peace", async () => {
    const quota = { calls: 100, per: "PT1S", credential: "secret-canary" } as const;
    const { vendor, client, told, request } = await start(
      [empty(503), empty(429, { "retry-after": "3" }), good],
      { quota },
    );
    await client.send(call("repeatable", vendor.url));
    expect(told.map(({ hook }) => hook)).toEqual([
      ...["onRequest", "onResponse", "onRetry"],
      ...["onRequest", "onResponse", "onPause", "onRetry"],
      ...["onRequest", "onResponse"],
    ]);
    const events = told.map(({ event }) => event);
    expect(events[2]).toEqual({ ...request, attempt: 1, error: "unavailable", wait: 500 });
    expect(events[5]).toEqual({ ...request, attempt: 2, wait: 3000, quota: { calls: 100, per: "PT1S" } });
    expect(events[6]).toEqual({ ...request, attempt: 2, error: "rate-limited", wait: 3000 });
    expect(JSON.stringify(told)).not.toContain("secret-canary");
  });

  test("hear of a 429 also where no quota is kept, and of no retry that does not come", async () => {
    const { vendor, client, told, request } = await start([empty(429)], { attempts: 1 });
    await failureOf(client.send(call("repeatable", vendor.url)));
    expect(told.map(({ hook }) => hook)).toEqual(["onRequest", "onResponse", "onPause"]);
    expect(told[2]?.event).toEqual({ ...request, attempt: 1, wait: expect.any(Number) as number });
  });

  test("hear of a second try with another token", async () => {
    let token = 0;
    const authorization = {
      getToken: () => Promise.resolve(new Secret(`secret-canary-${(token += 1)}`)),
      invalidate: () => true,
    };
    const { vendor, client, told, request } = await start([empty(401), good], { authorization });
    await client.send(call("once", vendor.url));
    const about = { ...request, method: "POST", attempt: 1 };
    expect(told[2]).toEqual({ hook: "onRetry", event: { ...about, error: "unauthenticated", wait: 0 } });
    expect(JSON.stringify(told)).not.toContain("secret-canary");
  });

  test("hear that a call is sent anew when its result is gone", async () => {
    const pending = { header: "response-id", interval: () => 1000, deadline: 60_000 };
    const { vendor, client, told } = await start([empty(202, { "response-id": "a" }), empty(404), good], {
      pending,
    });
    await client.send(call("repeatable", vendor.url));
    expect(told.filter(({ hook }) => hook === "onRetry")).toMatchObject([
      { event: { attempt: 2, error: "not-found", wait: 0 } },
    ]);
  });

  test.each<[string, Partial<ProviderRuntime>, string]>([
    [
      "a guard",
      {
        beforeSend: () => {
          throw new Error("not now");
        },
      },
      "withheld",
    ],
    ["a lost connection", {}, "lost"],
  ])("hear that %s left no answer", async (_, more, failure) => {
    const { vendor, client, told } = await start([reset], {}, more);
    await failureOf(client.send(call("once", vendor.url)));
    expect(told).toMatchObject([{ hook: "onRequest" }, { hook: "onResponse", event: { failure } }]);
    expect(told[1]?.event).not.toHaveProperty("status");
  });

  test("hear that a call was aborted, and that none could be made", async () => {
    const abort = new AbortController();
    const hang: Answer = () => {
      abort.abort(new Error("enough"));
    };
    const { vendor, client, told } = await start([hang]);
    await expect(client.send(call("once", vendor.url), abort)).rejects.toThrow("enough");
    expect(told[1]).toMatchObject({ hook: "onResponse", event: { failure: "aborted" } });
    told.length = 0;
    await failureOf(client.send(call("once", "http://127.0.0.1:1/")));
    expect(told.at(-1)).toMatchObject({ hook: "onResponse", event: { failure: "unsent", port: 1 } });
  });

  test("see no e-mail address in a path, and the port that goes without saying", async () => {
    const path = "/v1/users/ana@example.com/tokens";
    nock(origin).get(path).reply(200, { name: "pixel" });
    const { client, calls } = createTestClient();
    await client.send(call("repeatable", `${origin}${path}`));
    expect(calls).toMatchObject([
      { host: "api.example.com", port: 443, path: "/v1/users/[redacted]/tokens", status: 200 },
    ]);
  });
});
