import { connect, createServer, type AddressInfo } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { call, createTestClient, failureOf } from "../test/support/client.js";
import { json, listen, startVendor } from "../test/support/vendor-server.js";
import { routeTo } from "./agents.js";

const good = json(200, { name: "pixel" });

/** A proxy that forwards plain requests to one place, and answers CONNECT as it is told. */
const startProxy = async (tunnel: { readonly status: number; readonly port?: number }) => {
  const seen: { url: string; authorization: string | undefined }[] = [];
  let connections = 0;
  const { server, url } = await listen((message, response) => {
    seen.push({ url: message.url ?? "", authorization: message.headers["proxy-authorization"] });
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ name: "by proxy" }));
  });
  server.on("connection", () => (connections += 1));
  server.on("connect", (message, socket) => {
    seen.push({ url: message.url ?? "", authorization: message.headers["proxy-authorization"] });
    socket.on("error", () => socket.destroy());
    if (tunnel.status !== 200) {
      socket.end(`HTTP/1.1 ${tunnel.status} No\r\ncontent-length: 2\r\n\r\n{}`);
      return;
    }
    const upstream = connect(tunnel.port ?? 0, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
    socket.on("close", () => upstream.destroy());
  });
  return { url, seen, connections: () => connections };
};

const environment = (variables: Record<string, string>) => {
  const all = { HTTP_PROXY: "", HTTPS_PROXY: "", NO_PROXY: "", ALL_PROXY: "", ...variables };
  for (const [name, value] of Object.entries(all)) {
    vi.stubEnv(name, value);
    vi.stubEnv(name.toLowerCase(), value);
  }
};

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a proxy from the environment", () => {
  test("carries plain http, with its credentials, on one connection", async () => {
    const proxy = await startProxy({ status: 200 });
    environment({ HTTP_PROXY: proxy.url.replace("//", "//user:p%40ss@") });
    const { client } = createTestClient();
    for (let index = 0; index < 3; index += 1) {
      const { body } = await client.send(call("once", "http://vendor.example/v1", { query: { a: "1" } }));
      expect(body).toEqual({ name: "by proxy" });
    }
    const authorization = `Basic ${Buffer.from("user:p@ss").toString("base64")}`;
    expect(proxy.seen).toEqual(Array(3).fill({ url: "http://vendor.example/v1?a=1", authorization }));
    expect(proxy.connections()).toBe(1);
  });

  test("is asked for a tunnel to https", async () => {
    const vendor = await startVendor(good);
    const proxy = await startProxy({ status: 200, port: vendor.port });
    environment({ HTTPS_PROXY: proxy.url });
    // The vendor at the end of the tunnel speaks no TLS: that the handshake fails shows that it was reached.
    const error = await failureOf(createTestClient().client.send(call("once", "https://vendor.example/v1")));
    expect(error).toMatchObject({ code: "unavailable", retryable: false });
    expect(error.message).toMatch(
      /did not complete the TLS handshake \(through the proxy 127\.0\.0\.1:\d+\)/,
    );
    expect(proxy.seen.map(({ url }) => url)).toEqual(["vendor.example:443"]);
  });

  test.each([403, 407, 502])(
    "that refuses the tunnel with %i is not taken for the vendor",
    async (status) => {
      const proxy = await startProxy({ status });
      environment({ HTTPS_PROXY: proxy.url });
      const error = await failureOf(
        createTestClient().client.send(call("once", "https://vendor.example/v1")),
      );
      expect(error).toMatchObject({ code: "unavailable", retryable: false });
      expect(error.message).toContain("the proxy refused to connect to it");
      expect(error).not.toHaveProperty("httpStatus");
      expect(proxy.seen).toHaveLength(1);
    },
  );

  test.each([
    ["", undefined],
    [", nor a guard", () => undefined],
  ])(
    "that never answers loses its connection with the call, and keeps nobody waiting%s",
    async (_, guard) => {
      const server = createServer((socket) => {
        socket.on("error", () => undefined).resume();
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      environment({ HTTPS_PROXY: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
      const { client, calls } = createTestClient({ timeout: 30 }, guard && { beforeSend: guard });
      expect(await failureOf(client.send(call("once", "https://vendor.example/v1")))).toMatchObject({
        code: "unavailable",
        retryable: true,
      });
      // It closes only when the last connection is gone.
      const closing = new Promise((resolve) => server.close(resolve));
      expect(await closing).toBeUndefined();
      expect(calls).toHaveLength(4);
    },
  );

  test.each(["http", "https"])("that is not there means that nothing was sent by %s", async (scheme) => {
    environment({ HTTP_PROXY: "http://127.0.0.1:1", HTTPS_PROXY: "http://127.0.0.1:1" });
    const error = await failureOf(
      createTestClient().client.send(call("once", `${scheme}://vendor.example/v1`)),
    );
    expect(error).toMatchObject({
      code: "unavailable",
      message: "vendor.example refused the connection (through the proxy 127.0.0.1:1)",
    });
  });

  test("is no reason not to ask a guard: what it holds back does not reach the proxy either", async () => {
    const proxy = await startProxy({ status: 200 });
    environment({ HTTP_PROXY: proxy.url });
    let asked = 0;
    const reason = new Error("the lease has ended");
    const beforeSend = () => {
      asked += 1;
      if (asked === 2) throw reason;
    };
    const { client } = createTestClient({}, { beforeSend });
    const send = () => client.send(call("once", "http://vendor.example/v1", { query: { a: "1" } }));
    expect((await send()).body).toEqual({ name: "by proxy" });
    await expect(send()).rejects.toBe(reason);
    expect((await send()).body).toEqual({ name: "by proxy" });
    expect(proxy.seen.map(({ url }) => url)).toEqual(Array(2).fill("http://vendor.example/v1?a=1"));
    expect(asked).toBe(3);
  });

  test.each<[string, number, boolean]>([
    ["refuses the tunnel", 502, false],
    ["leads to no TLS", 200, true],
  ])("that %s leaves a guard unasked", async (_, status, reached) => {
    const vendor = await startVendor(good);
    const proxy = await startProxy({ status, port: vendor.port });
    environment({ HTTPS_PROXY: proxy.url });
    const beforeSend = () => {
      throw new Error("the lease has ended");
    };
    const { client } = createTestClient({}, { beforeSend });
    const error = await failureOf(client.send(call("once", "https://vendor.example/v1")));
    expect(error).toMatchObject({ code: "unavailable", retryable: false });
    expect([proxy.seen.length, vendor.connections()]).toEqual([1, reached ? 1 : 0]);
  });

  test.each(["socks5://127.0.0.1:1080", "http://user:hunter2@:bad"])(
    "must be one we can use: %s",
    async (proxy) => {
      environment({ HTTPS_PROXY: proxy });
      const error = await failureOf(
        createTestClient().client.send(call("once", "https://vendor.example/v1")),
      );
      expect(error).toMatchObject({ code: "invalid-config" });
      expect(error.message).not.toContain("hunter2");
    },
  );

  test("is left out for this machine and for what NO_PROXY names", async () => {
    const vendor = await startVendor(good);
    const proxy = await startProxy({ status: 200 });
    environment({ HTTP_PROXY: proxy.url, NO_PROXY: ".invalid" });
    expect((await createTestClient().client.send(call("once", vendor.url))).body).toEqual({ name: "pixel" });
    expect((await routeTo(new URL("http://vendor.invalid/"))).proxy).toBeUndefined();
    expect((await routeTo(new URL("http://vendor.example/"))).proxy).toBe(new URL(proxy.url).host);
    expect(proxy.seen).toEqual([]);
  });
});
