import { readFile, stat } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { resumableConfig, useLedgers, type LedgerSettingsText } from "./ledgers.js";
import { readOutcomes, withoutZeros } from "./outcomes.js";
import { loadVendors, startFastSimulation } from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

const createLedgerWorkplace = useLedgers();

const people = [
  "key,profile,email,device_name,valid_for",
  "r1,sales,ana@example.com,,P1D",
  "=1+1,field,bo@example.com,Handheld 1,P20D",
  "r3,warehouse,,,",
  "cy@example.com,,cy@example.com,,PT2H",
  "",
].join("\n");

/** A ledger with a run of four rows: one device has come in, one row was refused. */
const createPopulated = async (settings?: LedgerSettingsText) => {
  const workplace = await createLedgerWorkplace(simulation, settings);
  const { write, enrollkit, path } = workplace;
  await write("people.csv", people);
  expect((await enrollkit(["bulk", "people.csv", "--run", "spring"])).exitCode).toBe(1);
  const [first] = await readOutcomes(path("people.outcomes.jsonl"));
  const token = first?.outcome.status === "created" ? first.outcome.enrollment.artifacts[0] : undefined;
  if (token === undefined || !("value" in token)) throw new Error("the first row has no token");
  const device = simulation.android.enrollDevice(token.value.reveal(), { serialNumber: "SN-1" });
  return { ...workplace, device };
};

const cellsOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().split(/ {2,}/));

const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string;
const secret = /https?:\/\/|"value"/;

