import { getEventListeners } from "node:events";
import { EnrollmentError, Secret } from "@enrollkit/core";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../test/support/virtual-clock.js";
import { cachedToken, type FreshToken } from "./token-source.js";

const hour = 3_600_000;

/** A token service that hands out "t1", "t2" … when it is told to. */
const createService = (lifetime?: number) => {
  const clock = createVirtualClock();
  const waiting: {
    resolve: (token: FreshToken) => void;
    reject: (reason: Error) => void;
    signal: AbortSignal;
  }[] = [];
  let asked = 0;
  const source = cachedToken(
    (signal) =>
      new Promise((resolve, reject) => {
        asked += 1;
        waiting.push({ resolve, reject, signal });
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
      }),
    clock,
    60_000,
  );
  const deliver = () => {
    for (const { resolve } of waiting.splice(0)) {
      resolve({ token: new Secret(`t${asked}`), ...(lifetime !== undefined && { lifetime }) });
    }
  };
  const fail = (reason: Error) => {
    for (const { reject } of waiting.splice(0)) reject(reason);
  };
  return { clock, source, waiting, deliver, fail, asked: () => asked };
};

const get = async ({ source, deliver }: ReturnType<typeof createService>) => {
  const token = source.getToken();
  await Promise.resolve();
  deliver();
  return (await token).reveal();
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe("cachedToken", () => {
  test("fifty callers share one fetch", async () => {
    const service = createService(hour);
    const tokens = Array.from({ length: 50 }, () => service.source.getToken());
    await settled();
    service.deliver();
    expect(new Set((await Promise.all(tokens)).map((token) => token.reveal()))).toEqual(new Set(["t1"]));
    expect(service.asked()).toBe(1);
  });

  test("fifty callers with the same refused token share one fetch too", async () => {
    const service = createService(hour);
    await get(service);
    const refused = new Secret("t1");
    const tokens = Array.from({ length: 50 }, () => {
      service.source.invalidate(refused);
      return service.source.getToken();
    });
    await settled();
    service.deliver();
    await Promise.all(tokens);
    service.source.invalidate(refused);
    expect((await service.source.getToken()).reveal()).toBe("t2");
    expect(service.asked()).toBe(2);
  });

  test.each<[string, number | undefined, number, string]>([
    ["an hour, just before its last minute", hour, hour - 60_001, "t1"],
    ["an hour, in its last minute", hour, hour - 60_000, "t2"],
    ["a minute, in its first half", 60_000, 29_999, "t1"],
    ["a minute, in its second half", 60_000, 30_000, "t2"],
    ["no time", 0, 0, "t2"],
    ["nobody knows how long", undefined, 100 * hour, "t1"],
  ])("a token that lives %s", async (_, lifetime, age, expected) => {
    const service = createService(lifetime);
    await get(service);
    service.clock.advance(age);
    expect(await get(service)).toBe(expected);
  });

  test("an old token serves to its end while the service is out of order", async () => {
    const service = createService(hour);
    await get(service);
    service.clock.advance(hour - 30_000);
    const outOfOrder = new EnrollmentError("down", { code: "unavailable" });
    const attempt = async (failure: Error) => {
      const getting = service.source.getToken();
      await settled();
      service.fail(failure);
      return (await getting).reveal();
    };
    expect(await attempt(outOfOrder)).toBe("t1");
    const refusal = new EnrollmentError("locked", { code: "unauthenticated" });
    await expect(attempt(refusal)).rejects.toBe(refusal);
    service.clock.advance(30_000);
    await expect(attempt(outOfOrder)).rejects.toBe(outOfOrder);
  });

  test("a failure reaches everybody, and the next call tries anew", async () => {
    const service = createService(hour);
    const failure = new Error("no");
    const tokens = [service.source.getToken(), service.source.getToken()];
    await settled();
    service.fail(failure);
    expect(await Promise.allSettled(tokens)).toEqual(Array(2).fill({ status: "rejected", reason: failure }));
    expect(await get(service)).toBe("t2");
  });

  test("who aborts leaves alone; the last one ends the fetch", async () => {
    const service = createService(hour);
    const [impatient, patient] = [new AbortController(), new AbortController()];
    const first = service.source.getToken(impatient);
    const second = service.source.getToken(patient);
    await settled();
    const fetching = service.waiting[0]?.signal;
    impatient.abort("one");
    await expect(first).rejects.toBe("one");
    expect(fetching?.aborted).toBe(false);
    patient.abort("two");
    await expect(second).rejects.toBe("two");
    expect(fetching?.aborted).toBe(true);
    await expect(service.source.getToken(patient)).rejects.toBe("two");
    service.waiting.splice(0);
    expect(await get(service)).toBe("t2");
  });

  test("leaves no listener behind", async () => {
    const service = createService(hour);
    const { signal } = new AbortController();
    const tokens = Array.from({ length: 20 }, () => service.source.getToken({ signal }));
    await settled();
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    service.deliver();
    await Promise.all(tokens);
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
