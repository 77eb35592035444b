import { readFile, readdir, stat } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import {
  createWorkplace,
  exampleConfig,
  requestsTo,
  loadVendors,
  startFastSimulation,
  type Workplace,
} from "./simulated.js";
import { moreAbout } from "./test-terminal.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

const cellsOf = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => line.split(/ {2,}/));

const createForAna = async ({ enrollkit }: Workplace, email = "ana@example.com"): Promise<string> => {
  const { stdout } = await enrollkit(["create", "--provider", "apple", "--email", email, "--json"]);
  return (JSON.parse(stdout) as { id: string }).id;
};

describe("list", () => {
  it("shows the live enrollments and whom they are for, and none of their secrets", async () => {
    const workplace = await createWorkplace(simulation);
    const id = await createForAna(workplace);
    const { exitCode, stdout, stderr } = await workplace.enrollkit(["list", "--provider", "apple"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const [head, ...rows] = cellsOf(stdout);
    expect(head).toEqual(["ID", "STATE", "EXPIRES", "RECIPIENT", "DEVICE"]);
    expect(rows).toContainEqual([id, "pending", expect.stringMatching(/^\d{4}-.*Z$/), "ana@example.com"]);

    const json = await workplace.enrollkit(["list", "--provider", "apple", "--json"]);
    expect(JSON.parse(json.stdout)).toContainEqual(expect.objectContaining({ id, state: "pending" }));
    for (const { link, code } of simulation.applivery.enrollments()) {
      expect(stdout + json.stdout).not.toContain(link);
      expect(stdout + json.stdout).not.toContain(code);
    }
  });

  it("takes the default provider, and says if there is nothing", async () => {
    const empty = await startFastSimulation();
    const { enrollkit } = await createWorkplace(empty);
    expect(await enrollkit(["list"])).toEqual({
      exitCode: 0,
      stdout: "phones has no live enrollments\n",
      stderr: "",
    });
    await empty.close();
  });

  it("a vendor that cannot is told from those that can", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    expect(await enrollkit(["list", "--provider", "eset"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: eset: ESET Connect cannot list its enrollments\n  → these can: phones, apple\n" +
        moreAbout("unsupported"),
    });
  });

  it("without a default the person has to choose", async () => {
    const { defaultProvider, ...config } = exampleConfig();
    expect(defaultProvider).toBe("phones");
    const { enrollkit } = await createWorkplace(simulation, config);
    expect(await enrollkit(["list"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: several providers of the config can list its enrollments\n  → add --provider with one of: phones, apple\n",
    });
  });
});

describe("status and revoke", () => {
  it("follow an enrollment to its end", async () => {
    const workplace = await createWorkplace(simulation);
    const { enrollkit } = workplace;
    const [used, pending] = [await createForAna(workplace), await createForAna(workplace, "bo@example.com")];
    const { code } = simulation.applivery.enrollments().find(({ id }) => id === used) ?? { code: "" };
    simulation.applivery.enrollDevice({ linkOrCode: code, serialNumber: "SN-17" });

    const before = await enrollkit(["status", used, pending, "no-such-id", "--provider", "apple"]);
    expect([before.exitCode, before.stderr]).toEqual([0, ""]);
    const [head, ...rows] = cellsOf(before.stdout);
    expect(head).toEqual(["ID", "STATE", "DEVICES"]);
    expect(rows.map(([id, state]) => [id, state])).toEqual([
      [used, "used"],
      [pending, "pending"],
      ["no-such-id", "unknown"],
    ]);

    expect(await enrollkit(["revoke", pending, "--provider", "apple"])).toEqual({
      exitCode: 0,
      stdout: `revoked ${pending}\n`,
      stderr: "",
    });
    const again = await enrollkit(["revoke", pending, "--provider", "apple", "--json"]);
    expect([again.exitCode, JSON.parse(again.stdout)]).toEqual([0, { revoked: [pending] }]);
    const after = await enrollkit(["status", pending, "--provider", "apple", "--json"]);
    expect((JSON.parse(after.stdout) as { state: string }[]).map(({ state }) => state)).not.toContain(
      "pending",
    );
  });

  it("one that is refused does not stop the others", async () => {
    const workplace = await createWorkplace(simulation);
    const [first, second] = [await createForAna(workplace), await createForAna(workplace, "bo@example.com")];
    simulation.applivery.failNext(
      { kind: "status", status: 403, body: { status: false } },
      { method: "DELETE" },
    );
    const { exitCode, stdout, stderr } = await workplace.enrollkit([
      "revoke",
      first,
      second,
      "--provider",
      "apple",
    ]);
    expect([exitCode, stdout]).toEqual([1, `revoked ${second}\n`]);
    expect(stderr).toMatch(new RegExp(`^${first}: \\S.*; \\S.*\\n$`));
  });

  it("says so if all are refused", async () => {
    const workplace = await createWorkplace(simulation);
    const ids = [await createForAna(workplace), await createForAna(workplace, "bo@example.com")];
    simulation.applivery.failNext(
      { kind: "status", status: 403, body: { status: false } },
      { method: "DELETE", times: 2 },
    );
    const { exitCode, stdout } = await workplace.enrollkit(["revoke", ...ids, "--provider", "apple"]);
    expect([exitCode, stdout]).toEqual([1, "nothing was revoked\n"]);
  });

  it("Ctrl+C on the way tells what was taken back before", async () => {
    const workplace = await createWorkplace(simulation);
    const [first, second] = [await createForAna(workplace), await createForAna(workplace, "bo@example.com")];
    const person = new AbortController();
    simulation.applivery.failNext({ kind: "delay", milliseconds: 10_000 }, { method: "DELETE", skip: 1 });
    const isUnderWay = () => simulation.applivery.requests().some(({ path }) => path.endsWith(second));
    const running = workplace.enrollkit(["revoke", first, second, "--provider", "apple"], {
      signal: person.signal,
    });
    while (!isUnderWay()) await new Promise((resolve) => setImmediate(resolve));
    person.abort(new Error("stopped"));
    expect(await running).toEqual({
      exitCode: 130,
      stdout: `revoked ${first}\n`,
      stderr: "error: stopped by Ctrl+C\n",
    });
  });
});

describe("import", () => {
  it("makes devices known, and tells their ids", async () => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("devices.csv", "key,name,profile\nd1,Scanner 1,field\nd2,Scanner 2,\nd3,Scanner 1,\nd4,,\n");
    const { exitCode, stdout, stderr } = await enrollkit(["import", "devices.csv"]);
    expect(exitCode).toBe(1);
    const known = new Map(simulation.eset.devices().map(({ displayName, uuid }) => [displayName, uuid]));
    expect(cellsOf(stdout)).toEqual([
      ["LINE", "STATUS", "NAME", "ID"],
      ["", "2", "created", "Scanner 1", known.get("Scanner 1")],
      ["", "3", "created", "Scanner 2", known.get("Scanner 2")],
      ["", "4", "failed", "d3"],
      ["", "5", "failed", "d4"],
    ]);
    expect(stderr.split("\n").filter((line) => line.startsWith("line"))).toEqual([
      expect.stringMatching(/^line 4, column name \(d3\): name is the same as in line 2; /),
      expect.stringMatching(/^line 5, column name \(d4\): name \S/),
    ]);
  });

  it("as JSON, from standard input; what breaks later takes nothing back", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const stdin = '{"name":"Tablet 1"}\n{"name":"Tablet 2"}\n{"name":\n';
    const { exitCode, stdout, stderr } = await enrollkit(["import", "-", "--format", "jsonl", "--json"], {
      stdin,
    });
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject([
      { line: 1, status: "created", device: { name: "Tablet 1" } },
      { line: 2, status: "created", device: { name: "Tablet 2" } },
    ]);
    expect((JSON.parse(stderr) as { error: { message: string } }).error.message).toBe(
      "standard input: line 3: not valid JSON",
    );
  });

  it.each<[string, string, string[], string]>([
    ["a broken file", "name,kind\nTV 1,mobile\nTV 2\n", [], "devices.csv: line 3: has more or fewer cells"],
    ["a column of the other kind", "name,email\nTV 1,\n", [], '"email" is not a known column'],
    ["another vendor", "name\nTV 1\n", ["--provider", "apple"], "Applivery cannot import devices"],
  ])("%s: nothing is sent", async (_, text, words, message) => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("devices.csv", text);
    const before = requestsTo(simulation);
    const { exitCode, stdout, stderr } = await enrollkit(["import", "devices.csv", ...words]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(requestsTo(simulation)).toBe(before);
  });

  it("credentials that are refused are told once", async () => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("devices.csv", "name\nTV 1\nTV 2\n");
    const environment = { ...simulation.environment, ESET_CONNECT_PASSWORD: "canary" };
    const { exitCode, stdout, stderr } = await enrollkit(["import", "devices.csv"], { environment });
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^error: the check of eset failed: \S/);
    expect(stderr).not.toContain("canary");
  });
});

