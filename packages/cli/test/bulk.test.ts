import { readdir, stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { inShort, readOutcomes } from "./outcomes.js";
import { hastyClock } from "./test-terminal.js";
import { createWorkplace, exampleConfig, loadVendors, requestsTo, startFastSimulation } from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

const routed = () => ({
  ...exampleConfig(),
  routes: [
    { profile: "sales", provider: "apple" },
    { profile: "field", provider: "eset" },
  ],
});

const people = [
  "key,profile,email,device_name,valid_for",
  "r1,sales,ana@example.com,,P1D",
  "r2,field,,Handheld 1,",
  "r3,,,,PT2H",
  "r4,sales,,,",
  'r5,sales,bo@example.com,,"P99D"',
  "r6,field,,Handheld 1,",
  "r7,warehouse,,,",
  "r3,,,,",
  "r9,field,,Handheld 2,",
  "",
].join("\n");

describe("bulk", () => {
  it("writes an outcome for each row, in their order, and says which failed and why", async () => {
    const { enrollkit, write, path } = await createWorkplace(simulation, routed());
    await write("people.csv", people);
    const { exitCode, stdout, stderr } = await enrollkit(["bulk", "people.csv", "--output", "out.jsonl"]);
    expect(exitCode).toBe(1);

    expect((await stat(path("out.jsonl"))).mode & 0o777).toBe(0o600);
    const outcomes = await readOutcomes(path("out.jsonl"));
    expect(inShort(outcomes)).toEqual([
      [2, "r1", "apple"],
      [3, "r2", "eset"],
      [4, "r3", "phones"],
      [5, "r4", "invalid-request"],
      [6, "r5", "unsupported"],
      [7, "r6", "invalid-request"],
      [8, "r7", "invalid-request"],
      [9, "r3", "invalid-request"],
      [10, "r9", "eset"],
    ]);
    for (const { outcome, advice } of outcomes) {
      if (outcome.status === "created") {
        const [artifact] = outcome.enrollment.artifacts;
        expect(artifact !== undefined && "value" in artifact && artifact.value.isKnown).toBe(true);
      } else expect(advice).toMatch(/\S/);
    }

    expect(stderr.split("\n").filter((line) => line.startsWith("line "))).toEqual([
      expect.stringMatching(
        /^line 5, column email \(r4\): recipient\.email is missing; Applivery needs it; /,
      ),
      expect.stringMatching(
        /^line 6, column valid_for \(r5\): validFor "P99D" is 99 days; Applivery allows /,
      ),
      expect.stringMatching(/^line 7, column device_name \(r6\): device\.name is the same as in line 3; /),
      expect.stringMatching(/^line 8, column profile \(r7\): profile "warehouse" is not known here; /),
      expect.stringMatching(/^line 9, column key \(r3\): key is the same as in line 4; /),
    ]);
    const calls = expect.stringMatching(/^\d+$/) as string;
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["PROVIDER", "CREATED", "FAILED", "UNKNOWN", "API CALLS", "REASONS"],
      ["apple", "1", "2", "0", calls, "1 invalid-request, 1 unsupported"],
      ["eset", "2", "1", "0", calls, "1 invalid-request"],
      ["phones", "1", "2", "0", calls, "2 invalid-request"],
      [""],
      ["outcomes, with their secrets: out.jsonl (only you can read it)"],
      [""],
    ]);
    expect(stdout + stderr).not.toMatch(/@example\.com|http/);
  });

  it("as JSON: one document on standard output, progress beside it", async () => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("people.csv", "key\na\nb\nb\n");
    const { exitCode, stdout, stderr } = await enrollkit(["bulk", "people.csv", "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      providers: [
        {
          provider: "phones",
          created: 2,
          failed: 1,
          unknown: 0,
          failedBy: { "invalid-request": 1 },
          calls: expect.any(Number) as number,
        },
      ],
      failures: [
        {
          place: "line 4, column key",
          key: "b",
          code: "invalid-request",
          message: expect.stringContaining("the same as in line 3") as string,
        },
      ],
      output: "people.outcomes.jsonl",
    });
    expect(stderr.trimEnd().split("\n")).toEqual([
      // Whichever is known first.
      expect.stringMatching(/^1 of 3 rows/),
      expect.stringMatching(/^2 of 3 rows, 1 failed/),
      expect.stringMatching(/^3 of 3 rows, 1 failed/),
    ]);
  });

  it.each([
    ["bulk", "key\na\nb\nc\n", "phones"],
    ["import", "name\nProgress 1\nProgress 2\nProgress 3\n", "eset"],
  ])("%s tells how fast it goes, and what time is left of a file", async (command, rows, provider) => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("rows.csv", rows);
    const clock = hastyClock();
    let ahead = 0;
    const ticking = { ...clock, now: () => clock.now() + (ahead += 100) };
    const words = [command, "rows.csv", "--provider", provider];
    const { exitCode, stderr } = await enrollkit(words, { clock: ticking });
    expect(exitCode).toBe(0);
    const lines = stderr.trimEnd().split("\n");
    expect(lines.at(-1)).toMatch(/^3 of 3 rows, [\d.]+ rows\/s$/);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^\d of 3 rows, [\d.]+ rows\/s, .* left$/);
  });

  it("reads JSON Lines, whatever is in them", async () => {
    const { enrollkit, write, path } = await createWorkplace(simulation);
    const rows: unknown[] = [
      { key: "a", profile: "sales", uses: 1 },
      { key: 5 },
      { key: "b", colour: "red" },
      { key: "c", recipient: null },
      { key: "d", device: "phone" },
      { key: "e", profile: ["sales"] },
      { key: "f", uses: "unlimited", additionalData: "x" },
    ];
    await write("people.jsonl", rows.map((row) => JSON.stringify(row)).join("\n"));
    const { exitCode, stderr } = await enrollkit(["bulk", "people.jsonl"]);
    expect(exitCode).toBe(1);
    expect(inShort(await readOutcomes(path("people.outcomes.jsonl")))).toEqual([
      [1, "a", "phones"],
      [2, undefined, "invalid-request"],
      [3, "b", "invalid-request"],
      [4, "c", "invalid-request"],
      [5, "d", "invalid-request"],
      [6, "e", "invalid-request"],
      [7, "f", "phones"],
    ]);
    expect(stderr).toMatch(/^line 3 \(b\): colour is not a known field; /m);
    expect(stderr).toMatch(/^line 4, recipient \(c\): recipient /m);
  });

  it("reads standard input", async () => {
    const { enrollkit, path } = await createWorkplace(simulation);
    const result = await enrollkit(["bulk", "-", "--format", "csv"], { stdin: "key\na\nb\n" });
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain("outcomes, with their secrets: outcomes.jsonl");
    expect(inShort(await readOutcomes(path("outcomes.jsonl")))).toEqual([
      [2, "a", "phones"],
      [3, "b", "phones"],
    ]);
  });

  it("lists no more failures than a person reads", async () => {
    const { enrollkit, write, path } = await createWorkplace(simulation);
    await write(
      "people.csv",
      `key,uses\n${Array.from({ length: 30 }, (_, row) => `k${row},9`).join("\n")}\n`,
    );
    const { stderr } = await enrollkit(["bulk", "people.csv"]);
    expect(stderr.match(/^line /gm)).toHaveLength(20);
    expect(stderr).toMatch(/^… and 10 more; the outcomes say which and why$/m);
    expect(await readOutcomes(path("people.outcomes.jsonl"))).toHaveLength(30);
  });

  it("with --on-unsupported warn a wish is dropped and the outcome says so", async () => {
    const { enrollkit, write, path } = await createWorkplace(simulation);
    await write("people.csv", "key,valid_for\na,P99D\n");
    expect((await enrollkit(["bulk", "people.csv", "--on-unsupported", "warn"])).exitCode).toBe(0);
    const [first] = await readOutcomes(path("people.outcomes.jsonl"));
    expect(first?.outcome).toMatchObject({
      enrollment: { warnings: [{ code: "unsupported", field: "validFor" }] },
    });
  });

  it("one word in a route moves its rows to another vendor", async () => {
    const config = {
      ...exampleConfig(),
      routes: [
        { profile: "sales", provider: "apple" },
        { profile: "field", provider: "phones" },
      ],
    };
    const text = "key,profile,email,device_name\na,sales,ana@example.com,A\nb,field,bo@example.com,B\n";
    const vendors: unknown[] = [];
    for (const provider of ["phones", "eset", "apple"]) {
      const [sales, field] = config.routes;
      const changed = { ...config, routes: [sales, { ...field, provider }] };
      const { enrollkit, write, path } = await createWorkplace(simulation, changed);
      await write(
        "people.csv",
        text.replaceAll("A\n", `A ${provider}\n`).replaceAll("B\n", `B ${provider}\n`),
      );
      expect((await enrollkit(["bulk", "people.csv"])).exitCode).toBe(0);
      vendors.push(
        (await readOutcomes(path("people.outcomes.jsonl"))).map(
          ({ outcome }) => outcome.status === "created" && outcome.enrollment.vendor,
        ),
      );
    }
    expect(vendors).toEqual([
      ["applivery", "android-management"],
      ["applivery", "eset-connect"],
      ["applivery", "applivery"],
    ]);
  });
});

