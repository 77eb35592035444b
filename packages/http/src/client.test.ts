import { Secret } from "@enrollkit/core";
import nock from "nock";
import { describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { json, startVendor } from "../test/support/vendor-server.js";
import { call, createTestClient, failureOf, toError } from "../test/support/client.js";
import { answering, origin, status, url } from "../test/support/nocked-vendor.js";
import type { HttpCall, HttpClientSettings } from "./contract.js";
import { createHttpClient, staticToken } from "./index.js";

const effects = ["repeatable", "once"] as const;

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

  test.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new TypeError("listener is broken");
      },
    ],
    ["rejects", () => Promise.reject(new TypeError("listener is broken"))],
  ])("a listener that %s does not cost the answer", async (_, onResponse) => {
    nock(origin).post("/v1/devices").reply(200, { name: "pixel" });
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
    const { body } = await createHttpClient({
      provider: "phones",
      toError,
      runtime: { hooks: { onResponse } },
    }).send(call("once", url));
    expect(body).toEqual({ name: "pixel" });
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("the hook onResponse threw TypeError"));
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

  test.each<[string, Partial<HttpClientSettings>, string]>([
    ["a header", { headers: { "3rd-integration": "kit\u20ac-s3cr3t" } }, "the header 3rd-integration"],
    ["a token", { authorization: staticToken(new Secret("s3cr3t\nx")) }, "the access token"],
  ])("refuses %s that would not arrive as it is", async (_, settings, what) => {
    const vendor = await startVendor(json(200, { name: "pixel" }));
    const error = await failureOf(createTestClient(settings).client.send(call("once", vendor.url)));
    expect(error).toMatchObject({ code: "invalid-config", provider: "phones" });
    expect(error.message).toContain(what);
    expect(error.message).not.toContain("s3cr3t");
    expect(vendor.requests).toHaveLength(0);
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
    ['{"constructor":{"polluted":true},"a":1}', { a: 1 }],
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
