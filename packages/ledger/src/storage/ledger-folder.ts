import { access, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { EnrollmentError } from "@enrollkit/core";
import { holderFile } from "./folder-lock.js";

/** The part of a ledger's folder that the database has for itself. */
export const databaseFolder = (folder: string): string => join(folder, "database");

/** A database on its way: a process that is killed meanwhile leaves no half of one under the name that counts. */
const unfinishedFolder = (folder: string): string => join(folder, "database.unfinished");

const isOurs = (name: string): boolean => name === "database.unfinished" || name.startsWith(holderFile);

/** What systems and people put into any folder: `.DS_Store`, `.gitignore`, a volume's `lost+found`. */
const isHarmless = (name: string): boolean => name.startsWith(".") || name === "lost+found";

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

const unusable = (problem: string, advice: string, cause?: unknown) =>
  new EnrollmentError(`the ledger's folder ${problem}`, {
    code: "failed-precondition",
    advice,
    ...(cause !== undefined && { cause }),
  });

const impossible: ReadonlySet<unknown> = new Set([
  "EEXIST",
  "EINVAL",
  "ELOOP",
  "ENAMETOOLONG",
  "ENOENT",
  "ENOTDIR",
]);

const isThere = async (path: string): Promise<boolean> => {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
};

/** Node's own, which makes the folders above as well, never comes back from a file system that takes no folders: `/proc`. */
const make = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === "EEXIST" && (await stat(folder)).isDirectory()) return;
    const parent = dirname(folder);
    if (codeOf(error) !== "ENOENT" || (await isThere(parent))) throw error;
    await make(parent);
    await make(folder);
  }
};

const ensureFolder = async (folder: string): Promise<void> => {
  try {
    await make(resolve(folder));
  } catch (error) {
    if (!impossible.has(codeOf(error))) throw error;
    const advice = "name another; a file must not have its name, nor that of a folder above it";
    throw unusable(`cannot be made (${String(codeOf(error))})`, advice, error);
  }
};

/**
 * Makes a folder unless it is there.
 *
 * @throws EnrollmentError `failed-precondition` if that is impossible, or if it holds other things and no ledger.
 */
export const prepareFolder = async (folder: string): Promise<void> => {
  await ensureFolder(folder);
  if (await isThere(join(databaseFolder(folder), "PG_VERSION"))) return;
  const strangers = (await readdir(folder)).filter((name) => !isOurs(name) && !isHarmless(name));
  if (strangers.length === 0) return;
  throw unusable("holds other files, and no ledger", "name an empty folder, or one that does not exist yet");
};

/**
 * Makes the database unless it is there: wholly or not at all.
 *
 * @param fill - makes a database in an empty folder.
 */
export const ensureDatabase = async (
  folder: string,
  fill: (empty: string) => Promise<void>,
): Promise<void> => {
  if (await isThere(databaseFolder(folder))) return;
  const unfinished = unfinishedFolder(folder);
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  await fill(unfinished);
  await rename(unfinished, databaseFolder(folder));
};
