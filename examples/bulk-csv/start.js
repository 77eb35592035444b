// Enrolls the people of people.csv at a local simulator of Applivery: no account, no network.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createApplivery } from "@enrollkit/applivery";
import { Secret } from "@enrollkit/core";
import { startAppliverySimulator } from "@enrollkit/simulators/applivery";
import { enrollFile } from "./bulk-csv.js";

const folder = import.meta.dirname;
const output = join(folder, "output", "outcomes.jsonl");
const show = (text) => process.stdout.write(`${text}\n`);

const simulator = await startAppliverySimulator();
const { baseUrl, organization, token } = simulator.credentials;
const apple = createApplivery({ name: "apple", baseUrl, organization, token: new Secret(token) });

await mkdir(join(folder, "output"), { recursive: true });
await rm(output, { force: true });
const { created, failed, unknown } = await enrollFile(apple, join(folder, "people.csv"), output, show);
await simulator.close();
show(`${created} created, ${failed} failed, ${unknown} unknown: output/outcomes.jsonl`);
