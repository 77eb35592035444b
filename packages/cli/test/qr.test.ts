import { readFile, readdir, stat } from "node:fs/promises";
import { Secret } from "@enrollkit/core";
import { qrPng, qrSvg, terminalQr } from "@enrollkit/provisioning";
import { beforeAll, describe, expect, it } from "vitest";
import {
  androidData,
  canaries,
  enrollmentData,
  jsonLines,
  outcomesRemark,
  outcomesText,
  payloadText,
} from "./enrollment-files.js";
import { createWorkplace, loadVendors } from "./simulated.js";

beforeAll(loadVendors);

/** No vendor is asked, and the config is not even looked at. */
const workplace = () => createWorkplace({ environment: {} }, "not a config");

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;
const link = (number: number) => new Secret(`https://mdm.example/e/LINKCANARY${number}`);
const payload = (number: number) => new Secret(payloadText(`TOKENCANARY${number}`));

describe("qr", () => {
  it("writes an image of each enrollment, for the owner alone, and prints no secret", async () => {
    const { enrollkit, write, path } = await workplace();
    await write("people.outcomes.jsonl", outcomesText);
    const { exitCode, stdout, stderr } = await enrollkit(["qr", "people.outcomes.jsonl"]);
    expect([exitCode, stderr]).toEqual([0, outcomesRemark]);
    expect(stdout).toMatch(/^wrote 3 QR codes into people\.qr \(only you can read them\)$/m);
    for (const canary of canaries) expect(stdout + stderr).not.toContain(canary);
    expect(await modeOf(path("people.qr"))).toBe(0o700);
    const files = (await readdir(path("people.qr"))).sort();
    expect(files).toEqual(["00001-row-0.png", "00003-row-2.png", "00005-row-4.png"]);
    const secrets = [link(0), payload(2), link(4)];
    for (const [place, file] of files.entries()) {
      expect(await modeOf(path(`people.qr/${file}`))).toBe(0o600);
      const image = await readFile(path(`people.qr/${file}`));
      expect(image.equals(qrPng(secrets[place] ?? link(-1)))).toBe(true);
    }
  });

  it("as SVG for print, of the keys that are named, into the folder that is named", async () => {
    const { enrollkit, write, path } = await workplace();
    await write("outcomes.jsonl", outcomesText);
    const words = ["qr", "outcomes.jsonl", "--key", "row-4", "--key", "row-2", "--output", "a/b"];
    const { exitCode, stderr } = await enrollkit([...words, "--format", "svg", "--medium", "print"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect((await readdir(path("a/b"))).sort()).toEqual(["00003-row-2.svg", "00005-row-4.svg"]);
    expect(await readFile(path("a/b/00005-row-4.svg"), "utf8")).toBe(
      `${qrSvg(link(4), { medium: "print" })}\n`,
    );
  });

  it("draws in the terminal only if it is told to, and writes nothing then", async () => {
    const { enrollkit, write, folder } = await workplace();
    await write("ana.json", JSON.stringify(enrollmentData(7), undefined, 2));
    const { exitCode, stdout, stderr } = await enrollkit(["qr", "ana.json", "--reveal"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toBe(`00001-row-7\n${terminalQr(link(7))}\n\n`);
    const asJson = await enrollkit(["qr", "ana.json", "--reveal", "--json"]);
    expect(JSON.parse(asJson.stdout)).toEqual({
      codes: [{ name: "00001-row-7", id: "id-7", payload: link(7).reveal() }],
      withoutCode: [],
    });
    expect((await readdir(folder)).sort()).toEqual(["ana.json", "enrollkit.config.json"]);
    expect((await enrollkit(["qr", "ana.json", "--reveal", "-o", "x"])).stderr).toContain(
      "cannot be used with option",
    );
  });

  it.each([
    ["../../etc/passwd", "etc-passwd"],
    ["person@canary.example", undefined],
    ["Ärztin 7\n\u001b[31m", "rztin-7-31m"],
    ["///", undefined],
    ["x".repeat(200), "x".repeat(40)],
  ])("a key such as %j makes a harmless file name", async (key, tag) => {
    const { enrollkit, write, path } = await workplace();
    await write("one.json", jsonLines(enrollmentData(1, { key })));
    const { stdout } = await enrollkit(["qr", "one.json", "--json"]);
    const [file = ""] = await readdir(path("one.qr"));
    expect(file).toMatch(tag === undefined ? /^00001-[0-9a-f]{12}\.png$/ : `00001-${tag}.png`);
    expect(JSON.parse(stdout)).toMatchObject({ output: "one.qr", files: [file], chosen: 1 });
    expect(stdout).not.toContain("canary");
  });

  it("says which have nothing to draw, and that is a failure", async () => {
    const { enrollkit, write } = await workplace();
    const code = enrollmentData(0, { artifacts: [{ kind: "enrollment-code", value: "TOKENCANARY" }] });
    await write("two.jsonl", jsonLines(code, enrollmentData(1)));
    const { exitCode, stdout, stderr } = await enrollkit(["qr", "two.jsonl"]);
    expect([exitCode, stderr]).toEqual([1, "nothing to draw, neither payload nor link: 1: 00001-row-0\n"]);
    expect(stdout).toContain("wrote 1 QR code into two.qr");
  });

  it("an earlier folder is kept unless it is to be overwritten", async () => {
    const { enrollkit, write, path } = await workplace();
    await write("one.json", jsonLines(enrollmentData(1)));
    await enrollkit(["qr", "one.json"]);
    await write("one.qr/00001-row-1.png", "old");
    const { exitCode, stderr } = await enrollkit(["qr", "one.json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/one\.qr is not empty\n {2}→ .*--overwrite/);
    expect(await readFile(path("one.qr/00001-row-1.png"), "utf8")).toBe("old");
    expect((await enrollkit(["qr", "one.json", "--overwrite"])).exitCode).toBe(0);
    expect(await readFile(path("one.qr/00001-row-1.png"), "latin1")).toMatch(/^.PNG/);
  });
});

describe("extras", () => {
  const extras = { wifi: { ssid: "Office", password: { $env: "WIFI_PASSWORD" } }, locale: "de_DE" };

  it("go into the payloads that can take them; of the others the command says how many", async () => {
    const { enrollkit, write } = await workplace();
    await write("both.jsonl", jsonLines(enrollmentData(0), androidData(1)));
    await write("extras.json", JSON.stringify(extras));
    const environment = { WIFI_PASSWORD: "password-canary" };
    const words = ["qr", "both.jsonl", "--extras", "extras.json", "--reveal", "--json"];
    const { exitCode, stdout } = await enrollkit(words, { environment });
    expect(exitCode).toBe(0);
    const { codes } = JSON.parse(stdout) as { codes: { payload: string }[] };
    expect(codes[0]?.payload).toBe(link(0).reveal());
    expect(JSON.parse(codes[1]?.payload ?? "")).toEqual({
      ...(JSON.parse(payloadText("TOKENCANARY1")) as object),
      "android.app.extra.PROVISIONING_WIFI_SSID": "Office",
      "android.app.extra.PROVISIONING_WIFI_SECURITY_TYPE": "WPA",
      "android.app.extra.PROVISIONING_WIFI_PASSWORD": "password-canary",
      "android.app.extra.PROVISIONING_LOCALE": "de_DE",
    });
    const toFiles = await enrollkit(["qr", "both.jsonl", "--extras", "extras.json"], { environment });
    expect(toFiles.stderr).toBe("without the extras, because they have no Android payload: 1 of 2\n");
  });

  it.each<[string, object, Record<string, string>, string]>([
    [
      "a password that is not there",
      extras,
      {},
      "extras.json: wifi.password needs the environment variable WIFI_PASSWORD, which is not set",
    ],
    [
      "a password that is too short",
      extras,
      { WIFI_PASSWORD: "canary" },
      "extras.json: extras.wifi.password must have 8 to 63",
    ],
    ["a field that nobody knows", { lokale: "de_DE" }, {}, "extras.json: extras.lokale is not a known field"],
    [
      "an extra that would replace the vendor's",
      { other: { "android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME": "canary/.x" } },
      {},
      "one.json: line 1: extras.other.android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME would replace",
    ],
  ])("%s: refused before anything is written", async (_, wish, environment, message) => {
    const { enrollkit, write, folder } = await workplace();
    await write("one.json", jsonLines(androidData(1)));
    await write("extras.json", JSON.stringify(wish));
    const { exitCode, stderr } = await enrollkit(["qr", "one.json", "--extras", "extras.json"], {
      environment,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("canary");
    expect(await readdir(folder)).not.toContain("one.qr");
  });
});
