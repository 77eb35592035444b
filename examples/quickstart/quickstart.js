// Enrolls the 300 rows of devices-and-people.csv with three vendors, at local simulators: no account, no network.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { enrollmentOutcomeSchema, findArtifact } from "@enrollkit/core";
import { run, startSimulation } from "@enrollkit/cli";
import { sheetHtml, terminalQr } from "@enrollkit/provisioning";

const folder = import.meta.dirname;
const output = join(folder, "output", "outcomes.jsonl");
const sheet = join(folder, "output", "sheet.html");
const show = (text) => process.stdout.write(`${text}\n`);

const simulation = await startSimulation();
// One of the rows is for a device that has enrolled before.
simulation.eset.seed({
  devices: [
    {
      uuid: "0e7f6a55-3c1b-4a9e-8f02-9d5f0c1b2a33",
      displayName: "Berlin handheld 000",
      enrollmentStatus: "DEVICE_ENROLLMENT_STATUS_FINISHED",
    },
  ],
});

await mkdir(join(folder, "output"), { recursive: true });
show("$ enrollkit bulk devices-and-people.csv --output output/outcomes.jsonl\n");
const exitCode = await run(
  ["bulk", "devices-and-people.csv", "--output", "output/outcomes.jsonl", "--overwrite"],
  {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: { ...process.env, ...simulation.environment },
    folder,
    isInteractive: process.stderr.isTTY === true,
  },
);
await simulation.close();

// 1: some rows failed, as they should. Anything else is a failure of the quickstart itself.
process.exitCode = exitCode === 1 ? 0 : exitCode || 1;

if (exitCode <= 1) {
  const lines = (await readFile(output, "utf8")).trimEnd().split("\n");
  const outcomes = lines.map((line) => enrollmentOutcomeSchema.parse(JSON.parse(line)));
  const android = outcomes.find(
    (outcome) => outcome.status === "created" && outcome.enrollment.vendor === "android-management",
  );
  const payload = android?.status === "created" && findArtifact(android.enrollment, "provisioning-qr");
  if (payload) {
    show(`\nThe QR code of ${android.key}, to be scanned at the first screen of a new Android device:\n`);
    show(terminalQr(payload.value));
  }

  const created = outcomes.flatMap((outcome) => (outcome.status === "created" ? [outcome.enrollment] : []));
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  // Only its owner may read it: a file that was there before would keep its mode.
  await rm(sheet, { force: true });
  await writeFile(sheet, await sheetHtml(created, { layout: "labels", timeZone }), { mode: 0o600 });

  const here = (path) => relative(process.cwd(), path);
  show(`\n${lines.length} outcomes are in ${here(output)}.`);
  show(`A card for each of the ${created.length} that were created, to print and hand out: ${here(sheet)}`);
  show('Now change a provider under "routes" in enrollkit.config.json, and run it again.');
}
