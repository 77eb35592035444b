export { manualClock, runningClock, type SimulatorClock } from "./base/clock.js";
export type { Fault, FaultMoment, FaultTarget } from "./base/faults.js";
export type { RecordedRequest, Simulator, SimulatorOptions, SimulatorStats } from "./base/server.js";
