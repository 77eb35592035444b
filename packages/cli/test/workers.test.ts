import { readFile, stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { useLedgers } from "./ledgers.js";
import { readOutcomes } from "./outcomes.js";
import { loadVendors, startFastSimulation } from "./simulated.js";
import { moreAbout } from "./test-terminal.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

const createLedgerWorkplace = useLedgers();

const people = "key,profile\na,sales\nb,warehouse\nc,field\n";
const queue = ["bulk", "people.csv", "--run", "spring", "--queue"];

describe("a run for workers", () => {
  it("is planned, done by whoever works, watched, and its outcomes are written", async () => {
    const { enrollkit, write, path } = await createLedgerWorkplace(simulation);
    expect((await enrollkit(["runs"])).stdout).toBe("there is no run yet\n");
    await write("people.csv", people);
    const before = simulation.android.enrollments().length;
    const queued = await enrollkit(queue);
    expect([queued.exitCode, queued.stderr]).toEqual([0, ""]);
    expect(queued.stdout).toMatch(/^spring +3 +0 +1 +0 +0 +0 +0 +2 +0 +\S+$/m);
    expect(simulation.android.enrollments()).toHaveLength(before);

    const worked = await enrollkit(["work", "--until-empty"]);
    expect([worked.exitCode, worked.stdout]).toEqual([0, "jobs done: 1\n"]);
    expect(worked.stderr).toBe(
      "taken: run spring, rows 1 to 1000 at most\ndone: run spring, rows 1 to 1000 at most\n",
    );
    expect(simulation.android.enrollments()).toHaveLength(before + 2);

    const watched = await enrollkit(["runs", "spring", "--watch", "--output", "out.jsonl"]);
    expect([watched.exitCode, watched.stderr]).toEqual([1, "spring: 3 of 3 rows, 1 failed\n"]);
    expect(watched.stdout).toMatch(/^spring +3 +2 +1 /m);
    expect((await stat(path("out.jsonl"))).mode & 0o777).toBe(0o600);
    const outcomes = await readOutcomes(path("out.jsonl"));
    expect(outcomes.map(({ outcome }) => [outcome.index, outcome.key, outcome.status])).toEqual([
      [0, "a", "created"],
      [1, "b", "failed"],
      [2, "c", "created"],
    ]);
    expect(await readFile(path("out.jsonl"), "utf8")).not.toContain("[redacted]");
    expect(watched.stdout + worked.stderr + queued.stdout).not.toMatch(/https?:\/\//);

    const runs = await enrollkit(["runs", "--json"]);
    expect(JSON.parse(runs.stdout)).toMatchObject([
      { name: "spring", rows: 3, counts: { created: 2, failed: 1 } },
    ]);
    const nowhere = await enrollkit(["runs", "autumn"]);
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([
      3,
      'error: there is no run "autumn"\n  → there are: spring\n' + moreAbout("not-found"),
    ]);
    const all = await enrollkit(["runs", "--output", "all.jsonl"]);
    expect([all.exitCode, all.stderr]).toEqual([2, expect.stringContaining("the outcomes of one run")]);
  });

  it("needs a key, for its requests are stored", async () => {
    const { enrollkit, write } = await createLedgerWorkplace(simulation, {});
    await write("people.csv", people);
    for (const words of [queue, ["work"]]) {
      const { exitCode, stderr } = await enrollkit(words);
      expect([exitCode, stderr]).toEqual([
        3,
        "error: a run for workers stores its requests, and only ever sealed: the ledger has no key\n" +
          "  → add a key to the ledger's settings; `openssl rand -base64 32` makes one\n" +
          moreAbout("failed-precondition"),
      ]);
    }
    const output = await enrollkit(["runs", "spring", "--output", "out.jsonl"]);
    expect([output.exitCode, output.stderr]).toEqual([3, expect.stringContaining("it has no key\n  → ")]);
  });

  it("is watched until somebody has seen enough", async () => {
    const { enrollkit, write } = await createLedgerWorkplace(simulation);
    await write("people.csv", people);
    await enrollkit(queue);
    const person = new AbortController();
    let looks = 0;
    const clock = {
      now: () => Date.now(),
      sleep: () => {
        looks += 1;
        if (looks === 2) person.abort(new Error("stopped"));
        return Promise.resolve();
      },
    };
    const words = ["runs", "--watch"];
    const { exitCode, stdout, stderr } = await enrollkit(words, {
      clock,
      signal: person.signal,
      isInteractive: true,
    });
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/^spring +3 /m);
    const line = "spring: 1 of 3 rows, 1 failed, 0 workers\n";
    const redrawn = (text: string) => `\u001B[?7l${text}\u001B[?7h`;
    expect(stderr.replaceAll(/, [\d.]+ rows\/s/g, "")).toBe(
      redrawn(line) + redrawn(`\u001B[1A\u001B[0J${line}`) + redrawn(`\u001B[1A\u001B[0J${line}`),
    );
  });

  it("is not worked on where the vendor refuses the credentials", async () => {
    const { enrollkit, write, path } = await createLedgerWorkplace(simulation);
    await write("people.csv", people);
    await enrollkit(queue);
    const config = JSON.parse(await readFile(path("enrollkit.config.json"), "utf8")) as {
      providers: { phones: Record<string, unknown> };
    };
    config.providers.phones["enterprise"] = "LC0nobody";
    await write("enrollkit.config.json", JSON.stringify(config));
    const { exitCode, stderr } = await enrollkit(["work", "--until-empty"]);
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringMatching(/^error: the check of phones failed: .*\n {2}→ no row was sent there; /),
    ]);
  });
});
