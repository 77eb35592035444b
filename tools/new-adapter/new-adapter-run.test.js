import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { allowedChanges, startTrial, trialVendor } from "./trial.js";

const vitest = ["node_modules/vitest/vitest.mjs", "run", "--reporter=json"];

/** It installs and runs tests of its own: on a machine that does much else, this is long, and no sign of a hang. */
const patience = 600_000;

let trial;
beforeAll(async () => {
  trial = await startTrial();
}, patience);
afterAll(() => trial?.remove());

/** The outcome of a project's tests. */
const test = async (...words) => {
  const { code, output } = await trial.run(...vitest, ...words);
  const report = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1));
  const file = (name) => report.testResults.find((each) => each.name.endsWith(name));
  return { code, report, file };
};

it(
  "a new vendor is red for want of what only its documentation says, and green with it, and nothing else changes",
  async () => {
    const said = await trial.generate();
    expect(said).toContain("7 gaps are yours to fill");
    expect(said).toContain(`npx vitest run --project ${trialVendor}`);
    await trial.install();
    expect(await trial.changed()).toEqual(allowedChanges);

    const red = await test("--project", trialVendor);
    expect(red.code).toBe(1);
    // The suite is not registered, let alone 200 times red: the first gap is told, and where it is.
    const conformance = red.file("test/conformance.test.ts");
    expect(conformance.assertionResults).toEqual([]);
    expect(conformance.message).toContain(
      `gap 2 of 7: packages/simulators/src/${trialVendor}/routes.ts: answer as Harbor MDM documents it`,
    );
    const others = red.report.testResults.flatMap(({ assertionResults }) => assertionResults);
    expect(others.length).toBeGreaterThan(0);
    for (const { failureMessages } of others) expect(failureMessages[0]).toMatch(/gap [1-7] of 7: src\//);

    const asGenerated = [
      "index.ts",
      "provider.ts",
      "settings.ts",
      "conformance.test.ts",
      "simulator.ts",
      "store.ts",
    ];
    const filled = await trial.fill();
    expect(filled.filter((path) => asGenerated.some((name) => path.endsWith(`/${name}`)))).toEqual([]);
    expect(await trial.find(/gap [0-9]|gap\.js/)).toEqual([]);
    const green = await test("--project", trialVendor);
    expect(green.report.testResults.filter(({ status }) => status !== "passed")).toEqual([]);
    expect(green.code).toBe(0);
    const passed = green
      .file("test/conformance.test.ts")
      .assertionResults.filter(({ status }) => status === "passed");
    expect(passed.length).toBeGreaterThan(100);
    expect((await test("--project", "simulators", `src/${trialVendor}/`)).code).toBe(0);
    expect(await trial.changed()).toEqual(allowedChanges);

    // The lockfile lists every package of the workspace: installing adds the new one to it, and does nothing else.
    const lockfile = await readFile(join(trial.folder, "pnpm-lock.yaml"), "utf8");
    expect(lockfile).toContain(`packages/adapters/${trialVendor}:`);
    expect(await trial.lost("pnpm-lock.yaml")).toEqual([]);
  },
  patience,
);
