import type { Clock } from "@enrollkit/core";

/** How fast something goes on. */
export interface Pace {
  /** So many a second, over the last half minute; absent until some time has passed. */
  readonly rate?: number;
  /** Milliseconds until it is over, at this rate. */
  readonly remaining?: number;
}

/** Milliseconds. */
const window = 30_000;
const interval = 1000;

/** Tells from one look to the next how fast a count grows towards a total. */
export const createPace = (clock: Clock, total: number | undefined, start = 0): ((done: number) => Pace) => {
  let looks = [{ at: clock.now(), done: start }];
  return (done) => {
    const at = clock.now();
    const latest = looks.at(-1);
    // A clock that was set back, or a count that began anew, makes all earlier looks worthless.
    if (latest === undefined || at < latest.at || done < latest.done) looks = [{ at, done }];
    else if (at - latest.at >= interval) {
      const expired = looks.findLastIndex((look) => at - look.at >= window);
      looks = [...looks.slice(Math.max(0, expired)), { at, done }];
    }
    const [oldest = { at, done }] = looks;
    if (at - oldest.at < interval) return {};
    const rate = ((done - oldest.done) * 1000) / (at - oldest.at);
    if (total === undefined || rate === 0) return { rate };
    return { rate, remaining: Math.ceil((Math.max(0, total - done) * 1000) / rate) };
  };
};
