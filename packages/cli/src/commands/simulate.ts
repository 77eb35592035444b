import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { statOf, writeSecretFile } from "../output/secret-file.js";
import { UsageError } from "../output/usage-error.js";
import { simulationConfig, startSimulation, type Simulation } from "../simulation.js";
import {
  exitCodes,
  printResult,
  writeLine,
  type ExitCode,
  type GlobalOptions,
  type Terminal,
} from "../terminal.js";

export interface SimulateOptions extends GlobalOptions {
  readonly folder: string;
  readonly port: number;
}

const remark = `// A run that was killed goes on without a question: tokens whose answer was lost are deleted, and made anew.
      // Right only as long as nobody else makes tokens in this enterprise.`;

/** The config as text: nobody but this command makes tokens at the simulator. */
const configText = (): string => {
  const config = simulationConfig((name) => ({ $file: name })) as {
    readonly providers: Readonly<Record<string, object>>;
  };
  const phones = { ...config.providers["phones"], lostTokens: "revoke" };
  const whole = { ...config, providers: { ...config.providers, phones } };
  const text = JSON.stringify(whole, undefined, 2);
  return `${text.replace('"lostTokens"', `${remark}\n      "lostTokens"`)}\n`;
};

const ledgerKey = "ledger-key";

/** The key of a ledger that is there already stays: without it nobody could read the ledger any more. */
const writeLedgerSettings = async (folder: string): Promise<void> => {
  const key = join(folder, ledgerKey);
  if ((await statOf(key)) === undefined) await writeSecretFile(key, randomBytes(32).toString("base64"));
  const settings = { folder: "ledger", keys: [{ $file: ledgerKey }] };
  const text = `${JSON.stringify(settings, undefined, 2)}\n`;
  await writeSecretFile(join(folder, "enrollkit.ledger.json"), text, true);
};

/** Writes a config whose every value is a file beside it, so that it works in any other shell. */
const writeConfig = async (folder: string, { environment }: Simulation): Promise<string> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const [name, value] of Object.entries(environment))
    await writeSecretFile(join(folder, name), value, true);
  await writeLedgerSettings(folder);
  const config = join(folder, "enrollkit.config.json");
  await writeSecretFile(config, configText(), true);
  return config;
};

const stopped = (signal: AbortSignal | undefined) =>
  new Promise<void>((resolveStopped) => {
    if (signal?.aborted) resolveStopped();
    signal?.addEventListener("abort", () => {
      resolveStopped();
    });
  });

const startOn = async (port: number): Promise<Simulation> => {
  try {
    return await startSimulation(port);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    throw new UsageError(
      `one of the ports ${port}, ${port + 1} and ${port + 2} ${code === "EACCES" ? "may not be used" : "is in use"}`,
      "name another with --port, or leave it out",
    );
  }
};

/** `enrollkit simulate`: local vendors to try things on, until Ctrl+C. */
export const simulate = async (terminal: Terminal, options: SimulateOptions): Promise<ExitCode> => {
  const simulation = await startOn(options.port);
  try {
    const folder = resolve(terminal.folder, options.folder);
    const config = await writeConfig(folder, simulation);
    const addresses = {
      "eset-connect": simulation.eset.url,
      "android-management": simulation.android.url,
      applivery: simulation.applivery.url,
    };
    printResult(terminal, options, { config, addresses }, () =>
      [
        ...Object.entries(addresses).map(([vendor, url]) => `${vendor.padEnd(20)}${url}`),
        "",
        `wrote ${config}; in another terminal:`,
        `  enrollkit --config ${config} check`,
      ].join("\n"),
    );
    writeLine(terminal.stderr, "running; Ctrl+C stops it");
    await stopped(terminal.signal);
  } finally {
    await simulation.close();
  }
  return exitCodes.done;
};
