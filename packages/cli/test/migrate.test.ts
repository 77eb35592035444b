import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { findArtifact } from "@enrollkit/core";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { startProcess } from "./command-process.js";
import { useLedgers } from "./ledgers.js";
import { readOutcomes } from "./outcomes.js";
import { loadVendors, requestsTo, startFastSimulation, type Workplace } from "./simulated.js";
import { moreAbout } from "./test-terminal.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeEach(async () => {
  simulation = await startFastSimulation();
});
afterEach(() => simulation.close());

const createLedgerWorkplace = useLedgers();

const liveTokens = () => simulation.android.enrollments().filter(({ status }) => status === "active").length;
const liveLinks = () => simulation.applivery.enrollments().filter(({ state }) => state === "PENDING").length;

/** People with an enrollment at Apple that the ledger knows, or nobody does. */
const people = (count: number) =>
  `key,email,valid_for\n${Array.from({ length: count }, (_, row) => `r${row},p${row}@example.com,P3D`).join("\n")}\n`;

const enroll = async ({ enrollkit, write }: Workplace, count: number, words: readonly string[] = []) => {
  await write("people.csv", people(count));
  const result = await enrollkit(["bulk", "people.csv", "--provider", "apple", ...words]);
  expect([result.exitCode, result.stderr.match(/error/)]).toEqual([0, null]);
};

const toPhones = ["--from", "apple", "--to", "phones"];
const start = ["migrate", "run", "--name", "spring-move", ...toPhones];

describe("migrate plan", () => {
  it("says row by row what would happen, and what cannot; and changes nothing", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    await enroll(workplace, 3);
    const before = [liveTokens(), liveLinks()];
    const { exitCode, stdout, stderr } = await workplace.enrollkit(["migrate", "plan", ...toPhones]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const tokens = before[1] ?? 0;
    expect(stdout).toContain(
      `${tokens} enrollments are live at apple: ${tokens} would be made at phones, 0 refused there, 0 left out\n` +
        "each old one is taken back once its new one is there\n",
    );
    expect(stdout).toMatch(/^OLD ENROLLMENT +RECORD +EXPIRES +PROFILE +WHAT +REASON$/m);
    expect(stdout.match(/ create$/gm)?.length).toBe(tokens);
    expect(stdout).not.toContain("@example.com");
    expect([liveTokens(), liveLinks()]).toEqual(before);
    expect((await workplace.enrollkit(["runs", "--json"])).stdout).toBe("[]\n");
  });

  it("names what the new vendor would refuse; as JSON it is the whole plan", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    await workplace.enrollkit(["create", "--provider", "phones", "--valid-for", "P7D", "--output", "a.json"]);
    const words = ["migrate", "plan", "--from", "phones", "--to", "apple"];
    const { exitCode, stdout } = await workplace.enrollkit(words);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/ refuse +recipient\.email is missing; Applivery/);
    const json = await workplace.enrollkit([...words, "--keep-expiry", "--json"]);
    const plan = JSON.parse(json.stdout) as { refuse: number; rows: { action: string; error: object }[] };
    expect(plan).toMatchObject({ from: "phones", to: "apple", revokeAfter: "created", source: "listing" });
    expect(plan.refuse).toBe(plan.rows.length);
    expect(plan.rows[0]?.error).toMatchObject({ code: "invalid-request", path: "recipient.email" });
  });

  it("of a vendor that can neither list nor take back says so beforehand", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { enrollkit, write } = workplace;
    await write("devices.csv", "key,device_name\na,Phone A\n");
    expect((await enrollkit(["bulk", "devices.csv", "--provider", "eset", "--run", "old"])).exitCode).toBe(0);
    const { exitCode, stdout } = await enrollkit(["migrate", "plan", "--from", "eset", "--to", "phones"]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("1 enrollment is live at eset, as far as the ledger knows: 1 would be made");
    expect(stdout).toMatch(/^eset: ESET .* cannot list its enrollments: .* what it never saw is not$/m);
    expect(stdout).toMatch(/^eset: ESET .* cannot take enrollments back: .* until they expire$/m);
    expect(stdout).toMatch(/^(the last of the old ones expires: 2|old ones that never expire, or nobody )/m);
    const moved = await enrollkit(["migrate", "run", "--name", "m", "--from", "eset", "--to", "phones"]);
    expect(moved.exitCode).toBe(0);
    expect(moved.stdout).toMatch(/^phones +1 +0 +0 +0 +0$/m);
    expect(moved.stdout).toMatch(/^eset +0 +0 +0 +1 +0 +0$/m);
  });
});

