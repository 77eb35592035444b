import { PGlite } from "@electric-sql/pglite";
import { EnrollmentError } from "@enrollkit/core";
import { parsers } from "./values.js";

/** What the operating system says of a write that fails, and Node's name for it. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [/no space left on device/i, "ENOSPC"],
  [/quota exceeded/i, "EDQUOT"],
  [/file too large/i, "EFBIG"],
  [/read-only file system/i, "EROFS"],
  [/permission denied|operation not permitted/i, "EACCES"],
];

/** Emscripten's own numbers for the same; it throws them in objects that are no errors. */
const numbers: Readonly<Record<number, string>> = {
  2: "EACCES",
  19: "EDQUOT",
  22: "EFBIG",
  51: "ENOSPC",
  63: "EPERM",
  69: "EROFS",
};

/** PostgreSQL's class for failures of the system below it. */
const systemError = "58000";

const otherVersion = () =>
  new EnrollmentError("the ledger's folder was written by another version of the embedded database", {
    code: "failed-precondition",
    advice: "open it with the version of EnrollKit that wrote it; nothing was changed",
  });

const failed = (code: string) => Object.assign(new Error(`the database failed with ${code}`), { code });

const failureOf = (lastWords: string): Error =>
  lastWords.includes("database files are incompatible")
    ? otherVersion()
    : failed(reasons.find(([text]) => text.test(lastWords))?.[1] ?? systemError);

const numberOf = (thrown: unknown): number | undefined =>
  typeof thrown === "object" && thrown !== null && "errno" in thrown && typeof thrown.errno === "number"
    ? thrown.errno
    : undefined;

/**
 * Opens PGlite in a folder. Where PostgreSQL would end its process, as on a disk that is full, PGlite would spin for
 * ever at the next statement: here every statement from then on rejects with the reason. What was committed is in the
 * folder, and there when it is opened again.
 */
export const openEngine = async (folder: string): Promise<PGlite> => {
  let lastWords: string | undefined;
  const database = new PGlite({
    dataDir: folder,
    parsers,
    // Its messages on how far a recovery has come need a timer, which would keep a process alive that could not open it.
    startParams: [...PGlite.defaultStartParams, "-c", "log_startup_progress_interval=0"],
    onStderr: (line) => {
      if (/ (?:FATAL|PANIC): /.test(line)) lastWords ??= line;
      return false;
    },
  });
  const speak = database.execProtocolRawSync.bind(database);
  database.execProtocolRawSync = (message) => {
    if (lastWords !== undefined) throw failureOf(lastWords);
    return speak(message);
  };
  try {
    await database.waitReady;
  } catch (error) {
    if (lastWords !== undefined) throw failureOf(lastWords);
    throw error instanceof Error ? error : failed(numbers[numberOf(error) ?? 0] ?? systemError);
  }
  return database;
};
