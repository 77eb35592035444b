import { getEventListeners } from "node:events";
import { gzipSync, brotliCompressSync, deflateSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { call, createTestClient, failureOf } from "../test/support/client.js";
import {
  empty,
  json,
  reset,
  silent,
  startVendor,
  truncated,
  type Answer,
} from "../test/support/vendor-server.js";
import { routeTo } from "./agents.js";

const good = json(200, { name: "pixel" });

const encoded =
  (encoding: string, body: Buffer): Answer =>
  (response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": encoding });
    response.end(body);
  };

/** Sends a little of the answer again and again, and never ends. */
const trickle: Answer = (response) => {
  response.writeHead(200, { "content-type": "application/json" });
  const timer = setInterval(() => response.write(" "), 5);
  response.on("close", () => {
    clearInterval(timer);
  });
};

describe("lost answers", () => {
  test.each<[string, Answer, string]>([
    ["a reset", reset, "unavailable"],
    ["a truncated answer", truncated, "unavailable"],
    ["silence", silent, "timeout"],
  ])("%s: a repeatable call is sent again", async (_, answer, code) => {
    const vendor = await startVendor(answer, good);
    const { client } = createTestClient({ timeout: 200 });
    expect((await client.send(call("repeatable", vendor.url))).body).toEqual({ name: "pixel" });
    expect(vendor.requests).toHaveLength(2);

    const hopeless = await startVendor(answer);
    const error = await failureOf(client.send(call("repeatable", hopeless.url)));
    expect(error).toMatchObject({ code, retryable: true });
    expect(hopeless.requests).toHaveLength(4);
  });

  test.each<[string, Answer]>([
    ["a reset", reset],
    ["a truncated answer", truncated],
    ["silence", silent],
    ["a broken gzip stream", encoded("gzip", Buffer.from("not gzip at all"))],
    ["an answer that never ends", trickle],
  ])("%s: any other call is sent once", async (_, answer) => {
    const vendor = await startVendor(answer, good);
    const { client } = createTestClient({ timeout: 200, deadline: 400 });
    const error = await failureOf(client.send(call("once", vendor.url)));
    expect(error).toMatchObject({ code: "outcome-unknown", retryable: false });
    expect(error.advice).toMatch(/Reconcile/);
    expect(vendor.requests).toHaveLength(1);
  });

  test("a server that is not there was not reached, whatever the call does", async () => {
    const { client, calls } = createTestClient();
    const error = await failureOf(client.send(call("once", "http://127.0.0.1:1/v1/devices")));
    expect(error).toMatchObject({
      code: "unavailable",
      retryable: true,
      message: "127.0.0.1:1 refused the connection",
    });
    expect(error.cause).toMatchObject({ code: "ECONNREFUSED" });
    expect(calls).toHaveLength(4);
    expect(calls[0]).not.toHaveProperty("status");
  });

  const refusing = (answer: Answer) => (): readonly [Answer, Answer] => [answer, good];
  test.each<[string, () => readonly [Answer, Answer]]>([
    ["is too large", refusing(json(403, { message: "x".repeat(10_000) }))],
    [
      "is cut off",
      refusing((response) => {
        response.writeHead(403, { "content-length": "100", "retry-after": "1" });
        response.write("{", () => response.socket?.destroy());
      }),
    ],
    [
      "is compressed wrongly",
      refusing((response) => {
        response.writeHead(403, { "content-encoding": "gzip" });
        response.end("no gzip at all");
      }),
    ],
  ])("a refusal counts though its body %s", async (_, answers) => {
    const vendor = await startVendor(...answers());
    const { client, calls } = createTestClient({ maxResponseBytes: 4096 });
    const error = await failureOf(client.send(call("once", vendor.url)));
    expect(error).toMatchObject({ code: "unknown", httpStatus: 403, retryable: false });
    expect(calls).toMatchObject([{ status: 403 }]);
  });

  test.each([
    ["no HTTP at all", "hello\r\n\r\n"],
    ["a flood of headers", `HTTP/1.1 200 OK\r\nx: ${"a".repeat(40_000)}\r\n\r\n{}`],
  ])("%s is no lost connection", async (_, bytes) => {
    const vendor = await startVendor((response) => response.socket?.end(bytes));
    const { client } = createTestClient();
    expect(await failureOf(client.send(call("repeatable", vendor.url)))).toMatchObject({ code: "protocol" });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({ code: "outcome-unknown" });
    expect(vendor.requests).toHaveLength(2);
  });

  test("a server without TLS was not reached either", async () => {
    const vendor = await startVendor(good);
    const { client } = createTestClient();
    const error = await failureOf(client.send(call("once", vendor.url.replace("http:", "https:"))));
    expect(error).toMatchObject({ code: "unavailable", retryable: false });
    expect(error.message).toContain("did not complete the TLS handshake");
    expect(vendor.requests).toHaveLength(0);
  });
});

describe("compressed and large answers", () => {
  const text = JSON.stringify({ name: "pixel" });
  test.each<[string, Buffer]>([
    ["gzip", gzipSync(text)],
    ["br", brotliCompressSync(text)],
    ["deflate", deflateSync(text)],
  ])("reads %s", async (encoding, body) => {
    const vendor = await startVendor(encoded(encoding, body));
    const { body: read } = await createTestClient().client.send(call("repeatable", vendor.url));
    expect(read).toEqual({ name: "pixel" });
  });

  test("asks for compressed lists, and for plain answers to writes", async () => {
    const vendor = await startVendor(good);
    const { client } = createTestClient();
    await client.send(call("repeatable", vendor.url));
    await client.send(call("once", vendor.url));
    expect(vendor.requests.map(({ headers }) => headers["accept-encoding"])).toEqual(["gzip", "identity"]);
  });

  test.each<[string, string, Buffer]>([
    ["that nobody knows", "snappy", Buffer.from(text)],
    ["that is another than it says", "gzip", brotliCompressSync(text)],
    ["that is broken", "br", Buffer.from("no brotli at all")],
  ])("refuses an encoding %s", async (_, encoding, body) => {
    const vendor = await startVendor(encoded(encoding, body));
    const { client } = createTestClient();
    expect(await failureOf(client.send(call("repeatable", vendor.url)))).toMatchObject({ code: "protocol" });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({ code: "outcome-unknown" });
  });

  test.each<[string, Answer]>([
    ["as it comes", json(200, { name: "x".repeat(200_000) })],
    ["after decompression", encoded("gzip", gzipSync(JSON.stringify({ name: "x".repeat(5_000_000) })))],
  ])("counts the bytes %s", async (_, answer) => {
    const vendor = await startVendor(answer);
    const { client } = createTestClient({ maxResponseBytes: 100_000 });
    const error = await failureOf(client.send(call("repeatable", vendor.url)));
    expect(error).toMatchObject({ code: "protocol", retryable: false });
    expect(error.message).toContain("too large");
    expect(vendor.requests).toHaveLength(1);
  });
});

describe("connections", () => {
  const idleSocket = async ({ url, port }: { readonly url: string; readonly port: number }) =>
    Object.values((await routeTo(new URL(url))).agent.freeSockets)
      .flatMap((sockets) => sockets ?? [])
      .find(({ remotePort }) => remotePort === port);

  test("are kept for the next call, but not for long", async () => {
    const vendor = await startVendor(good);
    const { client } = createTestClient();
    for (let index = 0; index < 5; index += 1) await client.send(call("once", vendor.url));
    expect(vendor.connections()).toBe(1);
    expect((await idleSocket(vendor))?.timeout).toBe(4000);
  });

  test("are not kept for longer than the server announces", async () => {
    const vendor = await startVendor(json(200, { name: "pixel" }, { "keep-alive": "timeout=3" }));
    await createTestClient().client.send(call("once", vendor.url));
    expect((await idleSocket(vendor))?.timeout).toBeGreaterThan(0);
    expect((await idleSocket(vendor))?.timeout).toBeLessThanOrEqual(3000);
  });

  test("a redirect is not followed", async () => {
    const target = await startVendor(good);
    const vendor = await startVendor(empty(307, { location: target.url }));
    expect(await failureOf(createTestClient().client.send(call("once", vendor.url)))).toMatchObject({
      code: "protocol",
    });
    expect(target.requests).toHaveLength(0);
  });

  test("a double slash in a path reaches the vendor", async () => {
    const vendor = await startVendor(good);
    await createTestClient().client.send(
      call("repeatable", `${vendor.url}/mdm//ios/1`, { query: { a: "b" } }),
    );
    expect(vendor.requests[0]?.path).toBe("/mdm//ios/1?a=b");
  });
});

describe("aborting", () => {
  const reason = { why: "the user left" };

  test("before: nothing is sent", async () => {
    const vendor = await startVendor(good);
    const sending = createTestClient().client.send(call("once", vendor.url), {
      signal: AbortSignal.abort(reason),
    });
    await expect(sending).rejects.toBe(reason);
    expect(vendor.requests).toHaveLength(0);
  });

  test.each(["repeatable", "once"] as const)(
    "during a call: the connection is closed at once (%s)",
    async (effect) => {
      const abort = new AbortController();
      let closed: (() => void) | undefined;
      const closing = new Promise<void>((resolve) => (closed = resolve));
      const vendor = await startVendor((response) => {
        response.socket?.once("close", () => closed?.());
        abort.abort(reason);
      });
      const { client, calls } = createTestClient();
      await expect(client.send(call(effect, vendor.url), { signal: abort.signal })).rejects.toBe(reason);
      await closing;
      expect(vendor.requests).toHaveLength(1);
      expect(calls).toHaveLength(1);
    },
  );

  test("during an answer", async () => {
    const abort = new AbortController();
    const vendor = await startVendor((response) => {
      response.writeHead(200);
      response.write("{", () =>
        setImmediate(() => {
          abort.abort(reason);
        }),
      );
    });
    const sending = createTestClient().client.send(call("once", vendor.url), { signal: abort.signal });
    await expect(sending).rejects.toBe(reason);
  });

  test("during the wait for the next try", async () => {
    const abort = new AbortController();
    const vendor = await startVendor(empty(503));
    const runtime = {
      random: () => 0.999,
      hooks: {
        onResponse: () => {
          setImmediate(() => {
            abort.abort(reason);
          });
        },
      },
    };
    const { client } = createTestClient({ runtime });
    await expect(client.send(call("repeatable", vendor.url), { signal: abort.signal })).rejects.toBe(reason);
    expect(vendor.requests).toHaveLength(1);
  });

  test("one signal serves hundreds of calls with one listener, and none is left", async () => {
    const abort = new AbortController();
    const listeners = () => getEventListeners(abort.signal, "abort").length;
    const counts = new Set<number>();
    const counting =
      (answer: Answer): Answer =>
      (response, request) => {
        counts.add(listeners());
        answer(response, request);
      };
    const vendor = await startVendor(counting(empty(503)), counting(good));
    const { client } = createTestClient({ quota: { calls: 1000, per: "PT1S", credential: "a" } });
    await Promise.all(Array.from({ length: 200 }, () => client.send(call("repeatable", vendor.url), abort)));
    expect([...counts]).toEqual([1]);
    expect(listeners()).toBe(0);
  });
});
