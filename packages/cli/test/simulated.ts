import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { simulationConfig, startSimulation, type Simulation } from "../src/simulation.js";
import { loadPlugins } from "../src/vendors.js";
import { runCommand, temporaryFolder, type CommandResult, type TerminalSettings } from "./test-terminal.js";

/** Loads what commands load when they are called, so that no single test has to wait for it. */
export const loadVendors = async (): Promise<void> => {
  await Promise.all([
    loadPlugins(),
    import("@enrollkit/inversify"),
    import("@enrollkit/provisioning"),
    import("@enrollkit/provisioning/mail"),
  ]);
};

/** Simulators whose quotas do not hold: the tests' clock does not wait for them. */
export const startFastSimulation = async (): Promise<Simulation> => {
  const simulation = await startSimulation();
  for (const { behavior } of [simulation.eset, simulation.android, simulation.applivery]) {
    behavior.enforceQuota = false;
  }
  return simulation;
};

/** How many requests the vendors have seen. */
export const requestsTo = ({ eset, android, applivery }: Simulation): number =>
  eset.requests().length + android.requests().length + applivery.requests().length;

export type Config = ReturnType<typeof simulationConfig> & {
  readonly providers: Record<string, Record<string, unknown>>;
};

/** The config for a simulation, to be changed at will. */
export const exampleConfig = (): Config => structuredClone(simulationConfig()) as Config;

export interface Workplace {
  readonly folder: string;
  readonly environment: Simulation["environment"];
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Uint8Array) => Promise<void>;
  /** Runs a command line here, against the simulation. */
  readonly enrollkit: (words: readonly string[], settings?: TerminalSettings) => Promise<CommandResult>;
}

/** A folder with a config for the simulation in it. */
export const createWorkplace = async (
  { environment }: Pick<Simulation, "environment">,
  config: unknown = exampleConfig(),
): Promise<Workplace> => {
  const folder = await temporaryFolder();
  const path = (name: string) => join(folder, name);
  await writeFile(path("enrollkit.config.json"), JSON.stringify(config, undefined, 2));
  return {
    folder,
    environment,
    path,
    write: (name, content) => writeFile(path(name), content),
    enrollkit: (words, settings) => runCommand(words, { folder, environment, ...settings }),
  };
};
