import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWindowLog } from "./window-log.js";

describe("createWindowLog", () => {
  it("is free until the window is full, then when its first call leaves it", () => {
    const log = createWindowLog(2, 1000);
    expect(log.freeAt()).toBe(-Infinity);
    log.add(0);
    expect([log.freeAt(), log.freeAt(1), log.freeAt(2)]).toEqual([-Infinity, 1000, -Infinity]);
    log.add(400);
    expect([log.freeAt(), log.freeAt(1)]).toEqual([1000, 1400]);
    log.add(1000);
    expect(log.freeAt()).toBe(1400);
  });

  it("counts a call by the time that it is given later", () => {
    const log = createWindowLog(1, 1000);
    const call = log.add(0);
    call.at = 250;
    expect(log.freeAt()).toBe(1250);
  });

  it("never lets more into any window than it may, however many came before", () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 3000, maxLength: 6000 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 20 }), (waits, calls) => {
        const log = createWindowLog(calls, 100);
        const made: number[] = [];
        let now = 0;
        for (const wait of waits) {
          const asked = now + wait;
          now = Math.max(asked, log.freeAt());
          log.add(now);
          made.push(now);
          const before = made.at(-1 - calls);
          // And no later than it must.
          expect(now).toBe(Math.max(asked, before === undefined ? 0 : before + 100));
        }
      }),
      { numRuns: 10 },
    );
  });
});
