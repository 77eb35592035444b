import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "./clock.js";

const day = 86_400_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const sleepingFor = (milliseconds: number, signal?: AbortSignal) => {
  const woken: unknown[] = [];
  systemClock.sleep(milliseconds, signal).then(
    () => woken.push(systemClock.now()),
    (reason: unknown) => woken.push(reason),
  );
  return woken;
};

describe("systemClock.sleep", () => {
  // A single timer of Node's cannot wait for more than 24.8 days: it fires at once instead.
  it.each([0, -5, 1500, 30 * day, 60 * day])("%d ms take so long, and no longer", async (milliseconds) => {
    const woken = sleepingFor(milliseconds);
    await vi.advanceTimersByTimeAsync(Math.max(0, milliseconds - 1));
    if (milliseconds > 0) expect(woken).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toHaveLength(1);
  });

  it("ends with the reason of an abort, and leaves neither timer nor listener behind", async () => {
    const controller = new AbortController();
    const listeners = () => getEventListeners(controller.signal, "abort").length;
    const reason = new Error("enough");
    const slept = sleepingFor(10, controller.signal);
    expect(listeners()).toBe(1);
    await vi.advanceTimersByTimeAsync(10);
    expect([slept.length, listeners()]).toEqual([1, 0]);

    const woken = sleepingFor(60 * day, controller.signal);
    controller.abort(reason);
    await vi.advanceTimersByTimeAsync(0);
    expect([woken, vi.getTimerCount(), listeners()]).toEqual([[reason], 0, 0]);
    const late = sleepingFor(10, controller.signal);
    await vi.advanceTimersByTimeAsync(0);
    expect([late, vi.getTimerCount()]).toEqual([[reason], 0]);
  });
});
