// Changing one word of the quickstart's config moves rows to another vendor, with no other change.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { run, startSimulation } from "@enrollkit/cli";
import { enrollmentOutcomeSchema } from "@enrollkit/core";
import { afterEach, beforeEach, expect, it } from "vitest";

const here = import.meta.dirname;
let folder;
let simulation;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrollkit-quickstart-"));
  simulation = await startSimulation();
});
afterEach(async () => {
  await simulation.close();
  await rm(folder, { recursive: true });
});

const enroll = async (change) => {
  const config = await readFile(join(here, "enrollkit.config.json"), "utf8");
  const changed = change(config);
  expect(changed).not.toBe(config);
  await writeFile(join(folder, "enrollkit.config.json"), changed);
  // The first rows of each profile will do: vendors' quotas take real time.
  const rows = (await readFile(join(here, "devices-and-people.csv"), "utf8")).split("\n").slice(0, 1 + 12);
  await writeFile(join(folder, "rows.csv"), rows.join("\n"));
  const exitCode = await run(["bulk", "rows.csv", "--output", "outcomes.jsonl"], {
    stdin: Readable.from([]),
    stdout: new PassThrough().resume(),
    stderr: new PassThrough().resume(),
    environment: simulation.environment,
    folder,
    isInteractive: false,
  });
  const lines = (await readFile(join(folder, "outcomes.jsonl"), "utf8")).trimEnd().split("\n");
  return { exitCode, outcomes: lines.map((line) => enrollmentOutcomeSchema.parse(JSON.parse(line))) };
};

it("moves the field devices from ESET Connect to the Android Management API", async () => {
  const { exitCode, outcomes } = await enroll((config) =>
    config.replace('"field", "provider": "eset"', '"field", "provider": "phones"'),
  );
  expect(exitCode).toBe(0);
  expect(outcomes.map(({ enrollment }) => enrollment.provider)).toEqual(
    Array.from({ length: 4 }, () => ["phones", "phones", "apple"]).flat(),
  );
  expect(simulation.eset.devices()).toHaveLength(0);
  expect(simulation.android.enrollments()).toHaveLength(8);
});
