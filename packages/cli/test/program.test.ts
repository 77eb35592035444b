import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { enrollmentStates } from "@enrollkit/core";
import type { RecordedOutcome } from "@enrollkit/ledger";
import { beforeAll, describe, expect, it } from "vitest";
import { recordOutcomes, recordStates } from "../src/command-options.js";
import { createProgram } from "../src/program.js";
import { loadVendors } from "./simulated.js";
import { moreAbout, runCommand, temporaryFolder } from "./test-terminal.js";

beforeAll(loadVendors);

const topCommands = createProgram(() => undefined).commands;
const commands = topCommands.map((command) => command.name());
const nestedCommands = topCommands.flatMap((parent) =>
  parent.commands.map((command) => `${parent.name()} ${command.name()}`),
);

describe("help", () => {
  it("names every command", async () => {
    const { exitCode, stdout } = await runCommand(["--help"]);
    expect(exitCode).toBe(0);
    expect(commands).toHaveLength(24);
    expect(nestedCommands).toHaveLength(8);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^  ${command} `, "m"));
  });

  it.each([...commands, ...nestedCommands])(
    "of %s has an example, the exit codes and the options for all",
    async (command) => {
      const { exitCode, stdout, stderr } = await runCommand([...command.split(" "), "--help"]);
      expect([exitCode, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(new RegExp(`^ {2}\\$ enrollkit .*${command}`, "m"));
      for (const part of ["--config", "--json", "--debug"]) expect(stdout).toContain(part);
      for (const code of [0, 1, 2, 3, 130]) expect(stdout).toMatch(new RegExp(`^ +${code}  \\S`, "m"));
    },
  );

  it.each(["bulk", "import"])("of %s lists the columns", async (command) => {
    expect((await runCommand([command, "--help"])).stdout).toMatch(/^Columns: key, .*profile/m);
  });

  it("of status offers the states and outcomes that there are", () => {
    const outcomes: Record<RecordedOutcome, true> = {
      planned: true,
      sending: true,
      "in-doubt": true,
      created: true,
      failed: true,
      unknown: true,
      "set-aside": true,
    };
    expect([...recordStates]).toEqual([...enrollmentStates]);
    expect([...recordOutcomes]).toEqual(Object.keys(outcomes));
  });

  it("every example is a command line that is understood", () => {
    const examples = createProgram(() => undefined)
      .commands.flatMap((command) => [command, ...command.commands])
      .map((command) => {
        const lines: string[] = [];
        command.configureOutput({ writeOut: (text) => lines.push(text) }).outputHelp();
        return lines.join("");
      })
      .flatMap((text) => [...text.matchAll(/^ {2}\$ enrollkit (.*)$/gm)].map(([, line]) => line ?? ""));
    expect(examples.length).toBeGreaterThan(commands.length + nestedCommands.length);
    for (const example of examples) {
      let isUnderstood = false;
      const program = createProgram(() => {
        isUnderstood = true;
      });
      program.exitOverride();
      for (const command of program.commands) command.exitOverride();
      program.parse(example.replace(/ >.*/, "").split(" "), { from: "user" });
      expect(isUnderstood, example).toBe(true);
    }
  });

  it("comes with no command at all", async () => {
    const { exitCode, stdout, stderr } = await runCommand([]);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain("Usage: enrollkit");
  });
});

describe("version", () => {
  it.each(["--version", "-v"])("%s", async (option) => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../package.json"), "utf8")) as {
      version: string;
    };
    expect(await runCommand([option])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });
});

describe("start-up", () => {
  /** What a module loads at once; what it loads later, when a command is called, is not in it. */
  const loadedAtOnce = (path: string, seen = new Set<string>()): Set<string> => {
    const text = readFileSync(path, "utf8");
    for (const [, name = ""] of text.matchAll(/^(?:import|export) (?!type )(?:[^;"]* from )?"([^"]+)"/gm)) {
      const target = name.startsWith(".") ? resolve(dirname(path), name.replace(/\.js$/, ".ts")) : name;
      if (seen.has(target)) continue;
      seen.add(target);
      if (target.startsWith("/")) loadedAtOnce(target, seen);
    }
    return seen;
  };

  it("loads the command line's grammar and nothing of a vendor", () => {
    const modules = [...loadedAtOnce(resolve(import.meta.dirname, "../src/main.ts"))];
    expect(modules.filter((name) => !name.startsWith("/") && !name.startsWith("node:"))).toEqual([
      "commander",
    ]);
    expect(modules.length).toBeGreaterThan(4);
  });
});

describe("mistakes on the command line", () => {
  it.each<[string, string[], string]>([
    ["an unknown command", ["craete"], "Did you mean create?"],
    ["an unknown option", ["check", "--jsno"], "Did you mean --json?"],
    ["an option without its value", ["check", "--provider"], "argument missing"],
    ["a missing argument", ["bulk"], "missing required argument 'input'"],
    ["a sheet of nothing", ["sheet"], "missing required argument 'file'"],
    ["an image of another kind", ["qr", "x.json", "--format", "gif"], "Allowed choices are png, svg."],
    ["a layout of another kind", ["sheet", "x.json", "--layout", "poster"], "are pages, labels."],
    ["both ways out", ["zero-touch", "x.json", "--reveal", "-o", "y"], "cannot be used with option"],
    ["no ids", ["revoke"], "missing required argument 'id'"],
    ["a state of another kind", ["status", "--state", "lost"], "Allowed choices are pending, used, failed"],
    ["an outcome of another kind", ["report", "--outcome", "done"], "Allowed choices are planned, sending"],
    ["no limit", ["status", "--limit", "0"], "It must be a whole number above zero."],
    ["a renewal into nothing", ["renew", "17"], "required option '-o, --output <file>' not specified"],
    ["nobody to erase", ["ledger", "erase"], "required option '--email <address>' not specified"],
    ["a record of no number", ["ledger", "history", "x"], "It must be a whole number above zero."],
    ["two ages", ["ledger", "purge", "--before", "2026-01-01", "--older-than", "1d"], "cannot be used with"],
    ["a queue with outcomes", ["bulk", "a.csv", "--queue", "--output", "x"], "cannot be used with option"],
    ["an argument too many", ["check", "phones"], "too many arguments"],
    [
      "a concurrency of nothing",
      ["bulk", "-", "--concurrency", "0"],
      "It must be a whole number above zero.",
    ],
    [
      "a concurrency in words",
      ["bulk", "-", "--concurrency", "many"],
      "It must be a whole number above zero.",
    ],
    ["a port beyond the last", ["simulate", "--port", "65534"], "It must be a port from 1 to 65533"],
    ["a format of another kind", ["bulk", "-", "--format", "xlsx"], "Allowed choices are csv, jsonl."],
    ["a third way", ["bulk", "-", "--on-unsupported", "clamp"], "Allowed choices are reject, warn."],
  ])("%s", async (_, words, message) => {
    const { exitCode, stdout, stderr } = await runCommand(words);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("    at ");
  });

  it.each<[string, string[], string]>([
    ["an input whose format nobody knows", ["bulk", "people.xlsx"], "cannot tell what people.xlsx holds"],
    ["standard input of unknown format", ["bulk", "-"], "cannot tell what standard input holds"],
  ])("%s", async (_, words, message) => {
    expect(await runCommand(words)).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `error: ${message}\n  → say --format csv or --format jsonl\n`,
    });
  });

  it("a missing config says where it was looked for, and what to do", async () => {
    const folder = await temporaryFolder();
    expect(await runCommand(["check"], { folder })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: [
        `error: config ${join(folder, "enrollkit.config.json")}: there is no such file`,
        "  → name the config file with --config, or create enrollkit.config.json in this folder",
        moreAbout("invalid-config"),
      ].join("\n"),
    });
  });
});
