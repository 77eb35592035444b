import { afterEach, describe, expect, it, vi } from "vitest";
import { manualClock } from "./clock.js";
import type { Fault } from "./faults.js";
import { startServer, type Simulator } from "./server.js";

let simulator: Simulator;
let deeds = 0;

const start = async () => {
  deeds = 0;
  simulator = await startServer(
    (app) => {
      app.post("/deed", (context) => {
        deeds += 1;
        return context.json({ items: [{ id: 1 }], total: 1 });
      });
    },
    { clock: manualClock() },
  );
};
const call = () => fetch(`${simulator.url}/deed?a=1`, { method: "POST", body: '{"b":2}' });

afterEach(() => simulator.close());

describe("fault injection", () => {
  it.each<[Fault, number]>([
    [{ kind: "status", status: 503 }, 0],
    [{ kind: "status", status: 503, when: "after" }, 1],
  ])("%j answers 503 after %i deeds", async (fault, expected) => {
    await start();
    simulator.failNext(fault);
    expect((await call()).status).toBe(503);
    expect(deeds).toBe(expected);
    expect((await call()).status).toBe(200);
  });

  it.each(["before", "after"] as const)("reset %s the deed ends the connection", async (when) => {
    await start();
    simulator.failNext({ kind: "reset", when });
    await expect(call()).rejects.toThrow("fetch failed");
    expect(deeds).toBe(when === "before" ? 0 : 1);
    expect(simulator.requests()).toHaveLength(1);
    expect(simulator.requests()[0]?.status).toBeUndefined();
  });

  it("sends a status fault's headers and JSON body", async () => {
    await start();
    simulator.failNext({ kind: "status", status: 429, headers: { "retry-after": "3" }, body: { error: 1 } });
    const response = await call();
    expect(response.headers.get("retry-after")).toBe("3");
    expect(await response.json()).toEqual({ error: 1 });
  });

  it("cuts, pads, replaces and extends the body of a deed that was done", async () => {
    await start();
    simulator.failNext({ kind: "truncate" });
    simulator.failNext({ kind: "oversize", bytes: 5000 });
    simulator.failNext({ kind: "body", body: "<html>", contentType: "text/html" });
    simulator.failNext({ kind: "unknown-fields" });
    expect(await (await call()).text()).toBe('{"items":[{"id"');
    expect(await (await call()).text()).toHaveLength(5000);
    const html = await call();
    expect([html.headers.get("content-type"), await html.text()]).toEqual(["text/html", "<html>"]);
    const added = { nested: [1, "two"] };
    expect(await (await call()).json()).toEqual({
      items: [{ id: 1, addedByALaterVersion: added }],
      total: 1,
      addedByALaterVersion: added,
    });
    expect(deeds).toBe(4);
  });

  it("holds back the answer to a deed that was done", async () => {
    await start();
    simulator.failNext({ kind: "delay", milliseconds: 30 });
    const began = performance.now();
    const answering = call();
    await vi.waitUntil(() => deeds === 1, { interval: 1 });
    expect(simulator.requests()[0]?.status).toBeUndefined();
    expect((await answering).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(28);
  });

  it("waits for the request it is meant for, as often as it is told", async () => {
    await start();
    simulator.failNext({ kind: "status", status: 500 }, { method: "GET" });
    simulator.failNext({ kind: "status", status: 502 }, { path: /^\/de/, skip: 1, times: 2 });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await call()).status);
    expect(statuses).toEqual([200, 502, 502, 200]);
    simulator.clearFaults();
    expect(simulator.stats()).toEqual({ requests: 4, byStatus: { 200: 2, 502: 2 } });
  });
});

describe("records", () => {
  it("keeps what arrived and when", async () => {
    await start();
    simulator.clock.advance(1500);
    await call();
    const [request] = simulator.requests();
    expect(request).toMatchObject({ method: "POST", path: "/deed", body: '{"b":2}', status: 200 });
    expect(request?.query.get("a")).toBe("1");
    expect(request?.at).toBe(Date.parse("2026-09-20T10:00:01.500Z"));
  });
});

it("may be closed twice", async () => {
  await start();
  await simulator.close();
  await expect(simulator.close()).resolves.toBeUndefined();
});
