import { open, type FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { EnrollmentError, systemClock, toIsoInstant, type Clock } from "@enrollkit/core";
import * as z from "zod";
import { createStandings, type MailJournal, type MailResult } from "./journal.js";
import { lockFile } from "./lock-file.js";

/** A journal in a file, open until it is closed. */
export interface MailJournalFile extends MailJournal {
  /** Waits for what is being written, and lets other processes open the file. */
  close(): Promise<void>;
}

const format = "enrollkit-mail-journal-1";
const header = z.object({ format: z.literal(format) });
const entry = z.object({
  event: z.enum(["begun", "sent", "failed", "unknown"]),
  mail: z.string().regex(/^[\w-]{43}$/),
});

const firstLine = `${JSON.stringify({ format })}\n`;

const refuse = (path: string, line: number) =>
  new EnrollmentError(`line ${line} is not a mail journal's; nothing was changed, and nothing is sent`, {
    code: "invalid-config",
    path: "journal",
    advice: `check that ${path} is the right file`,
  });

const parseLine = <Schema extends z.ZodType>(schema: Schema, text: string, path: string, line: number) => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw refuse(path, line);
    throw error;
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw refuse(path, line);
  return parsed.data;
};

/** Reads what is there. A last line without its end was being written when the process died: it never counted. */
const readJournal = async (file: FileHandle, path: string) => {
  const content = await file.readFile("utf8");
  const whole = content.slice(0, content.lastIndexOf("\n") + 1);
  if (whole === "" && !firstLine.startsWith(content)) throw refuse(path, 1);
  const standings = createStandings();
  for (const [index, text] of whole.split("\n").slice(0, -1).entries()) {
    if (index === 0) parseLine(header, text, path, 1);
    else {
      const { event, mail } = parseLine(entry, text, path, index + 1);
      standings.record(mail, event);
    }
  }
  return { standings, whole };
};

/** Makes the name of a new file survive a power failure, where the system has a way to. */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === "win32") return;
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

const prepareFile = async (file: FileHandle, path: string) => {
  const { standings, whole } = await readJournal(file, path);
  await file.truncate(Buffer.byteLength(whole));
  if (whole === "") {
    await file.appendFile(firstLine);
    await file.sync();
    await syncFolder(path);
  }
  return standings;
};

/**
 * Opens a journal in a file of JSON Lines, or begins one. Each entry is on the disk before the call that made it returns.
 * The file holds fingerprints and times, no address and no secret; it is made for its owner alone (0600). One process at
 * a time: a second one is refused, and a file `<path>.lock` says who has it.
 *
 * @throws EnrollmentError `failed-precondition` while another run has it open; `invalid-config` if the file is something
 *   else: it is then left as it is.
 */
export const openMailJournal = async (
  path: string,
  clock: Pick<Clock, "now"> = systemClock,
): Promise<MailJournalFile> => {
  const location = resolve(path);
  const unlock = await lockFile(location);
  const file = await open(location, "a+", 0o600).catch(async (error: unknown) => {
    await unlock();
    throw error;
  });
  const release = async () => {
    await file.close();
    await unlock();
  };
  const standings = await prepareFile(file, location).catch(async (error: unknown) => {
    await release();
    throw error;
  });

  // One after the other. When one fails all that follow do: behind half a line nothing can be read.
  let written = Promise.resolve();
  const append = (mail: string, event: "begun" | MailResult): Promise<void> => {
    standings.record(mail, event);
    const line = `${JSON.stringify({ event, mail, at: toIsoInstant(clock.now()) })}\n`;
    written = written.then(async () => {
      await file.appendFile(line);
      await file.datasync();
    });
    return written;
  };

  return {
    begin: async (fingerprint, inDoubt) => {
      const standing = standings.ask(fingerprint, inDoubt);
      if (standing === "begun") await append(fingerprint, "begun");
      return standing;
    },
    finish: append,
    close: async () => {
      try {
        await written;
      } finally {
        await release();
      }
    },
  };
};
