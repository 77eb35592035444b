import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { startProcess } from "./command-process.js";
import { useLedgers } from "./ledgers.js";
import { createWorkplace, loadVendors, startFastSimulation, type Workplace } from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

const createLedgerWorkplace = useLedgers();

/** Runs a command line in a process of its own. */
const runProcess = async ({ folder, environment }: Workplace, words: readonly string[]) => {
  const { child, stderr, ended } = startProcess(words, environment, folder);
  const stdout = text(child.stdout);
  const [exitCode] = (await ended) as [number];
  return { exitCode, stdout: await stdout, stderr: await stderr };
};

/** What is different in each run. */
const steady = (line: string) =>
  line
    .replaceAll(/127\.0\.0\.1:\d+/g, "HOST")
    .replaceAll(/\d+ ms/g, "N ms")
    .replaceAll(/request id \S+/g, "request id ID");

const traceOf = (stderr: string) =>
  stderr
    .split("\n")
    .filter((line) => /^[→←↻‖=] /.test(line))
    .map(steady);

/** Everything that nobody but its owner may see. */
const secrets = (): readonly string[] => {
  const { eset, android, applivery, environment } = simulation;
  const key = JSON.parse(environment["GOOGLE_SERVICE_ACCOUNT_KEY"] ?? "{}") as { private_key: string };
  const bearers = [eset, android, applivery].flatMap((vendor) =>
    vendor.requests().flatMap(({ headers }) => headers.get("authorization")?.replace(/^Bearer /, "") ?? []),
  );
  return [
    eset.credentials.password,
    eset.credentials.username,
    applivery.credentials.token,
    ...key.private_key.split("\n").slice(1, -2),
    ...bearers,
    ...android.enrollments().map(({ value }) => value),
    ...applivery.enrollments().map(({ code }) => code),
    ...eset.enrollmentLinks().map(({ uri }) => uri),
    "canary",
  ];
};

const expectHidden = (printed: string) => {
  const found = secrets().filter((secret) => printed.includes(secret));
  expect(found).toEqual([]);
};

const tokens = "phones: POST HOST/v1/enterprises/LC0default/enrollmentTokens";

describe("--trace", () => {
  it("shows a line before and after each call, the pause, the retry and the outcome", async () => {
    const workplace = await createWorkplace(simulation);
    const echo = { error: { code: 429, message: "no canary@example.com", status: "RESOURCE_EXHAUSTED" } };
    const fault = { kind: "status", status: 429, headers: { "retry-after": "0" }, body: echo } as const;
    simulation.android.failNext(fault, { method: "POST", path: /enrollmentTokens$/ });
    const words = ["create", "--trace", "--profile", "sales", "--key", "canary@example.com"];
    const { exitCode, stdout, stderr } = await runProcess(workplace, words);
    expect(exitCode).toBe(0);
    expect(traceOf(stderr)).toEqual([
      "→ phones: POST HOST/token, attempt 1",
      "← phones: POST HOST/token, attempt 1: 200, N ms",
      `→ ${tokens}, attempt 1`,
      `← ${tokens}, attempt 1: 429, N ms`,
      `‖ ${tokens}: 429, all calls of the quota of 1000 in PT100S for N ms`,
      `↻ ${tokens}: tried again in N ms after attempt 1 (rate-limited)`,
      `→ ${tokens}, attempt 2`,
      `← ${tokens}, attempt 2: 200, N ms`,
      "= phones: create: 1 created, N ms",
    ]);
    expect(stdout).not.toMatch(/^[→←]/m);
    expectHidden(stdout + stderr);
  });

  it("is not there unless it is asked for", async () => {
    const workplace = await createWorkplace(simulation);
    const { stderr } = await workplace.enrollkit(["create", "--profile", "sales", "--reveal"]);
    expect(stderr).toBe("");
  });

  it("is JSON with --json, an object a line", async () => {
    const workplace = await createWorkplace(simulation);
    const words = ["--json", "--trace", "create", "--provider", "apple", "--email", "canary@example.com"];
    const { stderr } = await workplace.enrollkit(words);
    const lines = stderr.split("\n").filter((line) => line.startsWith("{"));
    const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(events[0]).toMatchObject({ trace: "request", provider: "apple", attempt: 1 });
    expect(events[1]).toMatchObject({ trace: "response", status: 200 });
    expect(events.at(-1)).toMatchObject({ trace: "outcome", operation: "create", size: 1 });
    expectHidden(stderr);
  });

  it("shows what a run and what workers do, without a secret or an address", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    await workplace.write("one.csv", "key,profile,email\ncanary@example.com,sales,canary@example.com\n");
    await workplace.write("two.csv", "key,profile\ncanary2@example.com,sales\ncanary3@example.com,field\n");
    const ran = await runProcess(workplace, ["bulk", "one.csv", "--run", "spring", "--trace"]);
    await workplace.enrollkit(["bulk", "two.csv", "--run", "summer", "--queue"]);
    const worked = await workplace.enrollkit(["work", "--until-empty", "--trace"]);
    for (const { exitCode, stdout, stderr } of [ran, worked]) {
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining("= ")]);
      expect(traceOf(stderr)).toEqual(expect.arrayContaining([`→ ${tokens}, attempt 1`]));
      expectHidden(stdout + stderr);
    }
    expect(traceOf(worked.stderr).filter((line) => line.startsWith("= phones: create:"))).toHaveLength(2);
  });

  it.each([
    ["check"],
    ["list", "--provider", "phones"],
    ["status", "1", "--provider", "phones"],
    ["revoke", "1", "--provider", "phones"],
    ["import", "devices.csv", "--provider", "eset"],
    ["gpo-sccm", "--provider", "eset", "--output", "pc.ini"],
    ["bulk", "people.csv", "--provider", "apple"],
    ["bulk", "people.csv", "--provider", "eset"],
  ])("works with %s", async (...words) => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("devices.csv", "name\nDevice 1\n");
    await write("people.csv", "key,profile,email,device_name\na,sales,canary@example.com,Phone a\n");
    const { stdout, stderr } = await enrollkit([...words, "--trace"]);
    expect(traceOf(stderr).filter((line) => line.startsWith("→ ")).length).toBeGreaterThan(0);
    expectHidden(stdout + stderr);
  });

  it("draws no bar that its lines would tear apart", async () => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("people.csv", "key,profile\na,sales\nb,sales\n");
    const lines = /^2 of 2 rows/m;
    const { stderr } = await enrollkit(["bulk", "people.csv"], { isInteractive: true });
    expect(stderr).not.toMatch(lines);
    const words = ["bulk", "people.csv", "--overwrite", "--trace"];
    expect((await enrollkit(words, { isInteractive: true })).stderr).toMatch(lines);
  });
});
