import { EnrollmentError, Secret } from "@enrollkit/core";
import { describe, expect, test } from "vitest";
import { call, createTestClient, deviceSchema, failureOf } from "../test/support/client.js";
import { empty, json, reset, startVendor, type Answer } from "../test/support/vendor-server.js";
import type { HttpClientSettings } from "./contract.js";
import { staticToken } from "./index.js";

const good = json(200, { name: "pixel" });
const notYet = (id: string) => empty(202, id === "" ? {} : { "response-id": id, "request-id": `for-${id}` });
const pending = { header: "Response-Id", interval: (poll: number) => 1000 * 2 ** poll, deadline: 60_000 };

const start = async (answers: readonly Answer[], settings: Partial<HttpClientSettings> = {}) => {
  const vendor = await startVendor(...answers);
  const { client, clock, calls } = createTestClient({ pending, ...settings });
  const ids = () => vendor.requests.map(({ headers }) => headers["response-id"] ?? "none");
  return { vendor, client, clock, calls, ids };
};

describe("a pending response", () => {
  test.each(["repeatable", "once"] as const)("is collected by the identical request (%s)", async (effect) => {
    const { vendor, client, clock, calls, ids } = await start([notYet("a"), notYet("a"), good]);
    const answer = await client.send(
      call(effect, vendor.url, { query: { page: 1 }, json: { name: "é" }, method: "POST" }),
    );
    expect(answer.body).toEqual({ name: "pixel" });
    expect(answer.requestIds).toEqual(["for-a", "for-a"]);
    expect(ids()).toEqual(["none", "a", "a"]);
    expect(clock.waits).toEqual([1000, 2000]);
    expect(new Set(vendor.requests.map(({ method, path, body }) => `${method} ${path} ${body}`)).size).toBe(
      1,
    );
    expect(calls).toHaveLength(3);
  });

  test("goes by the newest id, and keeps it where a 202 has none", async () => {
    const { vendor, client, ids } = await start([notYet("a"), notYet("b"), notYet(""), good]);
    await client.send(call("once", vendor.url));
    expect(ids()).toEqual(["none", "a", "b", "b"]);
  });

  test("leaves nothing behind for the next call", async () => {
    const { vendor, client, ids } = await start([notYet("a"), good]);
    await client.send(call("once", vendor.url));
    await client.send(call("once", vendor.url));
    expect(ids()).toEqual(["none", "a", "none"]);
  });

  test("a 202 without an id, or without the protocol, is an answer like any other", async () => {
    const first = await start([json(202, { name: "accepted" })]);
    expect((await first.client.send(call("once", first.vendor.url))).body).toEqual({ name: "accepted" });
    const vendor = await startVendor(json(202, { name: "accepted" }, { "response-id": "a" }));
    expect((await createTestClient().client.send(call("once", vendor.url))).status).toBe(202);
  });

  test("counts its polls in the quota, and obeys a 429 among them with the same id", async () => {
    const quota = { calls: 1, per: "PT10S", credential: "anna" } as const;
    const answers = [notYet("a"), empty(429, { "retry-after": "30" }), good];
    const { vendor, client, clock, ids } = await start(answers, { quota });
    const began = clock.now();
    await client.send(call("once", vendor.url));
    expect(ids()).toEqual(["none", "a", "a"]);
    expect(clock.now() - began).toBe(40_000);
  });

  type Row = readonly [
    string,
    readonly Answer[],
    "repeatable" | "once",
    string | undefined,
    readonly string[],
  ];
  test.each<Row>([
    ["404, found anew", [notYet("a"), empty(404), good], "repeatable", undefined, ["none", "a", "none"]],
    [
      "404, and again",
      [notYet("a"), empty(404), empty(404)],
      "repeatable",
      "not-found",
      ["none", "a", "none"],
    ],
    ["404", [notYet("a"), empty(404), good], "once", "outcome-unknown", ["none", "a"]],
    ["504, then anew", [notYet("a"), empty(504), good], "repeatable", undefined, ["none", "a", "none"]],
    ["504", [notYet("a"), empty(504), good], "once", "outcome-unknown", ["none", "a"]],
    ["500, then anew", [notYet("a"), empty(500), good], "repeatable", undefined, ["none", "a", "none"]],
    ["500", [notYet("a"), empty(500), good], "once", "outcome-unknown", ["none", "a"]],
    ["a reset, then anew", [notYet("a"), reset, good], "repeatable", undefined, ["none", "a", "none"]],
    ["a reset", [notYet("a"), reset, good], "once", "outcome-unknown", ["none", "a"]],
    ["400", [notYet("a"), empty(400)], "repeatable", "invalid-request", ["none", "a"]],
    ["400", [notYet("a"), empty(400)], "once", "invalid-request", ["none", "a"]],
    ["401", [notYet("a"), empty(401)], "once", "outcome-unknown", ["none", "a"]],
    ["403", [notYet("a"), empty(403)], "once", "unknown", ["none", "a"]],
    ["a redirect", [notYet("a"), empty(302)], "once", "outcome-unknown", ["none", "a"]],
    ["429 for ever", [notYet("a"), empty(429)], "once", "outcome-unknown", ["none", "a", "a", "a", "a"]],
    ["429 for ever", [notYet("a"), empty(429)], "repeatable", "rate-limited", ["none", "a", "a", "a", "a"]],
    ["a wrong body", [notYet("a"), json(200, {})], "once", "outcome-unknown", ["none", "a"]],
  ])("polling answers %s (%#)", async (_, answers, effect, code, expected) => {
    const { vendor, client, ids } = await start(answers);
    const sending = client.send(call(effect, vendor.url));
    if (code === undefined) expect((await sending).body).toEqual({ name: "pixel" });
    else expect(await failureOf(sending)).toMatchObject({ code });
    expect(ids()).toEqual(expected);
  });

  test.each([
    ["repeatable", "timeout"],
    ["once", "outcome-unknown"],
  ] as const)("that is never ready (%s) ends as %s", async (effect, code) => {
    const { vendor, client, clock } = await start([notYet("a")]);
    const error = await failureOf(client.send(call(effect, vendor.url)));
    expect(error).toMatchObject({ code, httpStatus: 202, requestId: "for-a", provider: "phones" });
    // Waits of 1, 2, 4, 8, 16 seconds lie within a minute, the next one of 32 does not.
    expect(clock.waits).toEqual([1000, 2000, 4000, 8000, 16_000]);
  });

  test("is given up in time, however often the clock is set back", async () => {
    const { vendor, client, clock } = await start([notYet("a")], {
      pending: {
        ...pending,
        interval: (poll) => {
          clock.advance(-3_600_000);
          return pending.interval(poll);
        },
      },
    });
    expect(await failureOf(client.send(call("repeatable", vendor.url)))).toMatchObject({ code: "timeout" });
    expect(clock.waits).toEqual([1000, 2000, 4000, 8000, 16_000]);
  });

  test("is lost to us if there is no other token to collect it with", async () => {
    const tokens = [new Secret("first")];
    const noToken = new EnrollmentError("the password is wrong", {
      code: "unauthenticated",
      httpStatus: 400,
    });
    const authorization = {
      getToken: () => (tokens[0] === undefined ? Promise.reject(noToken) : Promise.resolve(tokens[0])),
      invalidate: () => tokens.pop() !== undefined,
    };
    const { vendor, client } = await start([notYet("a"), empty(401)], { authorization });
    const error = await failureOf(client.send(call("once", vendor.url)));
    expect(error.code).toBe("outcome-unknown");
    expect(error.message).toContain("the password is wrong");
  });

  test("may be collected with another token", async () => {
    const tokens = ["first", "second"];
    const authorization = {
      getToken: () => Promise.resolve(new Secret(tokens[0] ?? "")),
      invalidate: () => {
        tokens.shift();
        return true;
      },
    };
    const { vendor, client, ids } = await start([notYet("a"), empty(401), good], { authorization });
    expect((await client.send(call("once", vendor.url))).body).toEqual({ name: "pixel" });
    expect(ids()).toEqual(["none", "a", "a"]);
    expect(vendor.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer first",
      "Bearer first",
      "Bearer second",
    ]);
  });

  test("does not outlive an abort", async () => {
    const reason = new Error("enough");
    const abort = new AbortController();
    const vendor = await startVendor(notYet("a"));
    const { client, calls } = createTestClient({
      pending: {
        ...pending,
        interval: () => {
          abort.abort(reason);
          return 1000;
        },
      },
      authorization: staticToken(new Secret("t")),
    });
    const sending = client.send(
      { ...call("once", vendor.url), answer: deviceSchema },
      { signal: abort.signal },
    );
    await expect(sending).rejects.toBe(reason);
    expect(calls).toHaveLength(1);
  });

  test("passes on the reason of an abort, even if that is an EnrollmentError", async () => {
    const reason = new EnrollmentError("the caller has no time left", { code: "timeout" });
    const abort = new AbortController();
    const aborting: Answer = () => {
      abort.abort(reason);
    };
    const { vendor, client } = await start([notYet("a"), aborting]);
    await expect(client.send(call("once", vendor.url), abort)).rejects.toBe(reason);
  });
});
