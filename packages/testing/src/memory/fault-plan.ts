import type { FaultTarget, VendorFault } from "../faults.js";

interface PlannedFault {
  readonly fault: VendorFault;
  readonly target: FaultTarget;
  times: number;
}

/** What is to go wrong with the calls to a vendor in memory, or to several that are given the same plan. */
export interface FaultPlan {
  /**
   * Plans a fault behind those that are planned already.
   *
   * @param target - the calls it waits for. Default: `any`.
   * @param times - how many of them it strikes. Default: 1.
   */
  add(fault: VendorFault, target?: FaultTarget, times?: number): void;
  /**
   * What strikes this call: the first fault that wants it. The vendor asks once for each call.
   *
   * @param issuesEnrollment - whether the call is a `create`.
   */
  take(issuesEnrollment: boolean): VendorFault | undefined;
}

/**
 * Makes a plan without faults, for vendors in memory that share it: the next call fails, whichever of them it reaches.
 *
 * ```ts
 * const faults = createFaultPlan();
 * const phones = createMemoryProvider({ name: "phones", faults });
 * const tablets = createMemoryProvider({ name: "tablets", faults });
 * faults.add({ kind: "status", status: 503 }, "create");
 * ```
 */
export const createFaultPlan = (): FaultPlan => {
  let planned: PlannedFault[] = [];
  return {
    add: (fault, target = "any", times = 1) => {
      planned.push({ fault, target, times });
    },
    take: (issuesEnrollment) => {
      const next = planned.find(({ target }) => target === "any" || issuesEnrollment);
      if (next === undefined) return undefined;
      next.times -= 1;
      if (next.times <= 0) planned = planned.filter((each) => each !== next);
      return next.fault;
    },
  };
};
