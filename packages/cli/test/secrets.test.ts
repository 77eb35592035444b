import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Simulation } from "../src/simulation.js";
import { createWorkplace, loadVendors, startFastSimulation } from "./simulated.js";

let simulation: Simulation;
beforeAll(loadVendors);
beforeAll(async () => {
  simulation = await startFastSimulation();
});
afterAll(() => simulation.close());

/** Everything that nobody but its owner may see. */
const canaries = async (path: (name: string) => string): Promise<readonly string[]> => {
  const { eset, android, applivery, environment } = simulation;
  const key = JSON.parse(environment["GOOGLE_SERVICE_ACCOUNT_KEY"] ?? "{}") as { private_key: string };
  const bearers = [eset, android, applivery].flatMap((vendor) =>
    vendor.requests().flatMap(({ headers }) => headers.get("authorization")?.replace(/^Bearer /, "") ?? []),
  );
  return [
    eset.credentials.password,
    applivery.credentials.token,
    ...key.private_key.split("\n").slice(1, -2),
    ...bearers,
    ...android.enrollments().map(({ value }) => value),
    ...applivery.enrollments().map(({ code }) => code),
    ...eset.enrollmentLinks().map(({ uri }) => uri),
    (await readFile(path("pc.ini"))).toString("base64"),
    "canary@example.com",
    "canary.name",
    "canary-token",
    "canary-password",
  ];
};

const people = [
  "key,profile,email,name,device_name,valid_for,delivery",
  "a,sales,canary@example.com,canary.name,Canary 1,,",
  "b,canary@example.com,canary@example.com,,Canary 2,,",
  "c,,canary@example.com,,Canary 3,canary@example.com,",
  "d,,canary@example.com,,Canary 4,,canary@example.com",
  "canary@example.com,,not-an-address-canary@example.com@,,Canary 5,,",
  "",
].join("\n");

/** Nobody listens there. */
const mailSettings = {
  smtp: { host: "127.0.0.1", port: 1, security: "none" },
  from: { email: "canary@example.com", name: "canary.name" },
  timeZone: "Europe/Berlin",
};

describe("nothing secret is printed", () => {
  it("by any command, in words or as JSON, with or without --debug and --trace", async () => {
    const { enrollkit, write, path } = await createWorkplace(simulation);
    await write("people.csv", people);
    await write("no-heading.csv", "Ana,canary@example.com\n");
    await write("devices.csv", "key,name\na,Device 1\ncanary@example.com,Device 1\n");
    await write("extras.json", '{"wifi": {"ssid": "Office", "password": "canary-password"}, "x": 1}');
    await write("enrollkit.mail.json", JSON.stringify(mailSettings));
    const commands: readonly (readonly string[])[] = [
      ["check"],
      ["capabilities"],
      ["create", "--provider", "apple", "--email", "canary@example.com", "--key", "canary@example.com"],
      ["create", "--provider", "apple", "--email", "canary@example.com@"],
      ["create", "--provider", "phones", "--profile", "canary@example.com"],
      [
        "create",
        "--provider",
        "phones",
        "--email",
        "canary@example.com",
        "--output",
        "phone.json",
        "--overwrite",
      ],
      ["create", "--provider", "eset", "--profile", "field", "--device-name", "Canary 6"],
      ...["eset", "phones", "apple"].flatMap((provider) => [
        ["bulk", "people.csv", "--provider", provider, "--overwrite"],
        ["bulk", "people.csv", "--provider", provider, "--dry-run"],
      ]),
      ["bulk", "no-heading.csv", "--overwrite"],
      ["qr", "people.outcomes.jsonl", "--output", "codes", "--overwrite"],
      ["sheet", "people.outcomes.jsonl", "--overwrite"],
      ["sheet", "people.csv"],
      ["mail", "people.outcomes.jsonl", "--dry-run", "mails"],
      ["mail", "people.outcomes.jsonl"],
      ["qr", "phone.json", "--extras", "extras.json", "--overwrite"],
      ["zero-touch", "phone.json"],
      ["import", "devices.csv", "--provider", "eset"],
      ["status", "1", "--provider", "phones"],
      ["revoke", "1", "2", "--provider", "apple"],
      ["gpo-sccm", "--provider", "eset", "--output", "pc.ini", "--overwrite"],
      ["list", "--provider", "phones"],
      ["schema"],
    ];
    const right = simulation.environment;
    const runs = [
      ["--config=enrollkit.config.json", right],
      ["--json", right],
      ["--debug", right],
      ["--trace", right],
      ["--debug", { ...right, APPLIVERY_TOKEN: "canary-token", ESET_CONNECT_PASSWORD: "canary-password" }],
    ] as const;
    let printed = "";
    for (const command of commands) {
      for (const [option, environment] of runs) {
        const fault = { kind: "status", status: 500, body: { canary: "canary@example.com" } } as const;
        simulation.applivery.failNext(fault, { method: "POST" });
        const { stdout, stderr } = await enrollkit([...command, option], { environment });
        simulation.applivery.clearFaults();
        printed += stdout + stderr;
      }
    }
    expect(printed.length).toBeGreaterThan(10_000);
    const secrets = await canaries(path);
    expect(secrets.length).toBeGreaterThan(50);
    for (const secret of new Set(secrets)) {
      expect(secret.length).toBeGreaterThan(3);
      const place = printed.indexOf(secret);
      expect(place === -1 ? "" : printed.slice(Math.max(0, place - 200), place + 20)).toBe("");
    }
  });

  it("list alone tells whom an enrollment is for: that is what it is for", async () => {
    const { enrollkit } = await createWorkplace(simulation);
    await enrollkit(["create", "--provider", "apple", "--email", "canary@example.com"]);
    const { stdout } = await enrollkit(["list", "--provider", "apple"]);
    expect(stdout).toContain("canary@example.com");
    for (const { code } of simulation.applivery.enrollments()) expect(stdout).not.toContain(code);
  });
});
