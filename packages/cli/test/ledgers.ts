import { cpSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLedger } from "@enrollkit/ledger";
import { afterAll, beforeAll } from "vitest";
import { createWorkplace, exampleConfig, type Config, type Workplace } from "./simulated.js";
import type { Simulation } from "../src/simulation.js";

/** 32 bytes each. */
const ledgerKeys = [7, 8].map((byte) => Buffer.alloc(32, byte).toString("base64"));

/** A config by which what was lost at Google is made anew: nobody else makes tokens at the simulator. */
export const resumableConfig = (): Config => {
  const config = exampleConfig();
  const phones = { ...config.providers["phones"], lostTokens: "revoke" };
  return { ...config, providers: { ...config.providers, phones } };
};

export interface LedgerSettingsText {
  readonly keys?: readonly unknown[];
  readonly [setting: string]: unknown;
}

const withKey: LedgerSettingsText = { keys: [{ $env: "LEDGER_KEY" }], settleFor: "PT0S" };

/** A workplace with a ledger in a folder, new and empty, and settings for it beside the config. */
export type CreateLedgerWorkplace = (
  simulation: Pick<Simulation, "environment">,
  settings?: LedgerSettingsText,
  config?: unknown,
) => Promise<Workplace>;

/** A database takes seconds to make, and little time to copy: the tests of a file share one that is empty. */
export const useLedgers = (): CreateLedgerWorkplace => {
  let template = "";
  beforeAll(async () => {
    template = await mkdtemp(join(tmpdir(), "enrollkit-cli-ledger-"));
    const ledger = await openLedger({ folder: template });
    await ledger.close();
  });
  afterAll(() => rm(template, { recursive: true, force: true }));
  return async ({ environment }, settings = withKey, config = resumableConfig()) => {
    const [key = "", other = ""] = ledgerKeys;
    const more = { LEDGER_KEY: key, OTHER_KEY: other };
    const workplace = await createWorkplace({ environment: { ...environment, ...more } }, config);
    cpSync(template, workplace.path("ledger"), { recursive: true });
    const text = JSON.stringify({ folder: "ledger", ...settings });
    await writeFile(workplace.path("enrollkit.ledger.json"), text);
    return workplace;
  };
};
