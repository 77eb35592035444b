import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApplivery } from "@enrollkit/applivery";
import { enrollmentOutcomeSchema, Secret } from "@enrollkit/core";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import { afterEach, beforeEach, expect, it } from "vitest";
import { enrollFile } from "./bulk-csv.js";

let folder;
let simulator;
let apple;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrollkit-bulk-csv-"));
  simulator = await startAppliverySimulator();
  const { baseUrl, organization, token } = simulator.credentials;
  apple = createApplivery({ baseUrl, organization, token: new Secret(token) });
});
afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true });
});

const input = join(import.meta.dirname, "people.csv");

it("gives one outcome for each row, in order, in a file for its owner alone", async () => {
  const output = join(folder, "outcomes.jsonl");
  const shown = [];
  const counts = await enrollFile(apple, input, output, (text) => shown.push(text));

  const lines = (await readFile(output, "utf8")).trimEnd().split("\n");
  const outcomes = lines.map((line) => enrollmentOutcomeSchema.parse(JSON.parse(line)));
  expect(outcomes.map(({ key, status }) => `${key} ${status}`)).toEqual([
    "p-001 created",
    "p-002 created",
    "p-003 failed",
    "p-004 failed",
    "p-005 created",
    "p-006 failed",
    "p-007 created",
  ]);
  expect(counts).toEqual({ created: 4, failed: 3, unknown: 0 });
  expect((await stat(output)).mode & 0o777).toBe(0o600);
  expect(simulator.enrollments()).toHaveLength(4);

  expect(shown).toHaveLength(3);
  expect(shown[0]).toMatch(
    /^p-003: failed, unsupported: validFor "P90D" is 90 days; Applivery allows 1 minute to 30 days/,
  );
  expect(shown[1]).toMatch(/^p-004: failed, invalid-request: recipient.email is not an e-mail address/);
  expect(shown[2]).toMatch(/^p-006: failed, invalid-request: recipient.email is missing/);
});

it("never writes over a file that is there", async () => {
  const output = join(folder, "outcomes.jsonl");
  await writeFile(output, "precious");
  await expect(enrollFile(apple, input, output, () => {})).rejects.toThrow("EEXIST");
  expect(await readFile(output, "utf8")).toBe("precious");
  expect(simulator.enrollments()).toHaveLength(0);
});
