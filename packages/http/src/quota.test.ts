import { createHash } from "node:crypto";
import type { Clock } from "@enrollkit/core";
import { describe, expect, test } from "vitest";
import { call, createTestClient, failureOf } from "../test/support/client.js";
import { empty, json, startVendor } from "../test/support/vendor-server.js";
import { createVirtualClock } from "../test/support/virtual-clock.js";
import type { HttpRuntime, RateLimiter } from "./contract.js";

const good = json(200, { name: "pixel" });

describe("the quota", () => {
  const quota = { calls: 2, per: "PT1S", credential: "anna" } as const;

  test("spaces calls, tries included, over all clients with the same runtime and credential", async () => {
    const vendor = await startVendor(empty(500), good);
    const first = createTestClient({ quota });
    const second = createTestClient({ quota, runtime: first.runtime });
    const start = first.clock.now();
    await Promise.all([first, second].map(({ client }) => client.send(call("repeatable", vendor.url))));
    expect(vendor.requests).toHaveLength(3);
    expect(first.clock.now() - start).toBe(1000);
  });

  test("stands still for everybody after a 429", async () => {
    const vendor = await startVendor(empty(429, { "retry-after": "30" }), good);
    const { client, clock } = createTestClient({ quota });
    const start = clock.now();
    await Promise.all([1, 2].map(() => client.send(call("once", vendor.url))));
    expect(clock.now() - start).toBe(30_500);
    expect(vendor.requests).toHaveLength(3);
  });

  test("is kept by a limiter of the caller's own", async () => {
    const vendor = await startVendor(empty(429, { "retry-after": "30" }), good);
    const told: unknown[] = [];
    const clock = createVirtualClock();
    const limiter: RateLimiter = {
      acquire: () => {
        told.push("acquire");
        return Promise.resolve({ answered: () => told.push("answered") });
      },
      wait: () => 0,
      pause: (milliseconds) => told.push(milliseconds),
    };
    const createLimiter = (...asked: unknown[]) => {
      told.push(asked);
      return limiter;
    };
    const runtime: HttpRuntime = { clock, createLimiter };
    const { client } = createTestClient({ quota, runtime });
    await client.send(call("once", vendor.url));
    const account = createHash("sha256").update(quota.credential).digest("base64");
    expect(told).toEqual([
      [{ calls: 2, per: "PT1S", account }, expect.objectContaining({ waits: [30_000] })],
      "acquire",
      "answered",
      30_000,
      "acquire",
      "answered",
    ]);
  });

  test("does not stand still for ever, whatever the vendor asks", async () => {
    const vendor = await startVendor(empty(429, { "retry-after": "999999999" }), good);
    const { client, clock } = createTestClient({ quota });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({
      code: "rate-limited",
      retryAfter: "PT999999999S",
    });
    expect(await failureOf(client.send(call("once", vendor.url)))).toMatchObject({ retryAfter: "PT3600S" });
    clock.advance(3_600_000);
    await client.send(call("once", vendor.url));
    expect(vendor.requests).toHaveLength(2);
  });

  test("lets nobody wait beyond the deadline for a pause that began meanwhile", async () => {
    const vendor = await startVendor(empty(429, { "retry-after": "3000" }));
    const neverEnding: Clock["sleep"] = (_, signal) =>
      new Promise((_resolve, reject) => signal?.addEventListener("abort", reject));
    const runtime = { clock: { now: () => 0, sleep: neverEnding } };
    const { client } = createTestClient({ quota, deadline: 60_000, runtime });
    const errors = await Promise.all([1, 2].map(() => failureOf(client.send(call("once", vendor.url)))));
    expect(errors).toMatchObject(Array(2).fill({ code: "rate-limited", retryAfter: "PT3000S" }));
    expect(vendor.requests).toHaveLength(1);
  });

  test("survives a clock that is set back", async () => {
    const vendor = await startVendor(good);
    const { client, clock, calls } = createTestClient({ quota });
    await client.send(call("once", vendor.url));
    clock.advance(-3_600_000);
    await client.send(call("once", vendor.url));
    expect(clock.waits).toEqual([500]);
    expect(calls.map(({ duration }) => duration)).toEqual([0, 0]);
  });

  test("refuses at once what could not be sent before the deadline", async () => {
    const vendor = await startVendor(good);
    const { client } = createTestClient({ quota, deadline: 2000 });
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => client.send(call("once", vendor.url))),
    );
    const failed = results.filter(({ status }) => status === "rejected");
    expect(vendor.requests).toHaveLength(4);
    expect(failed).toHaveLength(4);
    for (const result of failed) {
      expect(result).toMatchObject({ reason: { code: "rate-limited", retryable: true, provider: "phones" } });
    }
  });
});
