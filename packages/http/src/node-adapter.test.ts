import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Axios } from "axios";
import { describe, expect, onTestFinished, test } from "vitest";
import { watchConnections } from "./connections.js";
import { overNode } from "./node-adapter.js";

/** TLS by a shared key: it needs no certificate. */
const key = Buffer.from("00112233445566778899aabbccddeeff", "hex");
const cipher = { ciphers: "PSK-AES128-GCM-SHA256", maxVersion: "TLSv1.2" } as const;

const servers: Record<"http" | "https", () => { server: http.Server; agent: http.Agent }> = {
  http: () => ({ server: http.createServer(), agent: new http.Agent({ keepAlive: true }) }),
  https: () => ({
    server: https.createServer({ ...cipher, pskCallback: () => key }),
    agent: new https.Agent({
      ...cipher,
      keepAlive: true,
      pskCallback: () => ({ psk: key, identity: "test" }),
      checkServerIdentity: () => undefined,
    }),
  }),
};

/** A server and the way to it; what happens at both ends is noted in turn. */
const start = async (scheme: "http" | "https") => {
  const events: string[] = [];
  const { server, agent } = servers[scheme]();
  const createConnection = agent.createConnection.bind(agent);
  agent.createConnection = (...parameters) => {
    const socket = createConnection(...parameters) as Socket;
    for (const event of ["connect", "secureConnect"]) socket.once(event, () => events.push(event));
    return socket;
  };
  watchConnections(agent);
  server.on("request", (request: http.IncomingMessage, response: http.ServerResponse) => {
    events.push(`request ${request.headers["x-number"] as string}`);
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const url = new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const limits = { timeout: 5000, total: 5000, maxResponseBytes: 100 };
  const send = (number: number, beforeSend: (() => void) | undefined) =>
    new Axios().request({
      url: url.href,
      headers: { "x-number": number },
      adapter: overNode({ url, agent, limits, signal: undefined, beforeSend }),
    });
  return { events, send };
};

describe.each([
  ["http", ["connect"]],
  ["https", ["connect", "secureConnect"]],
] as const)("over %s", (scheme, opening) => {
  test("a guard is asked when the connection stands, and at once on one that was kept", async () => {
    const { events, send } = await start(scheme);
    const ask = () => void events.push("asked");
    await send(1, ask);
    await send(2, ask);
    expect(events).toEqual([...opening, "asked", "request 1", "asked", "request 2"]);
  });

  test("what a guard holds back never arrives", async () => {
    const { events, send } = await start(scheme);
    const reason = new Error("the lease has ended");
    const refuse = () => {
      events.push("refused");
      throw reason;
    };
    await expect(send(1, refuse)).rejects.toMatchObject({ reason });
    await send(2, undefined);
    await expect(send(3, refuse)).rejects.toMatchObject({ reason });
    // Were the refused ones under way, they would come before this.
    await send(4, undefined);
    expect(events.filter((event) => event.startsWith("re"))).toEqual([
      "refused",
      "request 2",
      "refused",
      "request 4",
    ]);
  });
});
