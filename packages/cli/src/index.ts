export { run } from "./run.js";
export { startSimulation, type Simulation } from "./simulation.js";
export type { ExitCode, Terminal } from "./terminal.js";
