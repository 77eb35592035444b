import { Secret } from "@enrollkit/core";
import nock from "nock";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { json, startVendor } from "../test/support/vendor-server.js";
import { call, createTestClient, failureOf, toError } from "../test/support/client.js";
import type { HttpCall } from "./contract.js";
import { createHttpClient } from "./index.js";

const origin = "https://api.example.com";
const url = `${origin}/v1/devices`;
const effects = ["repeatable", "once"] as const;

beforeEach(() => {
  nock.disableNetConnect();
  nock.enableNetConnect(/^127\.0\.0\.1/);
});

afterEach(() => {
  nock.cleanAll();
  nock.enableNetConnect();
});

/** Lets the vendor give the same answer for ever, and counts how often it is asked. */
const answering = (answer: (interceptor: nock.Interceptor) => nock.Scope) => {
  let asked = 0;
  const scope = nock(origin).persist();
  scope.on("request", () => (asked += 1));
  for (const method of ["GET", "POST"]) answer(scope.intercept("/v1/devices", method));
  return () => asked;
};

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (interceptor: nock.Interceptor) =>
    interceptor.reply(code, { code: "V7", message: "not today" }, headers);

describe("trying again", () => {
  test("waits longer each time, by chance", async () => {
    answering(status(503));
    const { client, clock } = createTestClient();
    await failureOf(client.send(call("repeatable", url)));
    expect(clock.waits).toEqual([500, 1000, 2000]);
  });

  test("waits as long as the vendor asks, seconds or date", async () => {
    const { client, clock } = createTestClient();
    const date = new Date(clock.now() + 10_000).toUTCString();
    nock(origin).get("/v1/devices").reply(429, "", { "retry-after": "3" });
    nock(origin).get("/v1/devices").reply(503, "", { "retry-after": date });
    nock(origin).get("/v1/devices").reply(200, { name: "pixel" });
    const { body } = await client.send(call("repeatable", url));
    expect(body).toEqual({ name: "pixel" });
    expect(clock.waits).toEqual([3000, 7000]);
  });

  test.each(effects)(
    "gives up at once if the vendor asks for more than the deadline allows: %s",
    async (effect) => {
      const asked = answering(status(429, { "retry-after": "3600" }));
      const { client, clock } = createTestClient({ deadline: 60_000 });
      expect(await failureOf(client.send(call(effect, url)))).toMatchObject({
        code: "rate-limited",
        retryAfter: "PT3600S",
      });
      expect([asked(), clock.waits]).toEqual([1, []]);
    },
  );

  test("a call that must not be repeated goes through a 429 and a refused connection", async () => {
    nock(origin).post("/v1/devices").reply(429);
    nock(origin)
      .post("/v1/devices")
      .replyWithError(Object.assign(new Error("no"), { code: "ECONNREFUSED" }));
    nock(origin).post("/v1/devices", { name: "pixel" }).reply(200, { name: "pixel" });
    const { body, status: code } = await createTestClient().client.send(call("once", url));
    expect({ body, code }).toEqual({ body: { name: "pixel" }, code: 200 });
  });

  test("ends with the deadline, however many attempts are left", async () => {
    const asked = answering(status(503));
    const { client } = createTestClient({ deadline: 20_000, attempts: 100 });
    await failureOf(client.send(call("repeatable", url)));
    // 0.5 + 1 + 2 + 4 + 8 seconds lie before the deadline, the next 15 do not.
    expect(asked()).toBe(6);
  });

  test("collects the request ids of every try, and tells each call", async () => {
    nock(origin).get("/v1/devices").query({ page: "1" }).reply(503, "", { "X-Request-Id": "a" });
    nock(origin).get("/v1/devices").query({ page: "1" }).reply(200, { name: "pixel" }, { "Request-Id": "b" });
    const { client, calls } = createTestClient();
    const answer = await client.send(call("repeatable", url, { query: { page: 1 } }));
    expect(answer.requestIds).toEqual(["a", "b"]);
    expect(calls).toEqual([
      expect.objectContaining({ status: 503, attempt: 1, requestId: "a", path: "/v1/devices" }),
      expect.objectContaining({ status: 200, attempt: 2, requestId: "b", host: "api.example.com" }),
    ]);
  });

  test("a listener that throws does not cost the answer", async () => {
    nock(origin).post("/v1/devices").reply(200, { name: "pixel" });
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
    const onCall = () => {
      throw new TypeError("listener is broken");
    };
    const { body } = await createHttpClient({ provider: "phones", toError, runtime: { onCall } }).send(
      call("once", url),
    );
    expect(body).toEqual({ name: "pixel" });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("onCall threw TypeError"));
    warn.mockRestore();
  });
});

describe("what is sent and read", () => {
  test.each<[string, Partial<HttpCall>, string, string]>([
    ["JSON", { json: { a: "é" } }, '{"a":"é"}', "application/json"],
    [
      "a form",
      { form: { user: "a b", password: new Secret("p&w") } },
      "user=a+b&password=p%26w",
      "application/x-www-form-urlencoded",
    ],
  ])("sends %s", async (_, body, text, type) => {
    const vendor = await startVendor(json(200, { name: "pixel" }));
    await createTestClient().client.send({
      method: "POST",
      url: vendor.url,
      effect: "once",
      answer: z.unknown(),
      ...body,
    });
    expect(vendor.requests).toMatchObject([
      {
        body: text,
        headers: {
          "content-type": type,
          "content-length": String(Buffer.byteLength(text)),
          "user-agent": "enrollkit",
        },
      },
    ]);
  });

  test("sends no content type without a body", async () => {
    const vendor = await startVendor(json(200, {}));
    const { client } = createTestClient();
    await client.send({ method: "POST", url: vendor.url, effect: "once", answer: z.unknown() });
    expect(vendor.requests).toMatchObject([{ body: "", headers: { "content-length": "0" } }]);
    expect(vendor.requests[0]?.headers).not.toHaveProperty("content-type");
  });

  test("sends headers of the client and of the call", async () => {
    nock(origin, { reqheaders: { "3rd-integration": "kit", "x-one": "1", accept: "application/json" } })
      .get("/v1/devices")
      .reply(200, { name: "pixel" });
    const { client } = createTestClient({ headers: { "3rd-integration": "kit" } });
    await client.send(call("repeatable", url, { headers: { "x-one": "1" } }));
  });

  test.each([
    ["", undefined],
    ["  ", undefined],
    ["\uFEFF{}", {}],
    ['{"__proto__":{"polluted":true},"a":1}', { a: 1 }],
    ["[1]", [1]],
    ["null", null],
  ])("reads the body %j", async (text, expected) => {
    nock(origin).get("/v1/devices").reply(200, text, { "content-type": "text/plain", "set-cookie": "a=b" });
    const schema = z.union([
      z.object({ a: z.number().optional() }),
      z.array(z.number()),
      z.null(),
      z.undefined(),
    ]);
    const answer = await createTestClient().client.send({ ...call("repeatable", url), answer: schema });
    expect(answer.body).toEqual(expected);
    expect(answer.headers).toEqual({ "content-type": "text/plain" });
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});