describe("the records of a ledger", () => {
  it("are shown without ids, filtered, counted, and never with a secret or an address", async () => {
    const { enrollkit, device } = await createPopulated();
    const before = await enrollkit(["status"]);
    expect(before.exitCode).toBe(0);
    expect(cellsOf(before.stdout)).toEqual([
      ["ID", "KEY", "WHO", "DEVICE", "PROVIDER", "STATE", "USED BY", "USED AT", "EXPIRES"],
      ["1", "r1", "-", "-", "phones", "pending", "-", "-", instant],
      ["2", "=1+1", "-", "Handheld 1", "phones", "pending", "-", "-", instant],
      ["3", "r3", "-", "-", "phones", "failed", "-", "-", "-", expect.stringContaining("warehouse")],
      ["4", "-", "-", "-", "phones", "pending", "-", "-", instant],
    ]);

    const synced = await enrollkit(["sync"]);
    expect([synced.exitCode, synced.stderr]).toEqual([0, ""]);
    expect(cellsOf(synced.stdout)).toEqual([
      ["PROVIDER", "ASKED", "CHANGED", "NOW"],
      ["phones", "3", "1", "1 used"],
    ]);

    const used = await enrollkit(["status", "--state", "used", "--json"]);
    expect(JSON.parse(used.stdout)).toMatchObject({
      records: [{ id: 1, key: "r1", state: "used", devices: [{ id: device.name }] }],
      more: 0,
    });
    const both = await enrollkit(["status", "--email", "CY@example.com", "--state", "pending", "--json"]);
    expect(JSON.parse(both.stdout)).toMatchObject({ records: [{ id: 4 }], more: 0 });

    const some = await enrollkit(["status", "--run", "spring", "--limit", "3"]);
    expect(some.stdout.trimEnd().split("\n")).toHaveLength(4);
    expect(some.stderr).toBe("… and 1 more; `enrollkit report` writes all, --limit shows more\n");
    const none = await enrollkit(["status", "--run", "autumn"]);
    expect(none.stdout).toBe("no record fits\n");
    for (const { stdout, stderr } of [before, synced, used, both, some]) {
      expect(stdout + stderr).not.toMatch(/@example\.com/);
      expect(stdout + stderr).not.toMatch(secret);
    }
  });

  it("become a report for a spreadsheet or a program", async () => {
    const { enrollkit, path } = await createPopulated({
      recipients: "store",
      keys: [{ $env: "LEDGER_KEY" }],
    });
    const csv = await enrollkit(["report"]);
    expect([csv.exitCode, csv.stderr]).toEqual([0, ""]);
    const rows: Record<string, string>[] = parse(csv.stdout, { columns: true, record_delimiter: "\r\n" });
    expect(rows.map(({ row, key, email, state, outcome }) => [row, key, email, state, outcome])).toEqual([
      ["1", "r1", "ana@example.com", "pending", "created"],
      ["2", "'=1+1", "bo@example.com", "pending", "created"],
      ["3", "r3", "", "", "failed"],
      ["4", "cy@example.com", "cy@example.com", "pending", "created"],
    ]);
    expect(csv.stdout).not.toMatch(secret);

    const file = await enrollkit(["report", "--state", "pending", "--format", "json", "--output", "r.json"]);
    expect(file.stdout).toBe("wrote r.json: 3 records (only you can read it); no secret is in it\n");
    expect((await stat(path("r.json"))).mode & 0o777).toBe(0o600);
    const text = await readFile(path("r.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject([
      { id: 1 },
      { id: 2, recipient: { email: "bo@example.com" } },
      { id: 4 },
    ]);
    expect(text).not.toMatch(secret);
    const none = await enrollkit(["report", "--run", "autumn", "--json"]);
    expect(JSON.parse(none.stdout)).toEqual([]);
    expect((await enrollkit(["report", "--output", "r.json"])).exitCode).toBe(2);
  });

  it("that expire soon are shown, renewed into a file, and the old ones revoked", async () => {
    const { enrollkit, path } = await createPopulated();
    const soon = await enrollkit(["expiring", "--within", "36h"]);
    expect(cellsOf(soon.stdout).map(([id]) => id)).toEqual(["ID", "4", "1"]);
    const wrong = await enrollkit(["expiring", "--within", "soon"]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      'error: --within "soon" is not a duration above zero\n' +
        "  → write 7d for seven days, 36h, 90m (minutes), or ISO 8601 such as P7D\n",
    ]);
    await enrollkit(["sync"]);

    const words = ["renew", "--expiring-within", "36h", "--valid-for", "30d", "--output", "new.jsonl"];
    const renewed = await enrollkit(words);
    expect([renewed.exitCode, renewed.stderr]).toEqual([0, ""]);
    expect(cellsOf(renewed.stdout).slice(0, 2)).toEqual([
      ["ID", "RENEWED BY", "EXPIRES", "THE OLD ONE"],
      ["4", "5", instant, "revoked"],
    ]);
    expect((await stat(path("new.jsonl"))).mode & 0o777).toBe(0o600);
    const [line] = await readOutcomes(path("new.jsonl"));
    const artifact = line?.outcome.status === "created" ? line.outcome.enrollment.artifacts[0] : undefined;
    expect(artifact !== undefined && "value" in artifact && artifact.value.isKnown).toBe(true);

    const again = await enrollkit(["renew", "4", "1", "2", "--keep-old", "--output", "again.jsonl"]);
    expect(again.exitCode).toBe(1);
    expect(again.stderr.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/^4: record 4 was renewed already by record 5; /),
      expect.stringMatching(/^1: record 1 cannot be renewed: its device has come in; /),
    ]);
    expect(cellsOf(again.stdout).slice(3, 4)).toEqual([["2", "6", instant, "kept"]]);

    const history = await enrollkit(["ledger", "history", "4"]);
    expect(cellsOf(history.stdout).map((cells) => cells.slice(1))).toEqual([
      ["BY", "WHAT"],
      [expect.any(String), "sending"],
      [expect.any(String), "created, pending"],
      ["renew", "replaced by record 5"],
      ["renew", "created, revoked"],
    ]);
    const unknown = await enrollkit(["ledger", "history", "99"]);
    expect([unknown.exitCode, unknown.stderr]).toEqual([
      3,
      expect.stringMatching(/^error: .*99.*\n {2}→ \S/),
    ]);

    const secrets = await enrollkit(["ledger", "secrets", "5", "3", "--output", "found.jsonl"]);
    expect(secrets.exitCode).toBe(1);
    expect(secrets.stderr).toBe("records without sealed secrets, or none of that id: 1\n");
    const enrollmentOf = (text: string) => JSON.parse(withoutZeros(text)) as Record<string, unknown>;
    const [written = ""] = (await readFile(path("new.jsonl"), "utf8")).split("\n");
    expect(enrollmentOf(await readFile(path("found.jsonl"), "utf8"))).toEqual(
      enrollmentOf(written)["enrollment"],
    );
  });

  it("are asked about at every vendor, and tell which device has used which enrollment", async () => {
    const config = {
      ...resumableConfig(),
      routes: [
        { profile: "field", provider: "eset" },
        { profile: "sales", provider: "apple" },
      ],
    };
    const { enrollkit, write, path } = await createLedgerWorkplace(simulation, undefined, config);
    const rows = [
      "e1,field,,Tablet 1",
      "e2,field,,Tablet 2",
      "a1,sales,ana@example.com,",
      "a2,sales,bo@example.com,",
    ];
    await write("mixed.csv", ["key,profile,email,device_name", ...rows, "p1,,,", "p2,,,", ""].join("\n"));
    expect((await enrollkit(["bulk", "mixed.csv", "--run", "mixed"])).exitCode).toBe(0);
    const codes = new Map(
      (await readOutcomes(path("mixed.outcomes.jsonl"))).map(({ outcome }) => {
        const [artifact] = outcome.status === "created" ? outcome.enrollment.artifacts : [];
        return [outcome.key, artifact !== undefined && "value" in artifact ? artifact.value.reveal() : ""];
      }),
    );
    const codeOf = (key: string) => codes.get(key) ?? "";
    const { eset, android, applivery } = simulation;
    const entered = {
      e1: eset.enrollDevice({ link: codeOf("e1"), platform: "android" }).uuid,
      a1: applivery.enrollDevice({ linkOrCode: codeOf("a1"), serialNumber: "SN-A" }).id,
      p1: android.enrollDevice(codeOf("p1"), { serialNumber: "SN-P" }).name,
    };

    const synced = await enrollkit(["sync"]);
    expect([synced.exitCode, synced.stderr]).toEqual([0, ""]);
    expect(cellsOf(synced.stdout)).toEqual([
      ["PROVIDER", "ASKED", "CHANGED", "NOW"],
      ...["apple", "eset", "phones"].map((provider) => [provider, "2", "1", "1 used"]),
    ]);
    const stored = await enrollkit(["status", "--json"]);
    const { records } = JSON.parse(stored.stdout) as {
      records: { key: string; state: string; devices?: { id: string }[] }[];
    };
    const shown = records.map(({ key, state, devices = [] }) => [key, state, devices.map(({ id }) => id)]);
    expect(Object.fromEntries(shown.map(([key, ...rest]) => [key, rest]))).toEqual({
      e1: ["used", [entered.e1]],
      e2: ["pending", []],
      a1: ["used", [entered.a1]],
      a2: ["pending", []],
      p1: ["used", [entered.p1]],
      p2: ["pending", []],
    });
  });

  it("take note of Android's messages, whatever their order", async () => {
    const { enrollkit, write } = await createPopulated();
    const messages = simulation.android.notifications().map((each) => JSON.stringify(each));
    await write("m.jsonl", [...messages, ...messages, '{"message":{}}', ""].join("\n"));
    const { exitCode, stdout, stderr } = await enrollkit(["sync", "--messages", "m.jsonl", "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ provider: "phones", failed: 1 });
    expect((JSON.parse(stdout) as { noted: number }).noted).toBeGreaterThanOrEqual(2);
    expect(stderr).toMatch(/^m\.jsonl: line \d+: message\.attributes .*; \S/);
    const used = await enrollkit(["status", "--state", "used", "--json"]);
    expect(JSON.parse(used.stdout)).toMatchObject({
      records: [{ id: 1, devices: [{ serialNumber: "SN-1" }] }],
    });
  });
});

