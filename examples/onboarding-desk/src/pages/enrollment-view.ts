import type { DeskEntry } from "../desk.js";

/** What the page of one enrollment is made from. */
export interface EnrollmentView {
  readonly entry: DeskEntry;
  readonly problems: readonly string[];
  readonly token: string;
  readonly timeZone: string;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Whether simulators stand in for the vendors, and so for devices. */
  readonly hasSimulatedDevice: boolean;
}
