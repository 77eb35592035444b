import type { Fault } from "@enrollkit/simulators";
import { rm, stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useLedgers } from "../../packages/cli/test/ledgers.js";
import { startMailServer } from "../../packages/cli/test/mail-server.js";
import { loadVendors, startFastSimulation, type Workplace } from "../../packages/cli/test/simulated.js";
import type { Simulation } from "../../packages/cli/src/simulation.js";
import { planted, serviceAccountKey, type Canary } from "./canaries.js";
import { cliCommands } from "./cli-commands.js";
import { inputEnvironment, lookAtFolder, writeInputs } from "./cli-files.js";
import { ledgerScenarios, scenarios, storingScenarios, type Line } from "./cli-scenarios.js";
import { harvest } from "./harvest.js";
import { textsInTerminal } from "./pictures.js";
import { createWatch } from "./watch.js";

const watch = createWatch();
let simulation: Simulation;

beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());
afterAll(() => {
  expect(watch.stale("cli")).toEqual([]);
});

const createLedgerWorkplace = useLedgers();

type Environment = Readonly<Record<string, string>>;

const wrongCredentials = (): Environment => ({
  ESET_CONNECT_PASSWORD: planted.esetPassword,
  APPLIVERY_TOKEN: planted.appliveryToken,
  GOOGLE_SERVICE_ACCOUNT_KEY: JSON.stringify({
    ...serviceAccountKey,
    token_uri: simulation.android.credentials.token_uri,
  }),
});

const run = async (
  { enrollkit, environment }: Workplace,
  command: string,
  { words, stdout: place, stderr: errorPlace }: Line,
  style: readonly string[],
  changes: Environment = {},
): Promise<void> => {
  const person = new AbortController();
  if (command === "simulate") person.abort(new Error("stopped"));
  const whole = [...command.split(" "), ...words, ...style];
  const { stdout, stderr } = await enrollkit(whole, {
    environment: { ...environment, ...inputEnvironment, ...changes },
    ...(command === "simulate" && { signal: person.signal }),
  });
  const step = `${command} ${words.join(" ").slice(0, 60)} ${style.join(" ")}`;
  watch.lookAtText(`stdout of ${step}`, stdout, place);
  watch.lookAtText(`stderr of ${step}`, stderr, errorPlace);
  for (const text of textsInTerminal(stdout + stderr)) watch.lookAtText(`the code of ${step}`, text, place);
};

/** Without styles of their own a result is words, and so is an error. */
const styles = [[], ["--json", "--trace"], ["--debug"], ["--trace"]] as const;

const words = `${planted.email} ${planted.accessToken} ${planted.enrollmentToken}`;
const failures: readonly Fault[] = [
  { kind: "status", status: 500, body: { error: { message: planted.email, code: planted.email } } },
  { kind: "status", status: 400, body: { code: 3, message: words, error: { code: 5120, message: words } } },
  { kind: "body", body: `<html>${words}`, contentType: "text/html" },
];

const failing = async (fault: Fault, work: () => Promise<void>): Promise<void> => {
  const vendors = [simulation.eset, simulation.android, simulation.applivery];
  for (const vendor of vendors) vendor.failNext(fault, { times: 50 });
  await work();
  for (const vendor of vendors) vendor.clearFaults();
};

/** A line in every style, and where it calls a vendor also while that fails, and with wrong credentials. */
const runEverywhere = async (workplace: Workplace, command: string, line: Line): Promise<void> => {
  for (const style of styles) await run(workplace, command, line, style);
  if (line.calls === undefined) return;
  for (const [place, fault] of failures.entries()) {
    await failing(fault, () => run(workplace, command, line, styles[place % styles.length] ?? []));
  }
  for (const style of styles) await run(workplace, command, line, style, wrongCredentials());
};

/** Addresses that only refusals have heard of, as mail servers repeat them. */
const secretsOfSimulation = (): readonly Canary[] => harvest(simulation);

it("every command has its scenario, and no other", () => {
  const driven = [...Object.keys(scenarios), ...ledgerScenarios.map(([command]) => command)];
  expect([...new Set(driven)].sort()).toEqual([...cliCommands].sort());
});

/** Milliseconds after which one of the long tests counts as hung. */
const hung = 900_000;

describe("nothing secret is printed, or left where others can read it", { timeout: hung }, () => {
  const withoutLedger = { keys: [], settleFor: "PT0S" };

  it("by commands that call vendors, or work on files", async () => {
    const workplace = await createLedgerWorkplace(simulation, withoutLedger);
    const { mails, settings } = await startMailServer((address) =>
      address.startsWith("refused") ? "refuse" : undefined,
    );
    const inputs = await writeInputs(workplace, settings);
    await rm(workplace.path("enrollkit.ledger.json"));
    for (const [command, lines] of Object.entries(scenarios)) {
      for (const line of lines) await runEverywhere(workplace, command, line);
    }
    expect(mails.length).toBeGreaterThan(0);
    expect(await lookAtFolder(watch, workplace, inputs)).toBeGreaterThan(10);
    const secrets = secretsOfSimulation();
    expect(secrets.length).toBeGreaterThan(50);
    expect(watch.findLeaks(secrets)).toEqual([]);
    expect(watch.characters).toBeGreaterThan(100_000);
  });

  it("by commands that work with a ledger", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { settings } = await startMailServer();
    const inputs = await writeInputs(workplace, settings);
    // An embedded database takes its time to open: each line in one style, and those that show records in all.
    for (const [place, [command, line]] of ledgerScenarios.entries()) {
      const showsRecords = line.words.length === 0;
      for (const style of showsRecords ? styles : [styles[place % styles.length] ?? []]) {
        await run(workplace, command, line, style);
      }
    }
    expect((await stat(workplace.path("ledger"))).mode & 0o077).toBe(0);
    await lookAtFolder(watch, workplace, inputs);
    expect(watch.findLeaks(secretsOfSimulation())).toEqual([]);
  });

  it("but whom an enrollment is for, where a ledger stores that because its owner wants it", async () => {
    const settings = { recipients: "store", keys: [{ $env: "LEDGER_KEY" }] };
    const workplace = await createLedgerWorkplace(simulation, settings);
    for (const [command, line] of storingScenarios) {
      await run(workplace, command, line, []);
    }
    await lookAtFolder(watch, workplace, new Set(["enrollkit.config.json", "enrollkit.ledger.json"]));
    expect(watch.findLeaks(secretsOfSimulation())).toEqual([]);
  });
});
