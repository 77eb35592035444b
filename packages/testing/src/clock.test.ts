import { describe, expect, it } from "vitest";
import { createTestClock } from "./clock.js";

describe("a test clock", () => {
  it.each([
    [undefined, Date.parse("2026-09-20T10:00:00Z")],
    ["2027-01-05T10:00:00+01:00", Date.parse("2027-01-05T09:00:00Z")],
    [42, 42],
  ])("starts at %s", (start, expected) => {
    expect(createTestClock(start).now()).toBe(expected);
  });

  it("stands still until it is advanced", () => {
    const clock = createTestClock(0);
    clock.advance(5);
    clock.advance(0);
    expect(clock.now()).toBe(5);
  });

  it.each([-1, Number.NaN])("does not move by %s", (milliseconds) => {
    expect(() => {
      createTestClock().advance(milliseconds);
    }).toThrow(RangeError);
  });

  it("sleeps without waiting, and remembers", async () => {
    const clock = createTestClock(0);
    await clock.sleep(3_600_000);
    await clock.sleep(-1);
    expect(clock.now()).toBe(3_600_000);
    expect(clock.waits).toEqual([3_600_000, -1]);
  });

  it.each(["before", "during"])("stops a sleep that is aborted %s", async (moment) => {
    const clock = createTestClock(0);
    const reason = new Error("enough");
    const controller = new AbortController();
    if (moment === "before") controller.abort(reason);
    const sleep = clock.sleep(1000, controller.signal);
    controller.abort(reason);
    await expect(sleep).rejects.toBe(reason);
    expect(clock.waits).toEqual(moment === "before" ? [] : [1000]);
  });
});
