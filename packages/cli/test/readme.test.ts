import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deviceColumns, enrollmentColumns } from "../src/input/columns.js";
import { createProgram } from "../src/program.js";
import type { Simulation } from "../src/simulation.js";
import { exitCodes } from "../src/terminal.js";
import { androidData } from "./enrollment-files.js";
import { createWorkplace, loadVendors, requestsTo, startFastSimulation } from "./simulated.js";

const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

describe("the README", () => {
  it("shows a config that works, with a route that decides", async () => {
    const config: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? "");
    const { enrollkit, write } = await createWorkplace(simulation, config);
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

  it("calls nothing but what the command line knows", () => {
    const lines = [...readme.matchAll(/^(?:ek|enrollkit) (.*?)(?: {2,}#.*)?$/gm)].map(
      ([, line = ""]) => line,
    );
    expect(lines.length).toBeGreaterThan(8);
    for (const line of lines) {
      let isUnderstood = false;
      const program = createProgram(() => {
        isUnderstood = true;
      });
      program.exitOverride();
      for (const command of program.commands) command.exitOverride();
      program.parse(line.replace(/ &$/, "").trim().split(/ +/), { from: "user" });
      expect(isUnderstood, line).toBe(true);
    }
  });
});
