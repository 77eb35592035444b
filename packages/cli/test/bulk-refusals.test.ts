import { readFile, readdir, stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { readOutcomes } from "./outcomes.js";
import { createWorkplace, loadVendors, requestsTo, startFastSimulation } from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

describe("a run that must not begin", () => {
  it.each<[string, string, string]>([
    ["a row too long", "key,email\na,b@example.com\nb\n", "people.csv: line 3: has more or fewer cells"],
    [
      "a wrong heading",
      "key,mail\na,b\n",
      'people.csv: line 1: "mail" is not a known column; did you mean "email"?',
    ],
    ["nothing", "", "people.csv is empty"],
    ["a heading alone", "key,email\n", "people.csv has no rows"],
    [
      "a quote that stays open",
      'key\na\n"b\nc\n',
      "people.csv: line 3: a quote is opened here and never closed",
    ],
  ])("%s: nothing is sent and nothing is written", async (_, text, message) => {
    for (const words of [["bulk"], ["bulk", "--dry-run"]]) {
      const { enrollkit, write, folder } = await createWorkplace(simulation);
      await write("people.csv", text);
      const before = requestsTo(simulation);
      const { exitCode, stdout, stderr } = await enrollkit([...words, "people.csv"]);
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`error: ${message}`);
      expect(stderr).toMatch(/\n {2}→ \S.*\n$/);
      expect(requestsTo(simulation)).toBe(before);
      expect((await readdir(folder)).sort()).toEqual(["enrollkit.config.json", "people.csv"]);
    }
  });

  it.each<[string, string, string]>([
    ["a wrong heading", "mail\na\n", 'standard input: line 1: "mail" is not a known column'],
    ["a heading alone", "key\n", "standard input has no rows"],
  ])("%s on standard input leaves the old outcomes alone", async (_, stdin, message) => {
    const { enrollkit, write, path, folder } = await createWorkplace(simulation);
    await write("outcomes.jsonl", "old");
    const { exitCode, stderr } = await enrollkit(["bulk", "-", "--format", "csv", "--overwrite"], { stdin });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(await readFile(path("outcomes.jsonl"), "utf8")).toBe("old");
    expect((await readdir(folder)).sort()).toEqual(["enrollkit.config.json", "outcomes.jsonl"]);
  });

  it("outcomes that exist are refused before anything is sent, and replaced on demand", async () => {
    const { enrollkit, write, path } = await createWorkplace(simulation);
    await write("people.csv", "key\na\n");
    await write("people.outcomes.jsonl", "old");
    const before = requestsTo(simulation);
    const { exitCode, stderr } = await enrollkit(["bulk", "people.csv"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/people\.outcomes\.jsonl exists already.*\n {2}→ .*--overwrite/);
    expect(await readFile(path("people.outcomes.jsonl"), "utf8")).toBe("old");
    expect(requestsTo(simulation)).toBe(before);

    expect((await enrollkit(["bulk", "people.csv", "--overwrite"])).exitCode).toBe(0);
    expect((await stat(path("people.outcomes.jsonl"))).mode & 0o777).toBe(0o600);
    expect(await readOutcomes(path("people.outcomes.jsonl"))).toHaveLength(1);
  });

  it("the input is not overwritten by its outcomes", async () => {
    const { enrollkit, write, path } = await createWorkplace(simulation);
    await write("people.jsonl", '{"key":"a"}\n');
    const words = ["bulk", "people.jsonl", "--output", "./people.jsonl", "--overwrite"];
    const { exitCode, stderr } = await enrollkit(words);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("./people.jsonl is the input itself");
    expect(await readFile(path("people.jsonl"), "utf8")).toBe('{"key":"a"}\n');
  });

  it.each<[string, string[], RegExp]>([
    ["an input that is not there", ["bulk", "none.csv"], /none\.csv does not exist\n {2}→ check the path/],
    ["a folder as input", ["bulk", ".", "--format", "csv"], / is a folder\n {2}→ name a file in it/],
    ["a folder as output", ["bulk", "people.csv", "--output", "."], /exists already/],
    [
      "an output in no folder",
      ["bulk", "people.csv", "--output", "no/o.jsonl"],
      /no\/o\.jsonl does not exist/,
    ],
    ["an unknown provider", ["bulk", "people.csv", "--provider", "nobody"], /there is no provider "nobody"/],
  ])("%s", async (_, words, message) => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("people.csv", "key\na\n");
    const { exitCode, stdout, stderr } = await enrollkit(words);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
  });

  it("credentials that are refused end it before the first row", async () => {
    const { enrollkit, write, folder } = await createWorkplace(simulation);
    await write("people.csv", "email\nana@example.com\n");
    const environment = { ...simulation.environment, APPLIVERY_TOKEN: "wrong" };
    const { exitCode, stdout, stderr } = await enrollkit(["bulk", "people.csv", "--provider", "apple"], {
      environment,
    });
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(
      /^error: the check of apple failed: \S.*\n {2}→ no row was sent there; .*\n {2}more: .*\n$/,
    );
    expect((await readdir(folder)).sort()).toEqual(["enrollkit.config.json", "people.csv"]);
  });

  it("a provider that no row goes to need not work", async () => {
    const environment = { ...simulation.environment, APPLIVERY_TOKEN: "wrong" };
    const file = await createWorkplace(simulation);
    await file.write("people.csv", "key\na\n");
    expect((await file.enrollkit(["bulk", "people.csv"], { environment })).exitCode).toBe(0);
    const input = await createWorkplace(simulation);
    const words = ["bulk", "-", "--format", "csv"];
    expect((await input.enrollkit(words, { environment, stdin: "key\na\n" })).exitCode).toBe(0);
  });
});