describe("gpo-sccm", () => {
  it("writes the vendor's file for the owner alone, under the vendor's name or another", async () => {
    const { enrollkit, path } = await createWorkplace(simulation);
    const { exitCode, stdout } = await enrollkit(["gpo-sccm"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^wrote install_config\.ini \(\d+ bytes, only you can read it\)\n/);
    const json = await enrollkit(["gpo-sccm", "--profile", "field", "--output", "field.ini", "--json"]);
    expect(JSON.parse(json.stdout)).toMatchObject({ output: "field.ini", warnings: [] });
    for (const [place, name] of ["install_config.ini", "field.ini"].entries()) {
      expect((await stat(path(name))).mode & 0o777).toBe(0o600);
      const content = await readFile(path(name));
      expect(content.length).toBeGreaterThan(0);
      expect(stdout + json.stdout).not.toContain(content.toString("base64"));
      expect(() =>
        simulation.eset.enrollDevice({ gpoSccmFile: content.toString("base64"), displayName: `PC ${place}` }),
      ).not.toThrow();
    }
  });

  it.each([[[]], [["--output", "install_config.ini"]]])("an existing file is kept (%j)", async (words) => {
    const { enrollkit, write, path, folder } = await createWorkplace(simulation);
    await write("install_config.ini", "old");
    const { exitCode, stderr } = await enrollkit(["gpo-sccm", ...words]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/install_config\.ini exists already.*\n {2}→ .*--overwrite/);
    expect(await readFile(path("install_config.ini"), "utf8")).toBe("old");
    expect((await enrollkit(["gpo-sccm", ...words, "--overwrite"])).exitCode).toBe(0);
    expect(await readFile(path("install_config.ini"), "utf8")).not.toBe("old");
    expect((await readdir(folder)).sort()).toEqual(["enrollkit.config.json", "install_config.ini"]);
  });

  it("a config that has no such vendor says so", async () => {
    const { providers } = exampleConfig();
    const { enrollkit } = await createWorkplace(simulation, { providers: { apple: providers["apple"] } });
    expect(await enrollkit(["gpo-sccm"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "error: no provider of the config can make a file for silent deployment\n  → `enrollkit capabilities` says which vendors can\n" +
        moreAbout("unsupported"),
    });
  });
});
