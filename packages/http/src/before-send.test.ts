import { once } from "node:events";
import type { Server } from "node:http";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { EnrollmentError, Secret } from "@enrollkit/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { call, createTestClient, failureOf } from "../test/support/client.js";
import { empty, json, startVendor } from "../test/support/vendor-server.js";
import type { HttpClientSettings } from "./contract.js";
import { passwordGrant } from "./index.js";

const good = json(200, { name: "pixel" });
const effects = ["repeatable", "once"] as const;

/** Everything that must pass through untouched, an error that the client would name or retry among it. */
const reasons: readonly (readonly [string, unknown])[] = [
  ["an error", new Error("the lease has ended")],
  ["an EnrollmentError", new EnrollmentError("the lease has ended", { code: "unavailable" })],
  ["no error at all", "the lease has ended"],
];
const refusals = reasons.flatMap(([name, reason]) => effects.map((effect) => ({ name, effect, reason })));

/** Lets so many calls leave, and then throws. */
const guardOf = (leaves: number, reason: unknown = new Error("the lease has ended")) => {
  let asked = 0;
  const beforeSend = () => {
    asked += 1;
    if (asked > leaves) throw reason as Error;
  };
  return { beforeSend, asked: () => asked };
};

/** The next connection that a server gets, when it has ended: all of its bytes are counted then. */
const nextConnection = (server: Server) => {
  const connecting = once(server, "connection") as Promise<[Socket]>;
  return async () => {
    const [socket] = await connecting;
    if (!socket.closed) await once(socket, "close");
    return socket;
  };
};

/** Takes connections and says nothing: no TLS handshake ever ends. */
const startMute = async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on("error", () => undefined).resume());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { server, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
};

describe("a guard that lets calls leave", () => {
  test("is asked before each try, and only then", async () => {
    const vendor = await startVendor(empty(503), empty(429), good);
    const seen: number[] = [];
    const beforeSend = () => void seen.push(vendor.requests.length);
    const { client, calls } = createTestClient({}, { beforeSend });
    expect((await client.send(call("repeatable", vendor.url))).body).toEqual({ name: "pixel" });
    expect(seen).toEqual([0, 1, 2]);
    expect(calls).toHaveLength(3);
  });

  test("is asked last: after the token and the slot in the quota", async () => {
    const vendor = await startVendor(empty(401), good);
    const order: string[] = [];
    const authorization = {
      getToken: () => {
        order.push("token");
        return Promise.resolve(new Secret(`t-${order.length}`));
      },
      invalidate: () => true,
    };
    const quota = { calls: 1, per: "PT1S", credential: "a" } as const;
    const runtime = {
      beforeSend: () => void order.push("asked"),
      createLimiter: () => ({
        acquire: () => {
          order.push("slot");
          return Promise.resolve({ answered: () => undefined });
        },
        wait: () => 0,
        pause: () => undefined,
      }),
    };
    await createTestClient({ authorization, quota }, runtime).client.send(call("once", vendor.url));
    expect(order).toEqual(["token", "slot", "asked", "token", "slot", "asked"]);
  });

  test("keeps its own this", async () => {
    const vendor = await startVendor(good);
    class Lease {
      readonly #reason = new Error("the lease has ended");
      beforeSend() {
        throw this.#reason;
      }
    }
    const sending = createTestClient({ runtime: new Lease() }).client.send(call("once", vendor.url));
    await expect(sending).rejects.toThrow("the lease has ended");
  });
});

describe("a guard that throws", () => {
  test.each(refusals)("$name, $effect: nothing leaves by a new connection", async ({ effect, reason }) => {
    const vendor = await startVendor(good);
    const ended = nextConnection(vendor.server);
    const guard = guardOf(0, reason);
    const { client, calls } = createTestClient({}, guard);
    await expect(client.send(call(effect, vendor.url))).rejects.toBe(reason);
    expect((await ended()).bytesRead).toBe(0);
    expect(vendor.requests).toEqual([]);
    expect(guard.asked()).toBe(1);
    expect(calls).toMatchObject([{ failure: "withheld" }]);
  });

  test.each(refusals)("$name, $effect: nothing leaves by one that was kept", async ({ effect, reason }) => {
    const vendor = await startVendor(good);
    const ended = nextConnection(vendor.server);
    const guard = guardOf(1, reason);
    const { client, calls } = createTestClient({}, guard);
    await client.send(call(effect, vendor.url));
    const connecting = once(vendor.server, "request");
    await createTestClient().client.send(call(effect, vendor.url));
    const [{ socket }] = (await connecting) as [{ readonly socket: Socket }];
    const { bytesRead } = socket;
    await expect(client.send(call(effect, vendor.url))).rejects.toBe(reason);
    expect((await ended()).bytesRead).toBe(bytesRead);
    expect(vendor.connections()).toBe(1);
    expect(vendor.requests).toHaveLength(2);
    expect(guard.asked()).toBe(2);
    expect(calls).toMatchObject([{ status: 200 }, { failure: "withheld" }]);
  });

  test("before a later try: no more of them", async () => {
    const vendor = await startVendor(empty(503), good);
    const [, [, reason] = []] = reasons;
    const { client, calls } = createTestClient({}, guardOf(1, reason));
    await expect(client.send(call("repeatable", vendor.url))).rejects.toBe(reason);
    expect(vendor.requests).toHaveLength(1);
    expect(calls).toMatchObject([
      { status: 503, attempt: 1 },
      { failure: "withheld", attempt: 2 },
    ]);
  });

  test.each(reasons)("%s, before a poll for the result of an accepted call", async (_, reason) => {
    const vendor = await startVendor(empty(202, { "response-id": "a" }), good);
    const pending = { header: "response-id", interval: () => 1000, deadline: 60_000 };
    const { client } = createTestClient({ pending }, guardOf(1, reason));
    await expect(client.send(call("once", vendor.url))).rejects.toBe(reason);
    expect(vendor.requests).toHaveLength(1);
  });

  test("lets the next call leave if it no longer throws", async () => {
    const vendor = await startVendor(good);
    let held = true;
    const beforeSend = () => {
      if (held) throw new Error("not yet");
    };
    const { client } = createTestClient({}, { beforeSend });
    await expect(client.send(call("once", vendor.url))).rejects.toThrow("not yet");
    held = false;
    expect((await client.send(call("once", vendor.url))).body).toEqual({ name: "pixel" });
  });
});

