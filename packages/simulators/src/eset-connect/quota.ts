import type { FairUsePolicy } from "./behavior.js";
import { RpcFailure } from "./failures.js";

const callsPerWindow = 10;
const windowMilliseconds = 1000;
const slowCallsPerSecond = 2;

/** No more than 10 calls in any second. https://help.eset.com/eset_connect/en-US/rate_limits.html */
export class CallQuota {
  readonly #admitted = new Map<string, number[]>();

  /** Counts a call, unless it is one too many. */
  admit(key: string, now: number): void {
    const times = this.#admitted.get(key) ?? [];
    this.#admitted.set(key, times);
    const [oldest] = times;
    if (times.length >= callsPerWindow && oldest !== undefined) {
      if (now - oldest < windowMilliseconds) throw new RpcFailure("RESOURCE_EXHAUSTED", "rate limit reached");
      times.shift();
    }
    times.push(now);
  }
}

/** The size of the present burst, which fades at the speed that slow calls are served with. */
export class FairUse {
  #level = 0;
  #measuredAt = 0;

  /** When the call will be ready, if it is to be slow; throws if there were too many. */
  admit({ servedAtOnce, servedSlowly }: FairUsePolicy, now: number): number | undefined {
    const faded = ((now - this.#measuredAt) / 1000) * slowCallsPerSecond;
    this.#level = Math.max(0, this.#level - faded);
    this.#measuredAt = now;
    if (this.#level + 1 > servedAtOnce + servedSlowly) {
      throw new RpcFailure("UNAVAILABLE", "too many calls, try later");
    }
    this.#level += 1;
    const waiting = this.#level - servedAtOnce;
    return waiting > 0 ? now + (waiting / slowCallsPerSecond) * 1000 : undefined;
  }
}
