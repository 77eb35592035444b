import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Secret, type EnrollmentOutcome } from "@enrollkit/core";
import type { LedgerSettings } from "@enrollkit/ledger";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deviceColumns, enrollmentColumns } from "../src/input/columns.js";
import { createProgram } from "../src/program.js";
import type { Simulation } from "../src/simulation.js";
import { exitCodes } from "../src/terminal.js";
import { loadPlugins } from "../src/vendors.js";
import { androidData } from "./enrollment-files.js";
import { createWorkplace, exampleConfig, loadVendors, requestsTo, startFastSimulation } from "./simulated.js";

const textOf = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");
const readme = textOf("../README.md");
const rootReadme = textOf("../../../README.md");
const ledgerReadme = textOf("../../ledger/README.md");

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

describe("the README", () => {
  it("shows a config that works, with a route that decides", async () => {
    const config: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? "");
    // The config names no other place for tokens than Google's own, and nobody is called.
    const key = JSON.parse(simulation.environment["GOOGLE_SERVICE_ACCOUNT_KEY"] ?? "{}") as object;
    const googleKey = JSON.stringify({ ...key, token_uri: "https://oauth2.googleapis.com/token" });
    const environment = { ...simulation.environment, GOOGLE_SERVICE_ACCOUNT_KEY: googleKey };
    const { enrollkit, write } = await createWorkplace({ environment }, config);
    await write("applivery-token", simulation.applivery.credentials.token);
    const stdin = "profile,email\nsales,\noffice,ana@example.com\n";
    const words = ["bulk", "-", "--format", "csv", "--dry-run", "--json"];
    const { exitCode, stdout, stderr } = await enrollkit(words, { stdin });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      providers: [
        { provider: "phones", valid: 1 },
        { provider: "apple", valid: 1 },
      ],
    });
    expect(requestsTo(simulation)).toBe(0);
  });

  it("shows extras and mail settings that work", async () => {
    const [, extras = "", settings = ""] = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].map(
      ([, text]) => text,
    );
    const { enrollkit, write } = await createWorkplace({ environment: {} });
    await write("one.json", JSON.stringify(androidData(1)));
    await write("extras.json", extras);
    await write("enrollkit.mail.json", settings);
    const environment = { WIFI_PASSWORD: "a password", SMTP_PASSWORD: "another" };
    const words = ["mail", "one.json", "--extras", "extras.json", "--dry-run", "mails", "--json"];
    const { exitCode, stdout, stderr } = await enrollkit(words, { environment });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({ sent: 1, withoutExtras: 0 });
  });

  it("lists every column and every exit code", () => {
    const cells = [...readme.matchAll(/^\| (.*?) +\|/gm)].map(([, cell = ""]) => cell);
    const named = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    expect(named.sort()).toEqual(Object.keys(enrollmentColumns).sort());
    expect(cells.filter((cell) => /^\d+$/.test(cell)).map(Number)).toEqual(Object.values(exitCodes));
    for (const column of Object.keys(deviceColumns)) expect(readme).toContain(`\`${column}\``);
  });

  it("shows settings of a ledger that work", async () => {
    const settings = [...readme.matchAll(/```json\n([\s\S]*?)```/g)].at(-1)?.[1] ?? "";
    const { enrollkit, write } = await createWorkplace({ environment: {} });
    await write("enrollkit.ledger.json", settings);
    await write("ledger-key", Buffer.alloc(32, 7).toString("base64"));
    const { exitCode, stdout, stderr } = await enrollkit(["runs", "--json"]);
    expect([exitCode, stdout, stderr]).toEqual([0, "[]\n", ""]);
  });

  it.each([
    ["of the command", readme, 30],
    ["of the project", rootReadme, 15],
  ])("%s calls nothing but what the command line knows", (_, text, least) => {
    const lines = [...text.matchAll(/^(?:ek|enrollkit) (.*?)(?: {2,}#.*)?$/gm)].map(([, line = ""]) => line);
    expect(lines.length).toBeGreaterThan(least);
    for (const line of lines) {
      let isUnderstood = false;
      const program = createProgram(() => {
        isUnderstood = true;
      });
      program.exitOverride();
      for (const command of program.commands) {
        for (const each of [command, ...command.commands]) each.exitOverride();
      }
      program.parse(line.replace(/ &$/, "").trim().split(/ +/), { from: "user" });
      expect(isUnderstood, line).toBe(true);
    }
  });
});

describe("the README of the project", () => {
  it("shows runs and workers that work against the simulators", async () => {
    const block = /## Runs that can be killed[\s\S]*?```sh\n([\s\S]*?)```/.exec(rootReadme)?.[1] ?? "";
    const lines = block.split("\n").flatMap((line) => /^enrollkit (.*?)(?: {2,}#.*)?$/.exec(line)?.[1] ?? []);
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("enrollkit.ledger.json", '{ "folder": "ledger", "keys": [{ "$file": "ledger-key" }] }');
    await write("ledger-key", Buffer.alloc(32, 7).toString("base64"));
    await write("people.csv", "key,profile\na,sales\n");
    await write("more.csv", "key,profile\nb,field\n");
    const results: string[] = [];
    for (const line of lines) {
      const { exitCode, stdout, stderr } = await enrollkit(line.replace("../", "").split(/ +/));
      expect([line, exitCode, stderr.match(/error/)]).toEqual([line, 0, null]);
      results.push(stdout);
    }
    expect(results[2]).toBe("jobs done: 1\n");
    expect(results[3]).toMatch(/^summer +1 +1 .*\nspring +1 +1 /m);
    expect(results.at(-2)).toMatch(/ a .* pending /);
  });
});

describe("the README of the ledger", () => {
  const [tenLines = "", workers = ""] = [...ledgerReadme.matchAll(/```ts\n([\s\S]*?)```/g)].map(
    ([, text = ""]) => text.replaceAll(/^import .*$/gm, ""),
  );

  it("shows lines that work", async () => {
    const { folder, path, write } = await createWorkplace(simulation);
    await write("config.json", JSON.stringify(exampleConfig()));
    const { createService, readConfigFile } = await import("@enrollkit/inversify");
    const { openLedger } = await import("@enrollkit/ledger");
    const { environment } = simulation;
    const saved: EnrollmentOutcome[] = [];
    const said: unknown[] = [];
    const given = {
      openLedger: (settings: LedgerSettings) => openLedger({ ...settings, folder: join(folder, "ledger") }),
      createService,
      config: readConfigFile(join(folder, "config.json"), await loadPlugins(), { environment }),
      key: new Secret(Buffer.alloc(32, 7).toString("base64")),
      people: [{ key: "a", profile: "sales" }],
      save: (outcomes: readonly EnrollmentOutcome[]) => saved.push(...outcomes),
      console: { log: (...words: unknown[]) => said.push(words) },
    };
    const work = workers.replaceAll('"spring"', '"summer"');
    // The README's own lines, as a reader would run them.
    const lines = `${tenLines.replace("await ledger.close();", "")}${work} await ledger.close();`;
    const names = Object.keys(given).join(", ");
    await write("lines.mjs", `export const run = async ({ ${names} }) => {${lines}};`);
    const module = (await import(pathToFileURL(path("lines.mjs")).href)) as {
      readonly run: (parts: typeof given) => Promise<void>;
    };
    await module.run(given);
    expect(saved).toMatchObject([{ key: "a", status: "created" }]);
    expect(said).toEqual([["a", "pending"]]);
  });

  it("names only what a ledger can do, and the settings with their defaults", async () => {
    const { openLedger, ledgerSettingsSchema } = await import("@enrollkit/ledger");
    const { path } = await createWorkplace({ environment: {} });
    const ledger = await openLedger({ folder: path("ledger") });
    await ledger.close();
    const named = [...ledgerReadme.matchAll(/(?:ledger\.|`)([a-z]\w+)\(/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(8);
    for (const name of named) expect(name in ledger, name).toBe(true);
    const { schema, recipients, mostTries } = ledgerSettingsSchema.parse({ folder: "x" });
    expect(ledgerReadme).toContain(
      `\`schema\` (\`${schema}\`), \`keys\` (none), \`recipients\` (\`${recipients}\`), ` +
        "`lease` (`PT30S`), `settleFor` (`PT10S`),\n`mostTries` (" +
        `${mostTries})`,
    );
  });
});
