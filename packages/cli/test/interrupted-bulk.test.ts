import { readFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { createWorkplace, loadVendors, startFastSimulation } from "./simulated.js";

beforeAll(loadVendors);

const start = async (): Promise<Simulation> => {
  const simulation = await startFastSimulation();
  onTestFinished(() => simulation.close());
  return simulation;
};

const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

const fromStdin = ["bulk", "-", "--output", "out.jsonl", "--format"];

const jsonLines = (...keys: string[]) => keys.map((key) => `${JSON.stringify({ key })}\n`).join("");

const statuses = async (path: string) =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => {
      const { key, status, error } = JSON.parse(line) as {
        key: string;
        status: string;
        error?: { code: string };
      };
      return [key, error?.code ?? status];
    });

describe("a bulk run that is cut short", () => {
  it("by a broken line: what was done before is in the file", async () => {
    const simulation = await start();
    const { enrollkit, path } = await createWorkplace(simulation);
    const { exitCode, stdout, stderr } = await enrollkit([...fromStdin, "csv"], {
      stdin: "key\na\nb\nc,d\ne\n",
    });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^rows done before the run ended: 2$/m);
    expect(stderr).toMatch(/^error: standard input: line 4: has more or fewer cells than the heading$/m);
    expect(stdout).toMatch(/^phones +2 +0 +0 /m);
    expect(await statuses(path("out.jsonl"))).toEqual([
      ["a", "created"],
      ["b", "created"],
    ]);
  });

  it("by a vendor that dies: what was done before is in the file, and so is what failed", async () => {
    const simulation = await startFastSimulation();
    onTestFinished(async () => {
      await Promise.all([simulation.eset.close(), simulation.applivery.close()]);
    });
    const { enrollkit, path } = await createWorkplace(simulation);
    const rows = async function* () {
      yield jsonLines("a", "b");
      await until(() => simulation.android.enrollments().length === 2);
      await simulation.android.close();
      yield jsonLines("c", "d", "e");
    };
    const { exitCode, stderr } = await enrollkit([...fromStdin, "jsonl"], { stdin: Readable.from(rows()) });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^line 3 \(c\): .*127\.0\.0\.1:\d+ .*; \S/m);
    expect(await statuses(path("out.jsonl"))).toEqual([
      ["a", "created"],
      ["b", "created"],
      // Two connections were kept: whether something had gone out on them when they broke, nobody can tell.
      ["c", expect.stringMatching(/^(unavailable|outcome-unknown)$/)],
      ["d", expect.stringMatching(/^(unavailable|outcome-unknown)$/)],
      ["e", "unavailable"],
    ]);
  });

  it("by answers that get lost: the row is unknown, never sent twice", async () => {
    const simulation = await start();
    const { enrollkit, path, write } = await createWorkplace(simulation);
    await write("people.csv", "key\na\nb\n");
    simulation.android.failNext(
      { kind: "reset", when: "after" },
      { method: "POST", path: /enrollmentTokens$/, skip: 1 },
    );
    const words = ["bulk", "people.csv", "--output", "out.jsonl", "--concurrency", "1"];
    const { exitCode, stdout } = await enrollkit(words);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^phones +1 +0 +1 +\d+ +1 outcome-unknown$/m);
    expect(await statuses(path("out.jsonl"))).toEqual([
      ["a", "created"],
      ["b", "outcome-unknown"],
    ]);
    expect(simulation.android.enrollments()).toHaveLength(2);
  });

  it("by Ctrl+C: what was done is in the file, and the last lines say how much that is", async () => {
    const simulation = await start();
    const { enrollkit, path } = await createWorkplace(simulation);
    const person = new AbortController();
    const rows = async function* () {
      yield jsonLines("a", "b", "c");
      await until(() => simulation.android.enrollments().length === 3);
      person.abort(new Error("stopped"));
      // A pipe that stays open.
      await new Promise(() => undefined);
    };
    const settings = { stdin: Readable.from(rows()), signal: person.signal };
    const { exitCode, stderr } = await enrollkit([...fromStdin, "jsonl"], settings);
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/rows done before the run ended: 3\nerror: stopped by Ctrl\+C\n$/);
    expect(await statuses(path("out.jsonl"))).toEqual([
      ["a", "created"],
      ["b", "created"],
      ["c", "created"],
    ]);
  });

  it("by Ctrl+C before the first row: nothing is written", async () => {
    const simulation = await start();
    const { enrollkit, write, path } = await createWorkplace(simulation);
    await write("people.csv", "key\na\n");
    const signal = AbortSignal.abort(new Error("stopped"));
    const { exitCode, stderr } = await enrollkit(["bulk", "people.csv", "--output", "out.jsonl"], { signal });
    expect([exitCode, stderr]).toEqual([
      130,
      "rows done before the run ended: 0\nerror: stopped by Ctrl+C\n",
    ]);
    await expect(readFile(path("out.jsonl"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
