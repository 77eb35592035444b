// One run over so many rows, in a process of its own: its peak memory is that of this run.
import { open, rm } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { enrollmentColumns } from "../../packages/cli/dist/input/columns.js";
import { readCsv } from "../../packages/cli/dist/input/csv.js";
import { createEnrollments, revealEnrollment, Secret } from "../../packages/core/dist/index.js";
import { answerParent, settingsOfChild } from "./child.js";
import { insist } from "./results.js";

const { rows, input, output } = settingsOfChild();

const echoed = [
  "profile",
  "recipient.email",
  "recipient.name",
  "device.id",
  "device.name",
  "device.description",
  "device.serialNumber",
  "tags",
];

let issued = 0;

/** The least that a provider can be: what remains is the engine. */
const provider = {
  name: "memory",
  descriptor: {
    contractVersion: 1,
    vendor: "memory",
    product: "Memory",
    documentation: "https://example.com",
    hosts: [],
    platforms: ["android"],
    managementModes: [],
    ownerships: [],
    lifetime: { settable: true, min: "PT1M", max: "P30D", default: "PT1H", granularity: "PT1S" },
    uses: { allowed: ["one"], default: "one" },
    additionalDataLength: 0,
    artifacts: ["enrollment-token"],
    deliveries: ["return"],
    fields: Object.fromEntries(echoed.map((field) => [field, "echoed"])),
    uniqueFields: ["recipient.email"],
    quotas: [],
    roles: [],
  },
  check: () => Promise.resolve({ provider: "memory", ok: true, findings: [] }),
  createEnrollment: ({ key, recipient }) => {
    issued += 1;
    return Promise.resolve({
      id: `enrollment-${issued}`,
      provider: "memory",
      vendor: "memory",
      key,
      artifacts: [{ kind: "enrollment-token", value: new Secret(`token-${issued}`) }],
      createdAt: "2026-01-01T00:00:00Z",
      expiresAt: "2026-01-01T01:00:00Z",
      uses: "one",
      recipient,
      warnings: [],
      requestIds: [],
    });
  },
};

const rowsPerPiece = 500;

/** A file's text, in pieces of some 30 kB, without a file: the disk is not measured. */
async function* csvText() {
  yield "key,email,name,platform,valid_for\n";
  for (let first = 0; first < rows; first += rowsPerPiece) {
    let text = "";
    for (let row = first; row < Math.min(first + rowsPerPiece, rows); row += 1) {
      text += `row-${row},person-${row}@example.com,Person ${row},android,PT1H\n`;
    }
    yield text;
  }
}

const fromCsv = async function* () {
  for await (const { value } of readCsv({ name: "people.csv", text: csvText }, enrollmentColumns))
    yield value;
};

const fromMemory = function* () {
  for (let row = 0; row < rows; row += 1) {
    yield {
      key: `row-${row}`,
      recipient: { email: `person-${row}@example.com`, name: `Person ${row}` },
      platform: "android",
      validFor: "PT1H",
    };
  }
};

const pieceLength = 65_536;

const run = async () => {
  const file = await open(output, "w");
  let created = 0;
  let text = "";
  const started = performance.now();
  for await (const outcome of createEnrollments(provider, input === "csv" ? fromCsv() : fromMemory())) {
    if (outcome.status !== "created") throw outcome.error;
    created += 1;
    const { key, index, status, enrollment } = outcome;
    text += `${JSON.stringify({ key, index, status, enrollment: revealEnrollment(enrollment) })}\n`;
    if (text.length < pieceLength) continue;
    await file.write(text);
    text = "";
  }
  await file.write(text);
  const seconds = (performance.now() - started) / 1000;
  await file.close();
  await rm(output);
  insist(created === rows, `${created} of ${rows} were created`);
  return { rowsPerSecond: rows / seconds, peak: process.resourceUsage().maxRSS * 1024 };
};

answerParent("ready", run);
