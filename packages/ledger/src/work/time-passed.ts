/** The two clocks of a machine, in milliseconds. */
export interface Clocks {
  /** Nobody sets it; on Linux it stands still while the machine is suspended. */
  readonly steady: () => number;
  /** It goes on while the machine is suspended; somebody may set it. */
  readonly wall: () => number;
}

/**
 * How much time has passed since this was called, at least: by whichever clock has gone further. Whoever reckons with too
 * much time gives up a lease too early, and never too late.
 */
export const createTimePassed = ({
  steady = () => performance.now(),
  wall = () => Date.now(),
}: Partial<Clocks> = {}): (() => number) => {
  const from = { steady: steady(), wall: wall() };
  return () => Math.max(steady() - from.steady, wall() - from.wall);
};
