import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { EnrollmentError } from "@enrollkit/core";

/** The locks that this process has or is about to take. */
const mine = new Set<string>();

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

const isRunning = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
};

/** Whether a lock's owner has ended without taking it away. Of another machine's process nobody knows. */
const isAbandoned = (owner: string): boolean => {
  const [processId = "", host = ""] = owner.split(" ");
  if (host !== hostname() || !/^\d+$/.test(processId)) return false;
  // This process asks only for what it does not have: its own number is a namesake's, from before a restart.
  return Number(processId) === process.pid || !isRunning(Number(processId));
};

const create = async (path: string): Promise<boolean> => {
  try {
    await writeFile(path, `${process.pid} ${hostname()}`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
};

const ownerOf = async (path: string): Promise<string> => {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
};

/** Takes an abandoned lock away, unless another process has just replaced it by its own. */
const clear = async (path: string, owner: string): Promise<void> => {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if ((await ownerOf(aside)) === owner) await rm(aside);
  else await rename(aside, path);
};

/** Whether the lock was free or abandoned, and is now this process's. */
const take = async (path: string): Promise<boolean> => {
  mine.add(path);
  let taken = false;
  try {
    const owner = await ownerOf(path);
    if (owner !== "" && isAbandoned(owner)) await clear(path, owner);
    taken = await create(path);
    return taken;
  } finally {
    if (!taken) mine.delete(path);
  }
};

/**
 * Keeps other processes of this machine from a file, by a second one beside it. A lock whose process has died is taken over.
 *
 * @returns what gives the lock back.
 * @throws EnrollmentError `failed-precondition` while another process, or another part of this one, has it.
 */
export const lockFile = async (file: string): Promise<() => Promise<void>> => {
  const path = `${file}.lock`;
  if (mine.has(path) || !(await take(path))) {
    throw new EnrollmentError(`${file} is in use; two runs over one journal could mail a person twice`, {
      code: "failed-precondition",
      path: "journal",
      advice: `wait for the other run; if there is none, delete ${path}`,
    });
  }
  return async () => {
    await rm(path, { force: true });
    mine.delete(path);
  };
};
