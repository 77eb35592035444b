import { randomUUID } from "node:crypto";
import { cpSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { openEmbedded } from "../../src/storage/embedded.js";
import { databaseFolder } from "../../src/storage/ledger-folder.js";

/** A new database takes seconds to make, and a fraction of one to copy: the first test that needs one leaves it here. */
const cache = join(import.meta.dirname, "../../../../node_modules/.cache/enrollkit-ledger");

const engineVersion = async (): Promise<string> => {
  const entry = fileURLToPath(import.meta.resolve("@electric-sql/pglite"));
  const text = await readFile(join(dirname(entry), "../package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
};

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The folder of an empty database. It is only to be copied. */
export const findTemplate = async (): Promise<string> => {
  const template = join(cache, await engineVersion());
  if (await isThere(template)) return template;
  const making = join(cache, randomUUID());
  await mkdir(cache, { recursive: true });
  await (await openEmbedded(making, "public")).close();
  // Test files run at the same time: whoever comes second has made one in vain.
  await rename(databaseFolder(making), template).catch(async (error: unknown) => {
    if (!(await isThere(template))) throw error;
  });
  await rm(making, { recursive: true });
  return template;
};

/** An empty folder that goes with the test. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-ledger-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

/** Puts an empty database, not even with tables in it, into a ledger's folder. */
export const fillLedgerFolder = async (folder: string): Promise<void> => {
  cpSync(await findTemplate(), databaseFolder(folder), { recursive: true });
};

/** A ledger's folder with an empty database in it, which goes with the test. */
export const emptyLedgerFolder = async (): Promise<string> => {
  const folder = await temporaryFolder();
  await fillLedgerFolder(folder);
  return folder;
};
