import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import {
  createWorkplace,
  exampleConfig,
  requestsTo,
  loadVendors,
  startFastSimulation,
  type Config,
} from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

/** Where nobody listens. */
const closedPort = async (): Promise<string> => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
};

describe("check", () => {
  it("lists every finding of every provider", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const { exitCode, stdout, stderr } = await enrollkit(["check"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ {2,}/).slice(0, 3));
    expect(rows[0]).toEqual(["PROVIDER", "CHECK", "RESULT"]);
    for (const name of ["eset", "phones", "apple"])
      expect(rows).toContainEqual([name, "credentials", "passed"]);
  });

  it("as JSON, of one provider", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const { exitCode, stdout } = await enrollkit(["check", "--provider", "phones", "--json"]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      expect.objectContaining({ provider: "phones", ok: true, findings: expect.any(Array) as unknown[] }),
    ]);
  });

  it("a provider that is not there is told from those that are", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const { exitCode, stderr } = await enrollkit(["check", "--provider", "phone"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no provider "phone"; there are: eset, phones, apple');
  });

  it.each<[string, string, Record<string, string>]>([
    ["a wrong password", "eset", { ESET_CONNECT_PASSWORD: "canary-wrong-password" }],
    ["a wrong token", "apple", { APPLIVERY_TOKEN: "canary-wrong-token" }],
  ])("%s is a failed check of %s", async (_, provider, environment) => {
    const { enrollkit } = await createWorkplace(simulation);
    const settings = { environment: { ...simulation.environment, ...environment } };
    const { exitCode, stdout, stderr } = await enrollkit(["check", "--provider", provider], settings);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(new RegExp(`^${provider} +credentials +failed +\\S`, "m"));
    expect(stdout + stderr).not.toMatch(/canary| {4}at /);
  });

  it("a wrong region is a failed check", async () => {
    const config = exampleConfig();
    const eset = config.providers["eset"] as { baseUrls: Record<string, unknown> };
    eset.baseUrls["deviceManagement"] = eset.baseUrls["mobileDeviceManagement"];
    const { enrollkit } = await createWorkplace(simulation, config);
    const { exitCode, stdout } = await enrollkit(["check", "--provider", "eset"]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^eset +\S+ +failed +\S/m);
  });

  it("an unreachable vendor is a failed check that names the host; the others are reported too", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    const nowhere = await closedPort();
    const environment = { ...simulation.environment, APPLIVERY_URL: `${nowhere}/v1` };
    const { exitCode, stdout } = await enrollkit(["check"], { environment });
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(new RegExp(`^apple +reachable +failed +${nowhere.replace("http://", "")}`, "m"));
    expect(stdout).toMatch(/^phones +credentials +passed/m);
  });

  it.each(["create", "bulk"])("%s says the same with exit code 3", async (command) => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("people.csv", "email\nana@example.com\n");
    const nowhere = await closedPort();
    const { exitCode, stdout, stderr } = await enrollkit(
      command === "bulk"
        ? ["bulk", "people.csv", "--provider", "apple"]
        : ["create", "--email", "ana@example.com", "--provider", "apple"],
      { environment: { ...simulation.environment, APPLIVERY_URL: `${nowhere}/v1` } },
    );
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(/^error: .*127\.0\.0\.1:\d+ .*\n {2}→ \S.*\n {2}more: \S.*\n$/);
  });
});

describe("a config with mistakes", () => {
  const change = (edit: (config: Config) => unknown): unknown => {
    const config = exampleConfig();
    return edit(config) ?? config;
  };
  const drop = (config: Config, provider: string, key: string) => {
    Reflect.deleteProperty(config.providers[provider] ?? {}, key);
  };

  it.each<[string, unknown, string]>([
    ["no object", "phones", "must be an object, not a string"],
    ["no providers", {}, "providers is missing"],
    ["an empty list of providers", { providers: {} }, "providers names no provider"],
    [
      "an unknown vendor",
      { providers: { phones: { vendor: "android-managment" } } },
      'did you mean "android-management"?',
    ],
    [
      "an unknown key",
      change((config) => {
        Object.assign(config.providers["phones"] ?? {}, { enterprize: "LC0default" });
      }),
      'providers.phones.enterprize is not a known setting; did you mean "enterprise"?',
    ],
    [
      "a wrong type",
      change((config) => {
        Object.assign(config.providers["phones"] ?? {}, { enterprise: 5 });
      }),
      "providers.phones.enterprise must be text, not a number",
    ],
    [
      "a setting left out",
      change((config) => {
        drop(config, "phones", "enterprise");
      }),
      "providers.phones.enterprise is missing",
    ],
    [
      "a secret in clear text",
      change((config) => {
        Object.assign(config.providers["apple"] ?? {}, { token: "canary-in-clear-text" });
      }),
      'providers.apple.token must be a secret: {"$env": "NAME"}',
    ],
    [
      "a default that is not there",
      change((config) => ({ ...config, defaultProvider: "phone" })),
      'defaultProvider "phone" is not one of the providers; did you mean "phones"?',
    ],
    [
      "an environment variable that is not set",
      change((config) => {
        Object.assign(config.providers["apple"] ?? {}, { token: { $env: "NOT_SET" } });
      }),
      "providers.apple.token needs the environment variable NOT_SET, which is not set",
    ],
    [
      "a file that is not there",
      change((config) => {
        Object.assign(config.providers["apple"] ?? {}, { token: { $file: "token.txt" } });
      }),
      "providers.apple.token needs the file token.txt, which does not exist",
    ],
  ])("%s", async (_, config, message) => {
    const { enrollkit, path } = await createWorkplace(simulation, config);
    const before = requestsTo(simulation);
    const { exitCode, stdout, stderr } = await enrollkit(["check"]);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`error: config ${path("enrollkit.config.json")}`);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/\n {2}→ \S.*\n {2}more: .*errors\.md#invalid-config\n$/);
    expect(stderr).not.toMatch(/canary| {4}at /);
    expect(requestsTo(simulation)).toBe(before);
  });

  it("broken JSON names line and column", async () => {
    const { enrollkit, write } = await createWorkplace(simulation);
    await write("broken.json", '{\n  "providers": {\n    "phones": }\n}\n');
    const { exitCode, stderr } = await enrollkit(["--config", "broken.json", "check"]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/broken\.json: line 3, column \d+: not valid JSON/);
  });

  it("all mistakes are told at once", async () => {
    const { enrollkit } = await createWorkplace(simulation, {
      defaultProvider: "none",
      providers: { a: { vendor: "applivery" }, b: { vendor: "b" } },
    });
    const { stderr } = await enrollkit(["check"]);
    for (const place of [
      "providers.a.organization",
      "providers.a.token",
      "providers.b.vendor",
      "defaultProvider",
    ]) {
      expect(stderr).toMatch(new RegExp(`^ {2}${place.replaceAll(".", "\\.")} `, "m"));
    }
  });
});
