import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { startProcess } from "./command-process.js";
import { useLedgers } from "./ledgers.js";
import { readOutcomes } from "./outcomes.js";
import { loadVendors, startFastSimulation } from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

const createLedgerWorkplace = useLedgers();

const keys = Array.from({ length: 400 }, (_, row) => `r${row}`);
const people = `key\n${keys.join("\n")}\n`;

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
};

const liveTokens = () =>
  simulation.android
    .enrollments()
    .filter(({ status }) => status === "active")
    .map(({ name }) => name)
    .sort();

describe("a process that is ended in the middle of a run", () => {
  it("by SIGKILL: the same command goes on, and each row has one enrollment and one line", async () => {
    const { enrollkit, write, path, folder, environment } = await createLedgerWorkplace(simulation);
    await write("people.csv", people);
    const words = ["bulk", "people.csv", "--run", "spring"];
    const before = new Set(liveTokens());
    const file = path("people.outcomes.jsonl");
    const lines = () => (existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0);
    const { child, ended } = startProcess(words, environment, folder);
    await until(() => lines() >= 20);
    child.kill("SIGKILL");
    expect(await ended).toEqual([null, "SIGKILL"]);
    const done = lines();
    expect(done).toBeLessThan(keys.length);

    const { exitCode, stdout } = await enrollkit([...words, "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: keys.length, providers: [{ created: keys.length }] });
    const outcomes = await readOutcomes(file);
    expect(outcomes.map(({ outcome }) => outcome.key)).toEqual(keys);
    const ids = outcomes.map(({ outcome }) => (outcome.status === "created" ? outcome.enrollment.id : ""));
    expect(ids.sort()).toEqual(liveTokens().filter((name) => !before.has(name)));
    expect((await readdir(folder)).filter((name) => name.startsWith("people"))).toEqual([
      "people.csv",
      "people.outcomes.jsonl",
    ]);
  });

  it("by SIGTERM: a worker sees through what it has sent, and ends well", async () => {
    const { enrollkit, write, folder, environment } = await createLedgerWorkplace(simulation);
    await write("people.csv", people);
    await enrollkit(["bulk", "people.csv", "--run", "spring", "--queue"]);
    const before = liveTokens().length;
    const { child, ended, stderr } = startProcess(["work"], environment, folder);
    await until(() => liveTokens().length >= before + 20);
    child.kill("SIGTERM");
    expect([await ended, await stderr]).toEqual([[0, null], "taken: run spring, rows 1 to 1000 at most\n"]);
    const { stdout } = await enrollkit(["runs", "spring", "--json"]);
    const { counts } = JSON.parse(stdout) as { counts: Record<string, number> };
    expect(counts).toMatchObject({ created: liveTokens().length - before, sending: 0, "in-doubt": 0 });
    expect(counts["planned"]).toBeGreaterThan(0);
  });
});