describe("the call for an access token", () => {
  const granted = (number: number, more: object = {}) =>
    json(200, { access_token: `access-${number}`, expires_in: 3600, ...more });

  const start = async (beforeSend: () => void, settings: Partial<HttpClientSettings> = {}) => {
    const service = await startVendor(
      granted(1, { refresh_token: "refresh-1" }),
      granted(2, { refresh_token: "refresh-2" }),
    );
    const vendor = await startVendor(good);
    const { client: tokenClient, runtime, clock } = createTestClient({}, { beforeSend });
    const authorization = passwordGrant({
      client: tokenClient,
      url: service.url,
      username: "api@example.com",
      password: new Secret("p"),
      runtime,
    });
    const { client } = createTestClient({ authorization, runtime, ...settings });
    const grants = () => service.requests.map(({ body }) => new URLSearchParams(body).get("grant_type"));
    return { client, vendor, clock, grants };
  };

  test("is asked for too", async () => {
    const guard = guardOf(2);
    const { client, vendor, grants } = await start(guard.beforeSend);
    await client.send(call("once", vendor.url));
    expect(guard.asked()).toBe(2);
    expect(grants()).toEqual(["password"]);
  });

  test.each(reasons)("is not sent: %s reaches the call that needed it", async (_, reason) => {
    const { client, vendor, grants } = await start(guardOf(0, reason).beforeSend);
    await expect(client.send(call("once", vendor.url))).rejects.toBe(reason);
    expect(grants()).toEqual([]);
    expect(vendor.requests).toEqual([]);
  });

  test("is a renewal: neither the password nor the old token steps in, and the refresh token is kept", async () => {
    const reason = new EnrollmentError("the lease has ended", { code: "unavailable" });
    let held = false;
    let asked = 0;
    const { client, vendor, clock, grants } = await start(() => {
      asked += 1;
      if (held) throw reason;
    });
    await client.send(call("once", vendor.url));
    clock.advance(3_550_000);
    held = true;
    await expect(client.send(call("once", vendor.url))).rejects.toBe(reason);
    expect(asked).toBe(3);
    held = false;
    await client.send(call("once", vendor.url));
    expect(grants()).toEqual(["password", "refresh_token"]);
    expect(vendor.requests).toHaveLength(2);
  });
});

describe("without a connection, nobody asks", () => {
  test("one that is refused", async () => {
    const guard = guardOf(0);
    const { client, calls } = createTestClient({}, guard);
    const error = await failureOf(client.send(call("once", "http://127.0.0.1:1/v1/devices")));
    expect(error).toMatchObject({ code: "unavailable", retryable: true });
    expect(error.message).toBe("127.0.0.1:1 refused the connection");
    expect([guard.asked(), calls.length]).toEqual([0, 4]);
  });

  test("one without TLS at the other end", async () => {
    const vendor = await startVendor(good);
    const guard = guardOf(0);
    const { client } = createTestClient({}, guard);
    const error = await failureOf(client.send(call("once", vendor.url.replace("http:", "https:"))));
    expect(error).toMatchObject({ code: "unavailable", retryable: false });
    expect(error.message).toContain("did not complete the TLS handshake");
    expect(guard.asked()).toBe(0);
  });

  test("one whose handshake does not end in time", async () => {
    const { url } = await startMute();
    const guard = guardOf(0);
    const { client, calls } = createTestClient({ timeout: 30 }, guard);
    expect(await failureOf(client.send(call("once", url)))).toMatchObject({
      code: "unavailable",
      retryable: true,
    });
    expect([guard.asked(), calls.length]).toEqual([0, 4]);
  });

  test("one that is given up during the handshake", async () => {
    const { server, url } = await startMute();
    const abort = new AbortController();
    const reason = { why: "the user left" };
    server.once("connection", () => {
      abort.abort(reason);
    });
    const guard = guardOf(0);
    const { client } = createTestClient({}, guard);
    await expect(client.send(call("once", url), abort)).rejects.toBe(reason);
    expect(guard.asked()).toBe(0);
  });
});

test("a guard may abort the call instead: nothing leaves, and the signal's reason comes back", async () => {
  const vendor = await startVendor(good);
  const ended = nextConnection(vendor.server);
  const abort = new AbortController();
  const reason = { why: "the lease has ended" };
  const beforeSend = () => {
    abort.abort(reason);
  };
  const { client } = createTestClient({}, { beforeSend });
  await expect(client.send(call("once", vendor.url), abort)).rejects.toBe(reason);
  expect((await ended()).bytesRead).toBe(0);
});