describe("a dry run", () => {
  it("holds every row against its vendor's limits and calls nobody", async () => {
    const { enrollkit, write, folder } = await createWorkplace(simulation, routed());
    await write("people.csv", people);
    const before = requestsTo(simulation);
    const { exitCode, stdout, stderr } = await enrollkit(["bulk", "people.csv", "--dry-run"]);
    expect(requestsTo(simulation)).toBe(before);
    expect(exitCode).toBe(1);
    expect(
      stderr
        .trimEnd()
        .split("\n")
        .map((line) => line.slice(0, line.indexOf(":"))),
    ).toEqual([
      "line 5, column email (r4)",
      "line 6, column valid_for (r5)",
      "line 7, column device_name (r6)",
      "line 8, column profile (r7)",
      "line 9, column key (r3)",
    ]);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ["PROVIDER", "VALID", "INVALID", "REASONS"],
      ["apple", "1", "2", "1 invalid-request, 1 unsupported"],
      ["eset", "2", "1", "1 invalid-request"],
      ["phones", "1", "2", "2 invalid-request"],
    ]);
    expect((await readdir(folder)).sort()).toEqual(["enrollkit.config.json", "people.csv"]);
  });

  it("passes what a run would pass, from standard input and as JSON", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const before = requestsTo(simulation);
    const stdin = '{"key":"a"}\n{"key":"b","profile":"sales"}\n';
    const result = await enrollkit(["bulk", "-", "--format", "jsonl", "--dry-run", "--json"], { stdin });
    expect([result.exitCode, result.stderr]).toEqual([0, ""]);
    expect(JSON.parse(result.stdout)).toEqual({
      dryRun: true,
      providers: [{ provider: "phones", valid: 2, invalid: 0, invalidBy: {} }],
      failures: [],
    });
    expect(requestsTo(simulation)).toBe(before);
  });
});
