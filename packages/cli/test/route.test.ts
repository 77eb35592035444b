import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import {
  createWorkplace,
  exampleConfig,
  loadVendors,
  requestsTo,
  startFastSimulation,
  type Workplace,
} from "./simulated.js";

let simulation: Simulation;
beforeAll(async () => {
  [simulation] = await Promise.all([startFastSimulation(), loadVendors()]);
});
afterAll(() => simulation.close());

const workplace = (): Promise<Workplace> => {
  const config = exampleConfig();
  return createWorkplace(simulation, {
    ...config,
    defaultProvider: "devices",
    routes: [],
    providers: {
      ...config.providers,
      devices: {
        vendor: "router",
        rules: [
          { when: { platform: ["ios", "macos"] }, provider: "apple" },
          { when: { tenant: "acme" }, provider: "safe" },
        ],
      },
      safe: { vendor: "fallback", providers: ["phones", "apple"] },
    },
  });
};

const file = [
  "key,email,platform,tenant",
  "r1,ana@example.com,ios,",
  "r2,ben@example.com,,acme",
  "r3,eve@example.com,android,other",
  "r4,dan@example.com,symbian,acme",
  "",
].join("\n");

describe("enrollkit route", () => {
  it("says for each row which rule sends it where and why, lists what goes nowhere, and calls nobody", async () => {
    const { enrollkit, write } = await workplace();
    await write("people.csv", file);
    const before = requestsTo(simulation);
    const { exitCode, stdout } = await enrollkit(["route", "people.csv", "--dry-run", "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        line: 2,
        key: "r1",
        provider: "apple",
        steps: [{ provider: "devices", rule: 0, why: "platform ios or macos" }],
      },
      {
        line: 3,
        key: "r2",
        provider: "phones",
        steps: [
          { provider: "devices", rule: 1, why: "tenant acme" },
          { provider: "safe", why: "first choice of phones, apple" },
        ],
      },
      { line: 4, key: "r3", error: { code: "invalid-request" } },
      { line: 5, key: "r4", error: { code: "invalid-request", place: "line 5, column platform" } },
    ]);
    const { stdout: text } = await enrollkit(["route", "people.csv", "--dry-run"]);
    expect(text).toMatch(/3 +r2 +devices: rules\[1\] → safe +phones +tenant acme → first choice of phones/);
    expect(text).toContain('no rule of "devices" takes the request');
    expect(text + stdout).not.toContain("@example.com");
    expect(requestsTo(simulation)).toBe(before);
  });

  it("reads JSON Lines, and is 0 if every row goes somewhere", async () => {
    const { enrollkit, write } = await workplace();
    await write("people.jsonl", '{"key":"r1","recipient":{"email":"ana@example.com"},"tenant":"acme"}\n');
    const { exitCode, stdout } = await enrollkit(["route", "people.jsonl", "--dry-run"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("phones")]);
  });

  it("refuses to go without --dry-run", async () => {
    const { enrollkit, write } = await workplace();
    await write("people.csv", file);
    const { exitCode, stderr } = await enrollkit(["route", "people.csv"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("add --dry-run");
  });
});

describe("other commands over composites", () => {
  it("bulk sends each row to its member; the outcomes carry its name, and revoke finds it", async () => {
    const { enrollkit, write, path } = await workplace();
    await write("people.csv", file.split("\n").slice(0, 3).join("\n"));
    const { exitCode } = await enrollkit(["bulk", "people.csv", "--output", "outcomes.jsonl"]);
    expect(exitCode).toBe(0);
    const { readFile } = await import("node:fs/promises");
    const outcomes = (await readFile(path("outcomes.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { enrollment: { provider: string; id: string; tenant?: string } });
    expect(outcomes.map(({ enrollment: { provider, tenant } }) => [provider, tenant])).toEqual([
      ["apple", undefined],
      ["phones", "acme"],
    ]);
    const { id } = outcomes[1]?.enrollment ?? { id: "" };
    const revoked = await enrollkit(["revoke", id, "--provider", "safe"]);
    expect(revoked.exitCode).toBe(0);
    const status = await enrollkit(["status", id, "--provider", "phones"]);
    expect(status.stdout).not.toContain("pending");
  });

  it("capabilities shows what holds in any case, each member, and the rules", async () => {
    const { enrollkit } = await workplace();
    const { exitCode, stdout } = await enrollkit(["capabilities", "--provider", "devices"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ +devices +apple +safe$/m);
    expect(stdout).toMatch(/rules\[0\] +platform ios or macos +apple/);
    const { stdout: json } = await enrollkit(["capabilities", "--provider", "devices", "--json"]);
    expect(JSON.parse(json)).toMatchObject({
      provider: "devices",
      descriptor: { vendor: "router", platforms: [] },
      members: [{ provider: "apple" }, { provider: "safe" }],
      rules: [
        { rule: 0, provider: "apple" },
        { rule: 1, text: "tenant acme", provider: "safe" },
      ],
    });
  });

  it("check names the member of each finding", async () => {
    const { enrollkit } = await workplace();
    const { stdout } = await enrollkit(["check", "--provider", "safe"]);
    expect(stdout).toMatch(/safe → phones +credentials +passed/);
  });
});
