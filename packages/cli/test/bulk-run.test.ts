import { readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { useLedgers } from "./ledgers.js";
import { inShort, readOutcomes, withoutZeros } from "./outcomes.js";
import { exampleConfig, loadVendors, requestsTo, startFastSimulation, type Workplace } from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

const createLedgerWorkplace = useLedgers();

let before = 0;
beforeEach(() => {
  before = simulation.android.enrollments().length;
});
const tokensMade = () => simulation.android.enrollments().length - before;

const rows = (count: number) =>
  `key,uses\n${Array.from({ length: count }, (_, row) => `r${row},one`).join("\n")}\n`;

const keysOf = async ({ path }: Workplace, name = "people.outcomes.jsonl") =>
  (await readOutcomes(path(name))).map(({ outcome }) => outcome.key);

const start = ["bulk", "people.csv", "--run", "spring"];

/** Starts the run, and presses Ctrl+C when some rows are at the vendor. */
const startAndStop = async ({ enrollkit }: Workplace, made: number, words = start) => {
  const person = new AbortController();
  const running = enrollkit([...words, "--concurrency", "1"], { signal: person.signal });
  while (tokensMade() < made) await new Promise((resolve) => setImmediate(resolve));
  person.abort(new Error("stopped"));
  return running;
};

describe("bulk --run", () => {
  it("does what bulk does, and says what run a line belongs to", async () => {
    const { enrollkit, write, path } = await createLedgerWorkplace(simulation);
    await write("people.csv", "key,uses,profile\na,one,\nb,nine,\nc,one,warehouse\nd,one,field\n");
    const { exitCode, stdout, stderr } = await enrollkit(start);
    expect([exitCode, stderr.match(/^line .*$/gm)]).toEqual([
      1,
      [
        expect.stringMatching(/^line 3, column uses \(b\): /),
        expect.stringMatching(/^line 4, column profile \(c\): profile "warehouse" is not known here; /),
      ],
    ]);
    expect(stdout).toMatch(/^phones +2 +2 +0 +\d+ +2 invalid-request$/m);
    expect(stdout).toContain(
      "\nrun spring: 4 rows, 0 of them done before this start or by other processes\n",
    );
    expect(stdout).toContain(
      "\noutcomes, with their secrets: people.outcomes.jsonl (only you can read it)\n",
    );
    const outcomes = await readOutcomes(path("people.outcomes.jsonl"));
    expect(inShort(outcomes)).toEqual([
      [2, "a", "phones"],
      [3, "b", "invalid-request"],
      [4, "c", "invalid-request"],
      [5, "d", "phones"],
    ]);
    expect(outcomes.map((each) => (each as unknown as { run: string }).run)).toEqual(Array(4).fill("spring"));
    expect((await stat(path("people.outcomes.jsonl"))).mode & 0o777).toBe(0o600);
    expect(stdout + stderr).not.toMatch(/https?:\/\//);
  });

  it("stopped and started again it goes on: every row once, in order", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    await workplace.write("people.csv", rows(40));
    const stopped = await startAndStop(workplace, 5);
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stderr).toMatch(
      /rows done before the run ended: \d+; the same command goes on with it\nerror: stopped by Ctrl\+C\n$/,
    );
    const done = (await keysOf(workplace)).length;
    expect(done).toBeGreaterThanOrEqual(5);
    expect(done).toBeLessThan(40);

    const { exitCode, stdout } = await workplace.enrollkit([...start, "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      run: "spring",
      rows: 40,
      earlier: done,
      providers: [{ provider: "phones", created: 40, failed: 0 }],
      withoutSecrets: 0,
    });
    expect(await keysOf(workplace)).toEqual(Array.from({ length: 40 }, (_, row) => `r${row}`));
    expect(tokensMade()).toBe(40);
  });

  it("a finished run started again sends nothing, and says the same", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    await workplace.write("people.csv", rows(5));
    await workplace.enrollkit(start);
    const file = await readFile(workplace.path("people.outcomes.jsonl"), "utf8");
    const { exitCode, stdout } = await workplace.enrollkit(start);
    expect([exitCode, tokensMade()]).toEqual([0, 5]);
    expect(stdout).toMatch(/^run spring: 5 rows, 5 of them done before this start or by other processes$/m);
    expect(await readFile(workplace.path("people.outcomes.jsonl"), "utf8")).toBe(file);
  });

  it("a file of outcomes that is gone comes back from the ledger, with its secrets", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { path, write, enrollkit } = workplace;
    await write("people.csv", rows(5));
    await enrollkit(start);
    const file = await readFile(path("people.outcomes.jsonl"), "utf8");
    await rm(path("people.outcomes.jsonl"));
    expect((await enrollkit(start)).exitCode).toBe(0);
    expect(withoutZeros(await readFile(path("people.outcomes.jsonl"), "utf8"))).toBe(withoutZeros(file));
  });

  it("without a key in the ledger it says how many rows have lost their secrets", async () => {
    const workplace = await createLedgerWorkplace(simulation, { settleFor: "PT0S" });
    const { path, write, enrollkit } = workplace;
    await write("people.csv", rows(5));
    await enrollkit(start);
    const lines = (await readFile(path("people.outcomes.jsonl"), "utf8")).split("\n");
    await writeFile(
      path("people.outcomes.jsonl"),
      [...lines.slice(0, 3), lines[3]?.slice(0, 100)].join("\n"),
    );
    const { exitCode, stderr } = await enrollkit(start);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      "rows without their secrets: 2; their lines were not in the file, and the ledger has no key to keep secrets by\n",
    );
    const again = (await readFile(path("people.outcomes.jsonl"), "utf8")).split("\n");
    expect(again.slice(0, 3)).toEqual(lines.slice(0, 3));
    expect(await keysOf(workplace)).toEqual(["r0", "r1", "r2", "r3", "r4"]);
  });

  it("an input that has changed is refused by its lines, and nothing is sent", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { path, write, enrollkit } = workplace;
    await write("people.csv", rows(5));
    await enrollkit(start);
    const file = await readFile(path("people.outcomes.jsonl"), "utf8");
    await write("people.csv", rows(6).replace("r1,one", "r1,unlimited"));
    const { exitCode, stderr } = await enrollkit(start);
    expect([exitCode, stderr]).toEqual([
      2,
      'error: people.csv: the input is not the one that run "spring" was started with: changed lines: 3; ' +
        "rows that were added after row 5: 1\n" +
        "  → restore the input to go on with this run, or give the new input another run; nothing was sent\n",
    ]);
    expect(tokensMade()).toBe(5);
    expect(await readFile(path("people.outcomes.jsonl"), "utf8")).toBe(file);
  });

  it("a file of something else is refused before anything is sent, and stays", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { path, write, enrollkit } = workplace;
    await write("people.csv", rows(2));
    await write("people.outcomes.jsonl", "the outcomes of last year\n");
    const { exitCode, stderr } = await enrollkit(start);
    expect([exitCode, tokensMade()]).toEqual([2, 0]);
    expect(stderr).toMatch(
      /exists already, and the ledger does not know run "spring" yet\n {2}→ name another/,
    );
    expect(await readFile(path("people.outcomes.jsonl"), "utf8")).toBe("the outcomes of last year\n");
    expect((await enrollkit([...start, "--overwrite"])).exitCode).toBe(0);
    expect(await keysOf(workplace)).toEqual(["r0", "r1"]);
  });

  it("rows in doubt are asked about first", async () => {
    const workplace = await createLedgerWorkplace(simulation, undefined, exampleConfig());
    await workplace.write("people.csv", rows(2));
    simulation.android.failNext(
      { kind: "reset", when: "after" },
      { method: "POST", path: /enrollmentTokens$/ },
    );
    const first = await workplace.enrollkit([...start, "--concurrency", "1"]);
    expect(first.stdout).toMatch(/^phones +1 +0 +1 +\d+ +1 outcome-unknown$/m);
    const { stderr } = await workplace.enrollkit(start);
    expect(stderr).toMatch(/^rows in doubt from an earlier start: 1; their vendor is asked first$/m);
    expect(tokensMade()).toBe(2);
  });

  it("a dry run of it calls nobody and opens no ledger", async () => {
    const { enrollkit, write, path, folder } = await createLedgerWorkplace(simulation);
    await rm(path("ledger"), { recursive: true });
    await write("people.csv", rows(2));
    const requests = requestsTo(simulation);
    expect((await enrollkit([...start, "--dry-run"])).exitCode).toBe(0);
    expect(requestsTo(simulation)).toBe(requests);
    expect((await readdir(folder)).sort()).toEqual([
      "enrollkit.config.json",
      "enrollkit.ledger.json",
      "people.csv",
    ]);
  });

  it.each([
    [["bulk", "-", "--format", "csv", "--run", "spring"], "a run reads its input more than once"],
    [["bulk", "people.csv", "--queue"], "--queue leaves a run to workers, and the run has no name"],
    [["bulk", "people.csv", "--run", "spring", "--queue", "--output", "x"], "cannot be used with option"],
    [
      ["bulk", "people.csv", "--run", "a spring"],
      "a run's name has letters, digits, dot, dash and underscore",
    ],
    [["bulk", "people.csv", "--run", "spring", "--output", "people.csv"], "people.csv is the input itself"],
    [["bulk", "people.csv", "--run", "spring", "--ledger", "none.json"], "none.json: there is no such file"],
  ])("%j is refused", async (words, message) => {
    const { enrollkit, write } = await createLedgerWorkplace(simulation);
    await write("people.csv", rows(1));
    const { exitCode, stderr } = await enrollkit(words);
    expect([exitCode, tokensMade()]).toEqual([2, 0]);
    expect(stderr).toContain(message);
  });
});