describe("migrate run", () => {
  it("makes new ones, takes the old ones back, and leaves the secrets in a file of the owner's", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    await enroll(workplace, 4);
    const links = liveLinks();
    const tokens = liveTokens();
    const { exitCode, stdout, stderr } = await workplace.enrollkit(start);
    expect([exitCode, stderr.match(/error/)]).toEqual([0, null]);
    expect([liveLinks(), liveTokens()]).toEqual([0, tokens + links]);
    expect(stdout).toContain(`spring-move: from apple to phones, ${links} rows\n`);
    expect(stdout).toMatch(new RegExp(`^phones +${links} +0 +0 +0 +0$`, "m"));
    expect(stdout).toMatch(new RegExp(`^apple +${links} +0 +0 +0 +0 +0$`, "m"));
    const file = workplace.path("spring-move.outcomes.jsonl");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const outcomes = await readOutcomes(file);
    expect(outcomes).toHaveLength(links);
    for (const { outcome } of outcomes) {
      expect(outcome.status === "created" && outcome.enrollment.artifacts.length).toBeGreaterThan(0);
    }
    expect(stdout + stderr).not.toMatch(/@example\.com|https?:\/\//);

    const requests = requestsTo(simulation);
    const again = await workplace.enrollkit(["migrate", "run", "--name", "spring-move", "--json"]);
    expect([again.exitCode, JSON.parse(again.stdout)]).toMatchObject([
      0,
      { rows: links, created: links, withoutSecrets: 0, old: { revoked: links } },
    ]);
    expect(await readOutcomes(file)).toEqual(outcomes);
    // The check of the new vendor is all that is asked.
    expect(requestsTo(simulation) - requests).toBeLessThan(8);
  });

  it("waits for devices with --revoke-after enrolled, and does what is due when it is started again", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { enrollkit, path } = workplace;
    await enroll(workplace, 2);
    const links = liveLinks();
    const first = await enrollkit([...start, "--revoke-after", "enrolled"]);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain(
      `old enrollments that wait for a device: ${links}; \`enrollkit migrate run --name spring-move\` takes back what is due\n`,
    );
    expect(liveLinks()).toBe(links);
    const [one] = await readOutcomes(path("spring-move.outcomes.jsonl"));
    const token =
      one?.outcome.status === "created" && findArtifact(one.outcome.enrollment, "enrollment-token");
    simulation.android.enrollDevice(token ? token.value.reveal() : "");
    const second = await enrollkit(["migrate", "run", "--name", "spring-move"]);
    expect(second.exitCode).toBe(0);
    expect(second.stdout).toContain(`old enrollments that wait for a device: ${links - 1};`);
    expect(liveLinks()).toBe(links - 1);
  });

  it("moves what it can, says which rows it could not, and maps profiles by a file", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { enrollkit, write } = workplace;
    await write("map.json", '{ "office": "field" }');
    await write("people.csv", "key,email,tags\na,ana@example.com,x\nb,bob@example.com,\n");
    await enrollkit(["bulk", "people.csv", "--provider", "apple", "--run", "old"]);
    const { exitCode, stdout, stderr } = await enrollkit([...start, "--profile-map", "map.json"]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^row \d+ \(apple\/\w+\): tags is not possible; /m);
    expect(stdout).toMatch(/^phones +\d+ +0 +1 +0 +0$/m);
    await write("wrong.json", '{ "office": 3 }');
    const wrong = await enrollkit([...start, "--profile-map", "wrong.json"]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      "error: wrong.json does not say which profile becomes which\n" +
        '  → write {"old profile": "new profile"}, with as many as there are\n',
    ]);
  });

  it.each([
    [["--name", "m"], /from is missing/],
    [["--name", "m", "--from", "apple", "--to", "apple"], /from and to are both "apple"/],
    [["--name", "m", ...toPhones, "--valid-for", "soon"], /--valid-for "soon" is not a duration/],
    [["--name", "m", ...toPhones, "--valid-for", "7d", "--keep-expiry"], /cannot be used with option/],
    [toPhones, /required option '--name <name>' not specified/],
  ])("refuses %j, and sends nothing", async (words, message) => {
    const { enrollkit } = await createLedgerWorkplace(simulation);
    const requests = requestsTo(simulation);
    const { exitCode, stderr } = await enrollkit(["migrate", "run", ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(message);
    expect(requestsTo(simulation)).toBe(requests);
  });

  it("asks first whether the new vendor works: no row fails for a wrong token", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    await enroll(workplace, 2);
    simulation.android.failNext({ kind: "status", status: 403 }, { method: "GET" });
    const { exitCode, stderr } = await workplace.enrollkit(start);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("error: ");
    expect(existsSync(workplace.path("spring-move.outcomes.jsonl"))).toBe(false);
    expect(
      (await workplace.enrollkit(["migrate", "report", "--name", "spring-move", "--json"])).stdout,
    ).toMatch(/"created":0,"skipped":0,"failed":0/);
  });

  it("killed by SIGKILL, the same command goes on: one new one for each, and every old one taken back", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { enrollkit, path, folder, environment } = workplace;
    await enroll(workplace, 100);
    const links = liveLinks();
    const tokens = liveTokens();
    const file = path("spring-move.outcomes.jsonl");
    const killWhen = async (condition: () => boolean) => {
      const { child, ended } = startProcess(start, environment, folder);
      while (!condition() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
      child.kill("SIGKILL");
      expect(await ended).toEqual([null, "SIGKILL"]);
    };
    await killWhen(() => liveTokens() >= tokens + 20);
    expect(liveLinks()).toBe(links);
    await killWhen(() => liveLinks() <= links - 20);
    expect(liveTokens()).toBe(tokens + links);
    expect(liveLinks()).toBeGreaterThan(0);

    const { exitCode, stdout } = await enrollkit([...start, "--json"]);
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([
      0,
      { rows: links, created: links, withoutSecrets: 0, old: { revoked: links, waiting: 0 } },
    ]);
    expect([liveLinks(), liveTokens()]).toEqual([0, tokens + links]);
    const outcomes = await readOutcomes(file);
    expect(new Set(outcomes.map(({ outcome }) => outcome.key)).size).toBe(links);
  });
});