describe("the care of a ledger", () => {
  it("takes a person out, forgets what is old, and changes keys", async () => {
    const { enrollkit, write } = await createPopulated();
    const erased = await enrollkit(["ledger", "erase", "--email", "bo@example.com"]);
    expect([erased.exitCode, erased.stderr]).toEqual([0, ""]);
    expect(erased.stdout).toMatch(/^records erased: 1\nenrollments that still live: records 2; /);
    const nobody = await enrollkit(["ledger", "erase", "--email", "bo@example.com"]);
    expect(nobody.stdout).toMatch(/^the ledger has no record of this person\n/);

    const settings = { folder: "ledger", keys: [{ $env: "OTHER_KEY" }, { $env: "LEDGER_KEY" }] };
    await write("enrollkit.ledger.json", JSON.stringify(settings));
    expect((await enrollkit(["ledger", "rotate-keys"])).stdout).toMatch(/^sealed again: [1-9]\d*\n/);
    await write("enrollkit.ledger.json", JSON.stringify({ ...settings, keys: [{ $env: "OTHER_KEY" }] }));
    expect((await enrollkit(["runs", "spring", "--output", "out.jsonl"])).exitCode).toBe(1);
    await write("enrollkit.ledger.json", JSON.stringify({ ...settings, keys: [{ $env: "LEDGER_KEY" }] }));
    const wrong = await enrollkit(["status"]);
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      3,
      expect.stringMatching(
        /^error: the ledger is sealed with the key \w+; .*\n {2}→ give the key .*\n {2}more: .*\n$/,
      ),
    ]);

    await write("enrollkit.ledger.json", JSON.stringify({ ...settings, keys: [{ $env: "OTHER_KEY" }] }));
    expect((await enrollkit(["ledger", "purge", "--before", "2000-01-01"])).stdout).toBe(
      "deleted: 0 records and 0 runs, unchanged since 2000-01-01T00:00:00Z\n",
    );
    for (const [words, message] of [
      [["--before", "yesterday"], '--before "yesterday" is neither a date nor an instant'],
      [["--older-than", "long"], '--older-than "long" is not a duration above zero'],
      [[], "how old is old enough is not said"],
    ] as const) {
      const { exitCode, stderr } = await enrollkit(["ledger", "purge", ...words]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});

describe("single creates", () => {
  it("are recorded where there is a ledger, and so is what becomes of them", async () => {
    const { enrollkit } = await createLedgerWorkplace(simulation);
    const created = await enrollkit(["create", "--profile", "sales", "--key", "one", "--json"]);
    const { id } = JSON.parse(created.stdout) as { id: string };
    expect(created.exitCode).toBe(0);
    expect((await enrollkit(["status", id, "--provider", "phones"])).stdout).toContain("pending");
    expect((await enrollkit(["revoke", id, "--provider", "phones"])).exitCode).toBe(0);
    const { stdout } = await enrollkit(["status", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      records: [{ key: "one", enrollmentId: id, profile: "sales", outcome: "created", state: "revoked" }],
    });
    const mixed = await enrollkit(["status", id, "--state", "used"]);
    expect([mixed.exitCode, mixed.stderr]).toEqual([
      2,
      expect.stringMatching(/^error: ids ask the vendor, and /),
    ]);
  });
});
