// Holds shown settings against the schemas that read them.
import { Buffer } from "node:buffer";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnrollmentError } from "@enrollkit/core";
import { readConfigFile, readSettingsFile } from "@enrollkit/inversify";
import { ledgerSettingsSchema } from "@enrollkit/ledger";
import { readProvisioningExtras } from "@enrollkit/provisioning";
import { mailSettingsSchema } from "@enrollkit/provisioning/mail";
import { loadAdapters } from "../packages/adapters.js";
import { placeOf } from "./blocks.js";

const ledgerKey = Buffer.alloc(32, 7).toString("base64");

/** What the references of a block lead to: something that fits wherever a secret is wanted. */
const valueFor = (name) => {
  if (/SERVICE_ACCOUNT|GOOGLE/i.test(name)) {
    return JSON.stringify({
      type: "service_account",
      client_email: "docs@example.iam.gserviceaccount.com",
      private_key: "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
      token_uri: "https://oauth2.googleapis.com/token",
    });
  }
  if (/KEY/i.test(name)) return ledgerKey;
  return /URL/.test(name) ? "http://127.0.0.1:9/v1" : "a-secret";
};

const references = (text, kind) =>
  [...text.matchAll(new RegExp(`"\\$${kind}":\\s*"([^"]+)"`, "g"))].map(([, name]) => name);

/** The settings that EnrollKit knows, by a key that only they have. */
const kinds = [
  ["providers", "a config", (path, environment, plugins) => readConfigFile(path, plugins, { environment })],
  [
    "smtp",
    "mail settings",
    (path, environment) => mailSettingsSchema.parse(readSettingsFile(path, { environment })),
  ],
  [
    "wifi",
    "Android extras",
    (path, environment) => readProvisioningExtras(readSettingsFile(path, { environment })),
  ],
  [
    "keys",
    "ledger settings",
    (path, environment) => ledgerSettingsSchema.parse(readSettingsFile(path, { environment })),
  ],
];

/** @returns problems, and how many blocks were read. */
export const checkSettings = async (blocks) => {
  const plugins = await loadAdapters();
  const mine = blocks.filter(({ language, notes }) => /^jsonc?$/.test(language) && !notes.has("not run"));
  const problems = [];
  for (const block of mine) {
    const kind = kinds.find(([key]) => new RegExp(`^ {2}"${key}":`, "m").test(block.text));
    if (kind === undefined) {
      problems.push(`${placeOf(block)} is no settings that a schema reads: say \`not run\`, and why`);
      continue;
    }
    const folder = await mkdtemp(join(tmpdir(), "enrollkit-docs-"));
    try {
      const path = join(folder, "settings.json");
      await writeFile(path, block.text);
      for (const name of references(block.text, "file")) await writeFile(join(folder, name), valueFor(name));
      const environment = Object.fromEntries(
        references(block.text, "env").map((name) => [name, valueFor(name)]),
      );
      kind[2](path, environment, plugins);
    } catch (error) {
      const reason = EnrollmentError.is(error) || error instanceof Error ? error.message : String(error);
      problems.push(`${placeOf(block)} is not ${kind[1]} that can be read: ${reason}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { problems, counts: { run: mine.length } };
};
