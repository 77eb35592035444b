import { startChild } from "../bench/child.js";
import type { VendorRecords } from "./truth.js";

interface VendorStats {
  readonly requests: number;
  readonly byStatus: Readonly<Record<string, number>>;
}

/** The vendors, in a process of their own. */
export interface Vendors {
  /** How to reach them: for app.js. */
  readonly reach: object;
  /** Ends the faults. @returns how many were planned. */
  calm(): Promise<number>;
  records(): Promise<VendorRecords>;
  stats(): Promise<readonly VendorStats[]>;
  stop(): Promise<void>;
}

/** @param faultEvery - milliseconds between two faults. */
export const startVendors = async (seed: number, faultEvery: number): Promise<Vendors> => {
  const child = await startChild(new URL("simulators-process.js", import.meta.url), { seed, faultEvery });
  return {
    reach: child.ready as object,
    calm: () => child.ask("calm") as Promise<number>,
    records: () => child.ask("records") as Promise<VendorRecords>,
    stats: () => child.ask("stats") as Promise<readonly VendorStats[]>,
    stop: child.stop,
  };
};

/** How often a quota was exceeded. */
export const refusalsOf = (stats: readonly VendorStats[]): number =>
  stats.reduce((sum, { byStatus }) => sum + (byStatus["429"] ?? 0), 0);