describe("migrate report", () => {
  it("is a table, CSV or JSON, without secrets and people", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    const { enrollkit, path } = workplace;
    await enroll(workplace, 2, ["--run", "old"]);
    const links = liveLinks();
    await enrollkit(start);
    const words = ["migrate", "report", "--name", "spring-move"];
    const tableText = (await enrollkit(words)).stdout;
    expect(tableText).toMatch(/^OLD ENROLLMENT +OLD +NEW ENROLLMENT +OUTCOME +STATE +REASON$/m);
    expect(tableText.match(/ revoked .* created +pending$/gm)?.length).toBe(links);
    const csv = (await enrollkit([...words, "--format", "csv", "--output", "moved.csv"])).stdout;
    expect(csv).toBe(`wrote moved.csv: ${links} rows (only you can read it); no secret is in it\n`);
    const lines = (await readFile(path("moved.csv"), "utf8")).trimEnd().split("\r\n");
    expect(lines[0]).toBe(
      "row,key,old_enrollment_id,old_record,old_expires_at,old,old_reason,record,outcome,new_enrollment_id," +
        "state,expires_at,left_out,reason",
    );
    expect(lines).toHaveLength(links + 1);
    const json = JSON.parse((await enrollkit([...words, "--json"])).stdout) as { rows: unknown[] };
    expect(json).toMatchObject({ report: { created: links, old: { revoked: links } } });
    expect(json.rows).toHaveLength(links);
    expect(tableText + lines.join() + JSON.stringify(json)).not.toMatch(/@example\.com|https?:\/\//);
    const one = await enrollkit([...words, "--limit", "1"]);
    if (links > 1) expect(one.stderr).toContain(`… and ${links - 1} more; `);
  });

  it("of a run that is no migration is refused", async () => {
    const workplace = await createLedgerWorkplace(simulation);
    await enroll(workplace, 1, ["--run", "old"]);
    const { exitCode, stderr } = await workplace.enrollkit(["migrate", "report", "--name", "old"]);
    expect([exitCode, stderr]).toEqual([
      3,
      'error: run "old" is no migration\n  → give the migration another name\n' +
        moreAbout("failed-precondition"),
    ]);
  });
});

describe("migrate --help", () => {
  it.each([[[]], [["plan"]], [["run"]], [["report"]]])("of %j has an example", async (words) => {
    const { enrollkit } = await createLedgerWorkplace(simulation);
    const { exitCode, stdout } = await enrollkit(["migrate", ...words, "--help"]);
    expect([exitCode, stdout]).toMatchObject([0, expect.stringMatching(/\n {2}\$ enrollkit migrate /)]);
  });
});
