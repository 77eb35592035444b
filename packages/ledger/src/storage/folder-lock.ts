import { createHash } from "node:crypto";
import { open, readFile, realpath, rm, stat, writeFile } from "node:fs/promises";
import { createServer, connect, type Server } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { EnrollmentError } from "@enrollkit/core";

/** Keeps other processes out of a folder until it is released, or the process ends in whatever way. */
export interface FolderLock {
  release(): Promise<void>;
}

/** Names the holder; it is no lock by itself, for it outlives a process that is killed. */
export const holderFile = "in-use-by";

/** How often the holder shows that it lives, for other machines that share the folder; milliseconds. */
const heartbeat = 15_000;
/** A holder on another machine that was silent for so long is gone. */
const silence = 60_000;

const inUse = (holder: string) =>
  new EnrollmentError(`the ledger's folder is in use by ${holder}`, {
    code: "failed-precondition",
    advice:
      "wait until it has ended; to work with several processes at once, keep the ledger on a PostgreSQL server",
  });

const nameOf = (folder: string): string =>
  `enrollkit-${createHash("sha256").update(folder).digest("hex").slice(0, 32)}`;

/**
 * An address that the operating system gives to one process, and takes back when that ends: on Linux in the abstract
 * name space, on Windows a named pipe, elsewhere a socket file.
 */
const addressOf = (name: string): string => {
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
};

const listen = (address: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });

const answers = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => {
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT");
    });
  });

/** A socket file outlives a process that was killed. */
const takeAddress = async (address: string): Promise<Server | undefined> => {
  const server = await listen(address);
  const isFile = process.platform !== "linux" && process.platform !== "win32";
  if (server !== undefined || !isFile || (await answers(address))) return server;
  await rm(address, { force: true });
  return listen(address);
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

interface Holder {
  readonly host: string;
  readonly process: number;
  /** What its address is made of. */
  readonly name: string;
  /** When it last showed that it lives: milliseconds, by the clock of the disk. */
  readonly seen: number;
}

/** None: there is no file, or only the beginning of one, for the disk was full or its writer was killed. */
const readHolder = async (file: string): Promise<Holder | undefined> => {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, "utf8"), stat(file)]);
    if (!text.endsWith("\n")) return undefined;
    const [host = "", id = "", name = ""] = text.split("\n");
    return { host, process: Number(id), name, seen: mtimeMs };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
};

/** By the clock of the disk: those of two machines that share it may differ by more than a silence. */
const timeOf = async (folder: string): Promise<number> => {
  const probe = join(folder, `${holderFile}-${process.pid}`);
  try {
    await writeFile(probe, "");
    return (await stat(probe)).mtimeMs;
  } finally {
    await rm(probe, { force: true });
  }
};

/** Whether a holder lives although this process has the address of the folder. */
const lives = async (holder: Holder, name: string, folder: string): Promise<boolean> => {
  if (holder.host !== hostname()) return (await timeOf(folder)) - holder.seen < silence;
  // To the holder the same folder may have another path: it was moved since, or is mounted twice.
  return holder.name !== "" && holder.name !== name && (await answers(addressOf(holder.name)));
};

/** Machines that share the folder may come at once: the disk lets one of them make the file. */
const writeHolder = async (file: string, text: string): Promise<void> => {
  try {
    await rm(file, { force: true });
    await writeFile(file, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    throw hasCode(error, "EEXIST") ? inUse("another process") : error;
  }
};

/** Writes the same again: the file is whole at every moment, and new. */
const touch = async (file: string, text: string): Promise<void> => {
  const handle = await open(file, "r+");
  try {
    if ((await handle.readFile("utf8")) === text) await handle.write(text, 0);
  } finally {
    await handle.close();
  }
};

/** Leaves the file alone if a process on another machine has the folder by now. */
const removeHolder = async (file: string, text: string): Promise<void> => {
  try {
    if ((await readFile(file, "utf8")) === text) await rm(file);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
};

const nameHolder = (holder: Holder | undefined): string => {
  if (holder === undefined) return "another process";
  return `process ${holder.process}${holder.host === hostname() ? "" : ` on ${holder.host}`}`;
};

/**
 * Locks a folder. A process that is killed leaves no lock behind; one on another machine that shares the folder is
 * believed to be gone after a minute of silence.
 *
 * @throws EnrollmentError `failed-precondition` if another process has the folder.
 */
export const lockFolder = async (folder: string): Promise<FolderLock> => {
  const file = join(folder, holderFile);
  const name = nameOf(await realpath(folder));
  const text = `${hostname()}\n${process.pid}\n${name}\n`;
  const server = await takeAddress(addressOf(name));
  if (server === undefined) throw inUse(nameHolder(await readHolder(file)));
  try {
    const holder = await readHolder(file);
    if (holder !== undefined && (await lives(holder, name, folder))) throw inUse(nameHolder(holder));
    await writeHolder(file, text);
  } catch (error) {
    server.close();
    throw error;
  }
  const beat = setInterval(() => {
    // A disk that is full or gone shows itself in the next statement.
    touch(file, text).catch(() => undefined);
  }, heartbeat);
  beat.unref();
  return {
    release: async () => {
      clearInterval(beat);
      try {
        await removeHolder(file, text);
      } finally {
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
};
