import { describe, expect, it } from "vitest";
import { singleFlight } from "./single-flight.js";

/** Runs that end when a test says so. */
const departures = () => {
  const runs: {
    readonly signal: AbortSignal;
    readonly land: (value: string) => void;
    readonly crash: (reason: Error) => void;
  }[] = [];
  const board = singleFlight(
    (signal) =>
      new Promise<string>((resolve, reject) => {
        runs.push({ signal, land: resolve, crash: reject });
      }),
  );
  return { runs, board };
};

describe("singleFlight", () => {
  it("is shared by all who ask at the same time, and begins anew for those who come later", async () => {
    const { runs, board } = departures();
    const first = [board(undefined), board(undefined)];
    runs[0]?.land("one");
    expect(await Promise.all(first)).toEqual(["one", "one"]);
    const later = board(undefined);
    runs[1]?.land("two");
    expect([await later, runs.length]).toEqual(["two", 2]);
  });

  it("fails for all of them, and only once", async () => {
    const { runs, board } = departures();
    const reason = new Error("down");
    const asked = Promise.allSettled([board(undefined), board(undefined)]);
    runs[0]?.crash(reason);
    expect(await asked).toEqual([
      { status: "rejected", reason },
      { status: "rejected", reason },
    ]);
    const later = board(undefined);
    runs[1]?.land("two");
    expect(await later).toBe("two");
  });

  it("goes on while anybody is left, and ends with the last", async () => {
    const { runs, board } = departures();
    const [one, two] = [new AbortController(), new AbortController()];
    const asked = [board(one.signal), board(two.signal)].map((each) =>
      each.catch((reason: unknown) => reason),
    );
    one.abort("one left");
    expect([await asked[0], runs[0]?.signal.aborted]).toEqual(["one left", false]);
    two.abort("two left");
    expect([await asked[1], runs[0]?.signal.aborted]).toEqual(["two left", true]);
  });

  it("that has been left by all is joined by nobody, and its end does not touch the next one", async () => {
    const { runs, board } = departures();
    const leaver = new AbortController();
    const left = board(leaver.signal).catch((reason: unknown) => reason);
    leaver.abort("left");
    await left;
    const next = [board(undefined)];
    expect(runs).toHaveLength(2);
    runs[0]?.land("too late");
    await Promise.resolve();
    await Promise.resolve();
    next.push(board(undefined));
    expect(runs).toHaveLength(2);
    runs[1]?.land("two");
    expect(await Promise.all(next)).toEqual(["two", "two"]);
  });

  it("is not begun for one who has left already", async () => {
    const { runs, board } = departures();
    await expect(board(AbortSignal.abort("gone"))).rejects.toBe("gone");
    expect(runs).toEqual([]);
  });
});
