// Opens the desk at local simulators of the vendors: no account, no network.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnrollmentError, Secret } from "@enrollkit/core";
import { openDesk } from "./open-desk.js";
import { readPort } from "./port.js";
import { startVendors } from "./simulation.js";

const show = (text: string) => process.stdout.write(`${text}\n`);

/** The words of an error that nobody has checked for secrets stay out of the terminal. */
const report = (error: unknown) => {
  const words = EnrollmentError.is(error) ? `${error.code}: ${error.message}` : "";
  const place = error instanceof Error ? (error.stack?.match(/^ +at .+$/m)?.[0].trim() ?? "") : "";
  process.stderr.write(`something went wrong: ${words} ${place}\n`);
};

const port = readPort(process.env["PORT"]);
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const stopped = Promise.race(signals.map((signal) => once(process, signal)));

// The simulated vendors begin with nothing and forget everything: so does this ledger. With real ones it has a folder that
// stays, and a key from where you keep secrets.
const folder = await mkdtemp(join(tmpdir(), "onboarding-desk-"));
const key = new Secret(randomBytes(32).toString("base64"));
const simulation = await startVendors();
try {
  const desk = await openDesk({ folder, key, simulation, port, report });
  show(`The desk is open: ${desk.url}`);
  show("Pick a profile and a person, then let a simulated device in. Ctrl-C ends it.");
  await stopped;
  await desk.close();
} finally {
  await simulation.close();
  await rm(folder, { recursive: true, force: true });
}
// Last of all: whoever closes a terminal takes away what this would be written to.
show("The desk is closed.");
