import { open, rm, type FileHandle } from "node:fs/promises";
import { UsageError } from "./failure.js";

/** A file that only its owner can read, written a line at a time. */
export interface SecretFile {
  writeLine(text: string): Promise<void>;
  close(): Promise<void>;
}

/** Lines are gathered to this many characters before they go to the disk. */
const chunkSize = 16_384;

const openOwn = async (path: string, overwrite: boolean): Promise<FileHandle> => {
  // Removed first: an existing file would keep its old mode.
  if (overwrite) await rm(path, { force: true });
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UsageError(
      `${path} exists already, and may hold secrets that no vendor shows again`,
      "name another file with --output, or pass --overwrite",
    );
  }
};

/**
 * Creates a file with mode 0600.
 *
 * @throws UsageError if it exists and `overwrite` is not set.
 */
export const createSecretFile = async (path: string, overwrite = false): Promise<SecretFile> => {
  const file = await openOwn(path, overwrite);
  let pending = "";
  const flush = async () => {
    const text = pending;
    pending = "";
    if (text !== "") await file.appendFile(text, "utf8");
  };
  return {
    writeLine: async (text) => {
      pending += `${text}\n`;
      if (pending.length >= chunkSize) await flush();
    },
    close: async () => {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
};

/** Writes a whole file with mode 0600. */
export const writeSecretFile = async (
  path: string,
  content: string | Uint8Array,
  overwrite = false,
): Promise<void> => {
  const file = await openOwn(path, overwrite);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
};
