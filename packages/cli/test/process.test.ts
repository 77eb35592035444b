import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { startProcess } from "./command-process.js";
import { createWorkplace, startFastSimulation } from "./simulated.js";
import { temporaryFolder } from "./test-terminal.js";

const moduleLog = async () => {
  const path = join(await temporaryFolder(), "modules");
  return {
    environment: { ENROLLKIT_MODULE_LOG: path },
    modules: () => readFileSync(path, "utf8").trimEnd().split("\n"),
  };
};

describe("the process", () => {
  it.each(["--version", "--help"])("%s loads no vendor, no HTTP client, no schema", async (option) => {
    const { environment, modules } = await moduleLog();
    const { child, stderr, ended } = startProcess([option], environment);
    const stdout = text(child.stdout);
    expect([await ended, await stderr]).toEqual([[0, null], ""]);
    expect(await stdout).toMatch(option === "--version" ? /^\d+\.\d+\.\d+/ : /^Usage: enrollkit/);
    const loaded = modules();
    expect(loaded.some((url) => url.endsWith("/cli/src/program.ts"))).toBe(true);
    const known = /^node:|\/packages\/cli\/(src|bin)\/|\/node_modules\/commander\//;
    expect(loaded.filter((url) => !known.test(url))).toEqual([]);
  });

  it("a reader that has seen enough is no error", async () => {
    const { child, stderr, ended } = startProcess(["--help"]);
    child.stdout.destroy();
    expect(await ended).toEqual([0, null]);
    expect(await stderr).toBe("");
  });

  it("Ctrl+C ends it although standard input stays open, and what was done is in the file", async () => {
    const simulation = await startFastSimulation();
    onTestFinished(() => simulation.close());
    const { folder, path } = await createWorkplace(simulation);
    const { environment, modules } = await moduleLog();
    const words = ["bulk", "-", "--format", "jsonl", "--output", "out.jsonl"];
    const { child, stderr, ended } = startProcess(
      words,
      { ...environment, ...simulation.environment },
      folder,
    );
    child.stdin.write('{"key":"a"}\n{"key":"b"}\n');
    const lines = () => (existsSync(path("out.jsonl")) ? readFileSync(path("out.jsonl"), "utf8") : "");
    while (lines().split("\n").length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    expect(await stderr).toMatch(/rows done before the run ended: 2\nerror: stopped by Ctrl\+C\n$/);
    expect(lines().trimEnd().split("\n")).toHaveLength(2);
    // The log that is short for --help is long here.
    for (const part of ["/android-management/", "/axios/", "/zod/"]) {
      expect(modules().some((url) => url.includes(part))).toBe(true);
    }
  });
});
