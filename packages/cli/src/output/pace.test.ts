import { describe, expect, it } from "vitest";
import { createPace } from "./pace.js";

const clockAt = (start: number) => {
  let now = start;
  return { now: () => now, sleep: () => Promise.resolve(), set: (at: number) => (now = at) };
};

describe("createPace", () => {
  it("tells rate and time left, by the last half minute alone", () => {
    const clock = clockAt(1000);
    const pace = createPace(clock, 1000, 100);
    expect(pace(100)).toEqual({});
    clock.set(2000);
    expect(pace(110)).toEqual({ rate: 10, remaining: 89_000 });
    clock.set(2500);
    expect(pace(130)).toEqual({ rate: 20, remaining: 43_500 });
    for (let second = 3; second <= 60; second += 1) {
      clock.set(second * 1000);
      pace(130 + second);
    }
    expect(pace(190)).toEqual({ rate: 1, remaining: 810_000 });
  });

  it("tells no time left where no total is known, or nothing goes on", () => {
    const clock = clockAt(0);
    const endless = createPace(clock, undefined);
    const stuck = createPace(clock, 10);
    clock.set(2000);
    expect([endless(4), stuck(0)]).toEqual([{ rate: 2 }, { rate: 0 }]);
  });

  it.each([
    ["a clock that was set back", -5000, 5],
    ["a count that began anew", 5000, 0],
  ])("begins anew with %s", (_, at, done) => {
    const clock = clockAt(0);
    const pace = createPace(clock, 100);
    clock.set(2000);
    pace(4);
    clock.set(at);
    expect(pace(done)).toEqual({});
    clock.set(at + 1000);
    expect(pace(done + 3)).toMatchObject({ rate: 3 });
  });
});
