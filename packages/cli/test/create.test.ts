import { readFile, readdir, stat } from "node:fs/promises";
import { enrollmentSchema } from "@enrollkit/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { createWorkplace, requestsTo, loadVendors, startFastSimulation } from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

const forAna = [
  "create",
  "--provider",
  "apple",
  "--email",
  "ana@example.com",
  "--name",
  "Ana",
  "--key",
  "k1",
];

describe("create", () => {
  it("writes the secrets to a file for the owner alone, and prints none", async () => {
    const { enrollkit, path } = await createWorkplace(simulation);
    const { exitCode, stdout, stderr } = await enrollkit([...forAna, "--output", "ana.json"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect((await stat(path("ana.json"))).mode & 0o777).toBe(0o600);
    const enrollment = enrollmentSchema.parse(JSON.parse(await readFile(path("ana.json"), "utf8")));
    expect(enrollment).toMatchObject({
      provider: "apple",
      key: "k1",
      recipient: { email: "ana@example.com" },
    });
    const secrets = enrollment.artifacts.flatMap((each) => ("value" in each ? [each.value.reveal()] : []));
    expect(secrets).toHaveLength(2);
    for (const secret of [...secrets, "ana@example.com"]) expect(stdout).not.toContain(secret);
    expect(stdout).toMatch(/^enrollment-link +\[redacted\]$/m);
    expect(stdout).toContain(enrollment.id);
  });

  it("prints the secrets if it is told to", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const { stdout, stderr } = await enrollkit([...forAna, "--reveal"]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^enrollment-link +http:\/\/\S+\/enroll\/apple\/\S+$/m);
    expect(stdout).toMatch(/^recipient +ana@example\.com$/m);
  });

  it.each([false, true])("as JSON, which reads back (--reveal: %s)", async (reveal) => {
    const { enrollkit } = await createWorkplace(simulation);
    const { stdout } = await enrollkit([...forAna, "--json", ...(reveal ? ["--reveal"] : [])]);
    const { artifacts, recipient } = enrollmentSchema.parse(JSON.parse(stdout));
    expect(artifacts.map((each) => "value" in each && each.value.isKnown)).toEqual([reveal, reveal]);
    expect(recipient?.email).toBe(reveal ? "ana@example.com" : "[redacted]");
  });

  it("says what became of secrets that went nowhere", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const { stderr } = await enrollkit(forAna);
    expect(stderr).toBe(
      "the secrets are hidden: pass --output FILE to keep them, --qr or --reveal to show them\n",
    );
  });

  it("draws a QR code beside the result", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const { exitCode, stdout, stderr } = await enrollkit(["create", "--profile", "sales", "--qr", "--json"]);
    expect(exitCode).toBe(0);
    expect(enrollmentSchema.parse(JSON.parse(stdout)).provider).toBe("phones");
    const lines = stderr.trimEnd().split("\n");
    expect(lines.length).toBeGreaterThan(20);
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(stderr).toContain("█▀▀▀▀▀█");
  });

  it("an existing file is refused before anything is sent, and kept", async () => {
    const { enrollkit, write, path } = await createWorkplace(simulation);
    await write("ana.json", "old");
    const before = requestsTo(simulation);
    const { exitCode, stderr } = await enrollkit([...forAna, "--output", "ana.json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/ana\.json exists already.*\n {2}→ .*--overwrite/);
    expect(await readFile(path("ana.json"), "utf8")).toBe("old");
    expect(requestsTo(simulation)).toBe(before);

    expect((await enrollkit([...forAna, "--output", "ana.json", "--overwrite"])).exitCode).toBe(0);
    expect(await readFile(path("ana.json"), "utf8")).toContain("enrollment-link");
  });

  it("a folder that is not there is told before anything is sent", async () => {
    const { enrollkit, path } = await createWorkplace(simulation);
    const before = requestsTo(simulation);
    const { exitCode, stderr } = await enrollkit([...forAna, "--output", "none/ana.json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toBe(`error: ${path("none/ana.json")} does not exist\n  → check the path\n`);
    expect(requestsTo(simulation)).toBe(before);
  });

  it("what a vendor refuses leaves no file", async () => {
    const { enrollkit, folder } = await createWorkplace(simulation);
    simulation.applivery.failNext(
      { kind: "status", status: 403, body: { status: false } },
      { method: "POST", times: 9 },
    );
    const { exitCode, stderr } = await enrollkit([...forAna, "--output", "ana.json"]);
    simulation.applivery.clearFaults();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^error: apple: .*\n {2}→ .*\n {2}more: .*errors\.md#forbidden\n$/);
    expect(stderr).not.toContain("ana@example.com");
    expect(await readdir(folder)).toEqual(["enrollkit.config.json"]);
  });

  it.each<[string, string[], string]>([
    [
      "no recipient where one is needed",
      ["--provider", "apple"],
      "recipient.email is missing; Applivery needs it",
    ],
    [
      "a lifetime beyond the limit",
      ["--valid-for", "P31D"],
      "Android Management API allows 1 minute to 30 days",
    ],
    ["a lifetime in no language", ["--valid-for", "tomorrow"], 'validFor "tomorrow"'],
    [
      "too many uses",
      ["--uses", "5"],
      "uses 5 is not possible; Android Management API offers: one, unlimited",
    ],
    ["an unknown profile", ["--profile", "nope"], 'profile "nope" is not known'],
    ["a platform of another vendor", ["--platform", "ios"], 'platform "ios" is not possible'],
    [
      "an address that is none",
      ["--provider", "apple", "--email", "ana@"],
      "recipient.email is not an e-mail address",
    ],
    ["an unknown provider", ["--provider", "nobody"], 'there is no provider "nobody"'],
  ])("%s is refused, and nothing is sent", async (_, words, message) => {
    const { enrollkit } = await createWorkplace(simulation);
    const before = requestsTo(simulation);
    const { exitCode, stdout, stderr } = await enrollkit(["create", ...words]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\n {2}→ \S.*\n {2}more: .*errors\.md#(?:invalid-request|unsupported)\n$/);
    expect(requestsTo(simulation)).toBe(before);
  });

  it("with --on-unsupported warn the wish is dropped, and the result says so", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const words = ["create", "--valid-for", "P31D", "--on-unsupported", "warn", "--reveal"];
    const { exitCode, stdout } = await enrollkit(words);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^warning +validFor "P31D" is 31 days/m);
  });

  it("Ctrl+C ends it with 130", async () => {
    const { enrollkit, folder } = await createWorkplace(simulation);
    const signal = AbortSignal.abort(new Error("stopped"));
    expect(await enrollkit([...forAna, "--output", "ana.json"], { signal })).toEqual({
      exitCode: 130,
      stdout: "",
      stderr: "error: stopped by Ctrl+C\n",
    });
    expect(await readdir(folder)).toEqual(["enrollkit.config.json"]);
  });
});
