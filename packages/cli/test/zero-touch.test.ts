import { readFile, readdir, stat } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { androidData, canaries, enrollmentData, jsonLines, payloadText } from "./enrollment-files.js";
import { createWorkplace, loadVendors } from "./simulated.js";

beforeAll(loadVendors);

const workplace = () => createWorkplace({ environment: {} }, "not a config");

const fleet = androidData(1, { uses: "unlimited" });

describe("zero-touch", () => {
  it("writes the DPC extras to a file for the owner alone", async () => {
    const { enrollkit, write, path } = await workplace();
    await write("fleet.json", JSON.stringify(fleet, undefined, 2));
    const { exitCode, stdout, stderr } = await enrollkit(["zero-touch", "fleet.json"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^wrote fleet\.dpc-extras\.json \(only you can read it\); expires: 2099-/);
    for (const canary of canaries) expect(stdout).not.toContain(canary);
    expect((await stat(path("fleet.dpc-extras.json"))).mode & 0o777).toBe(0o600);
    expect(await readFile(path("fleet.dpc-extras.json"), "utf8")).toBe(`${payloadText("TOKENCANARY1")}\n`);
  });

  it("prints it if it is told to, with extras", async () => {
    const { enrollkit, write, folder } = await workplace();
    await write("fleet.jsonl", jsonLines(enrollmentData(0), fleet));
    await write("extras.json", '{"locale": "de_DE"}');
    const words = ["zero-touch", "fleet.jsonl", "--key", "row-1", "--extras", "extras.json", "--reveal"];
    const { stdout } = await enrollkit(words);
    expect(JSON.parse(stdout)).toMatchObject({ "android.app.extra.PROVISIONING_LOCALE": "de_DE" });
    expect(stdout).toContain("TOKENCANARY1");
    expect(await readdir(folder)).toHaveLength(3);
  });

  it.each<[string, object, object, string]>([
    ["for one device", androidData(1), {}, "enrollment.uses is one"],
    [
      "of a vendor without a payload",
      enrollmentData(1, { uses: "unlimited" }),
      {},
      "no provisioning payload",
    ],
    [
      "with a Wi-Fi network",
      fleet,
      { wifi: { ssid: "Office", password: "password-canary" } },
      "extras.wifi must be left out",
    ],
  ])("refuses an enrollment %s", async (_, data, extras, message) => {
    const { enrollkit, write } = await workplace();
    await write("one.json", JSON.stringify(data));
    await write("extras.json", JSON.stringify(extras));
    const { exitCode, stdout, stderr } = await enrollkit([
      "zero-touch",
      "one.json",
      "--extras",
      "extras.json",
    ]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    for (const canary of [...canaries, "password-canary"]) expect(stderr).not.toContain(canary);
  });

  it("refuses to choose among several", async () => {
    const { enrollkit, write } = await workplace();
    await write("three.jsonl", jsonLines(fleet, fleet, fleet));
    expect((await enrollkit(["zero-touch", "three.jsonl"])).stderr).toBe(
      "error: three.jsonl holds 3 enrollments; a zero-touch configuration takes one\n  → choose it with --key\n",
    );
  });
});
