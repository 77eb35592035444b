import { randomUUID } from "node:crypto";
import { open, realpath, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { UsageError } from "./usage-error.js";

const existsAlready = (path: string) =>
  new UsageError(
    `${path} exists already, and may hold secrets that no vendor shows again`,
    "name another file with --output, or pass --overwrite",
  );

const codeOf = (error: unknown) => (error instanceof Error && "code" in error ? error.code : undefined);

/** What is at a path; undefined if nothing is. */
export const statOf = async (path: string) => {
  try {
    return await stat(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
};

/** Whether two paths lead to one file that exists. */
export const isSameFile = async (one: string, other: string): Promise<boolean> => {
  const [first, second] = await Promise.all([statOf(one), statOf(other)]);
  return first !== undefined && first.dev === second?.dev && first.ino === second.ino;
};

/**
 * Says no before anything has been sent.
 *
 * @throws UsageError if there is a file at `path` that may not be replaced.
 */
export const refuseExisting = async (path: string, overwrite = false): Promise<void> => {
  const existing = await statOf(path);
  if (existing === undefined) return;
  if (!overwrite) throw existsAlready(path);
  if (!existing.isFile()) throw new UsageError(`${path} is not a file`, "name a file with --output");
};

const create = async (path: string): Promise<FileHandle> => {
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    throw codeOf(error) === "EEXIST" ? existsAlready(path) : error;
  }
};

/** A new file with mode 0600, and the one that it is to replace, if there is one already. */
const openDraft = async (path: string, overwrite = false) => {
  await refuseExisting(path, overwrite);
  const replaced = overwrite && (await statOf(path)) !== undefined ? await realpath(path) : undefined;
  const place = replaced === undefined ? path : `${replaced}.${randomUUID()}`;
  return { file: await create(place), place, replaced };
};

/** A file that only its owner can read. */
export interface SecretFile {
  /** Resolves when the text is out of this process: a crash after that loses nothing. */
  write(content: string | Uint8Array): Promise<void>;
  /** If nothing was written, everything is as it was before. */
  close(): Promise<void>;
}

/**
 * Makes sure that a file with mode 0600 can be written, before a vendor is asked for what it shows only once. A file
 * that is there already is replaced by the first write.
 *
 * @throws UsageError if it exists and `overwrite` is not set.
 */
export const openSecretFile = async (path: string, overwrite = false): Promise<SecretFile> => {
  const { file, place, replaced } = await openDraft(path, overwrite);
  let isWritten = false;
  return {
    write: async (content) => {
      if (!isWritten && replaced !== undefined) await rename(place, replaced);
      isWritten = true;
      await file.appendFile(content);
    },
    close: async () => {
      await file.close();
      if (!isWritten) await rm(place, { force: true });
    },
  };
};

/** Fetches a secret and writes it to a file with mode 0600; without a path it is only fetched. */
export const fetchInto = async <Fetched>(
  path: string | undefined,
  overwrite: boolean | undefined,
  fetch: () => Promise<Fetched>,
  contentOf: (fetched: Fetched) => string | Uint8Array,
): Promise<Fetched> => {
  if (path === undefined) return fetch();
  const file = await openSecretFile(path, overwrite);
  try {
    const fetched = await fetch();
    await file.write(contentOf(fetched));
    return fetched;
  } finally {
    await file.close();
  }
};

/** Writes a whole file with mode 0600. */
export const writeSecretFile = async (
  path: string,
  content: string | Uint8Array,
  overwrite = false,
): Promise<void> => {
  const file = await openSecretFile(path, overwrite);
  try {
    await file.write(content);
  } finally {
    await file.close();
  }
};

/** Writes a file with mode 0600 from pieces. If they break off, everything is as it was before. */
export const writeSecretPieces = async (
  path: string,
  pieces: AsyncIterable<string>,
  overwrite = false,
): Promise<void> => {
  const { file, place, replaced } = await openDraft(path, overwrite);
  let isWhole = false;
  try {
    for await (const piece of pieces) await file.appendFile(piece);
    if (replaced !== undefined) await rename(place, replaced);
    isWhole = true;
  } finally {
    await file.close();
    if (!isWhole) await rm(place, { force: true });
  }
};
