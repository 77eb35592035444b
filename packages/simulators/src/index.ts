export { manualClock, runningClock, type SimulatorClock } from "./base/clock.js";
export type { Fault, FaultMoment, FaultTarget } from "./base/faults.js";
export {
  startServer,
  type RecordedRequest,
  type Simulator,
  type SimulatorContext,
  type SimulatorEnvironment,
  type SimulatorOptions,
  type SimulatorStats,
} from "./base/server.js";
