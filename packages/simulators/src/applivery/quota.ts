import type { SimulatorClock } from "../base/clock.js";
import type { AppliveryBehavior } from "./behavior.js";

const millisecondsPerHour = 3_600_000;

export interface Quota {
  /** Takes one request out of the bucket; false when it is empty. */
  take(owner: string): boolean;
  /** How often it was empty. */
  refused(): number;
}

/** One token bucket per owner, filled by the simulator's clock. */
export const createQuota = (clock: SimulatorClock, behavior: AppliveryBehavior): Quota => {
  const buckets = new Map<string, { level: number; at: number }>();
  let refused = 0;

  return {
    take: (owner) => {
      if (!behavior.enforceQuota) return true;
      const now = clock.now();
      const bucket = buckets.get(owner) ?? { level: behavior.burst, at: now };
      const gained = ((now - bucket.at) * behavior.requestsPerHour) / millisecondsPerHour;
      const level = Math.min(behavior.burst, bucket.level + gained);
      const enough = level >= 1;
      buckets.set(owner, { level: enough ? level - 1 : level, at: now });
      if (!enough) refused += 1;
      return enough;
    },
    refused: () => refused,
  };
};
