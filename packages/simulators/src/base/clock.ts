/** The time a simulator lives in. Tests move it by hand; `enrollkit simulate` lets it run. */
export interface SimulatorClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Moves the clock forward. Negative values are refused: no vendor's clock runs backwards. */
  advance(milliseconds: number): void;
}

const forward = (milliseconds: number) => {
  if (!(milliseconds >= 0)) throw new RangeError(`a clock moves forward only, not by ${milliseconds} ms`);
  return milliseconds;
};

/** Stands still until it is advanced. */
export const manualClock = (start: string | number = "2026-09-20T10:00:00Z"): SimulatorClock => {
  let now = typeof start === "number" ? start : Date.parse(start);
  if (Number.isNaN(now)) throw new RangeError(`not an instant: ${start}`);
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += forward(milliseconds);
    },
  };
};

/** The machine's clock, plus whatever it has been advanced by. */
export const runningClock = (): SimulatorClock => {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance: (milliseconds) => {
      ahead += forward(milliseconds);
    },
  };
};
