import type { EnrollmentProvider } from "../provider.js";
import { tellHooks } from "./tell-hooks.js";

type Queued = Pick<EnrollmentProvider, "name" | "descriptor" | "hooks">;

/** Tells the hooks of each provider how many items of a run wait for their outcome. */
export const createQueueDepth = () => {
  const depths = new Map<Queued, number>();

  const grow = (provider: Queued, change: number): void => {
    const { hooks, name, descriptor } = provider;
    if (hooks === undefined || change === 0) return;
    const depth = (depths.get(provider) ?? 0) + change;
    depths.set(provider, depth);
    tellHooks(hooks, "onQueue", { provider: name, vendor: descriptor.vendor, change, depth });
  };

  return {
    grow,
    /** The run has ended: what has no outcome now will get none. */
    empty: () => {
      for (const [provider, depth] of depths) grow(provider, -depth);
    },
  };
};
