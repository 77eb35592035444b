import { open, realpath, rename, rm, type FileHandle } from "node:fs/promises";
import { quote } from "@enrollkit/core";
import { UsageError } from "./usage-error.js";
import { createLineReader, wholeLines, type FoundLine, type LinePlace } from "./line-index.js";
import { statOf } from "./secret-file.js";

/** Finds the last line that a file has for a row, by the row's index. */
export type FindLine = (index: number) => Promise<string | undefined>;

/** The file of a run's outcomes: several starts of the run write into it, one after another. */
export interface RunFile {
  /**
   * Adds the lines of some rows. When it resolves they are on the disk.
   *
   * @param lines - without line breaks; each begins as {@link lineStart} says.
   */
  append(lines: readonly string[]): Promise<void>;
  /** Puts these lines in the place of all that were added. If they break off, everything stays as it was. */
  rewrite(lines: (find: FindLine) => AsyncIterable<string>): Promise<void>;
  /** A file that was made for nothing goes again. */
  close(): Promise<void>;
}

export interface RunFileOptions {
  /** The run's name. */
  readonly run: string;
  /** How many rows it has. */
  readonly rows: number;
  /** Whether the ledger knows the run from an earlier start. */
  readonly isKnown: boolean;
  /** Whether a file of something else may be replaced. */
  readonly overwrite: boolean;
}

/** How each line of a run begins: so a file is known for the run's own, also by a line that was torn. */
export const lineStart = (run: string): string => `{"run":${JSON.stringify(run)},`;

/** The row that a line of the run is about; undefined if it is none. */
const indexOf = (text: string, { run, rows }: RunFileOptions): number | undefined => {
  if (!text.startsWith(lineStart(run))) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
  const { index } = value as { readonly index?: unknown };
  return Number.isInteger(index) && Number(index) >= 0 && Number(index) < rows ? Number(index) : undefined;
};

/** Looks through the file, line by line. */
const scan = async (file: FileHandle, hear: (line: FoundLine) => void): Promise<FoundLine> => {
  const lines = wholeLines(file);
  for (;;) {
    const next = await lines.next();
    if (next.done === true) return next.value;
    hear(next.value);
  }
};

const notOfThisRun = (path: string, { run, isKnown }: RunFileOptions, line: number) =>
  new UsageError(
    isKnown
      ? `${path} exists already, and its line ${line} is not an outcome of run ${quote(run)}`
      : `${path} exists already, and the ledger does not know run ${quote(run)} yet`,
    "name another file with --output, or pass --overwrite",
  );

/**
 * Whether the file is the run's own. A last line that was torn, because its process was killed while it wrote, is cut off.
 *
 * @throws UsageError if it is something else.
 */
const continueFile = async (file: FileHandle, path: string, options: RunFileOptions): Promise<void> => {
  const { size } = await file.stat();
  if (size === 0) return;
  if (!options.isKnown) throw notOfThisRun(path, options, 1);
  const rest = await scan(file, ({ text, line }) => {
    if (indexOf(text, options) === undefined) throw notOfThisRun(path, options, line);
  });
  if (rest.length === 0) return;
  const start = lineStart(options.run);
  if (!rest.text.startsWith(start.slice(0, rest.text.length))) throw notOfThisRun(path, options, rest.line);
  await file.truncate(rest.start);
};

/** A file that takes the place of another. What an earlier process left of one is of no use to anybody. */
const makeDraft = async (path: string): Promise<FileHandle> => {
  await rm(path, { force: true });
  return open(path, "ax+", 0o600);
};

/** The file to write, and the one whose place it is to take. */
interface Opened {
  readonly file: FileHandle;
  /** Where it is removed from if nothing was written. */
  readonly made: string | undefined;
  readonly replaces: string | undefined;
}

const openOrMake = async (path: string, options: RunFileOptions): Promise<Opened> => {
  const existing = await statOf(path);
  if (existing?.isFile() === false)
    throw new UsageError(`${path} is not a file`, "name a file with --output");
  if (existing === undefined) {
    return { file: await open(path, "ax+", 0o600), made: path, replaces: undefined };
  }
  const file = await open(path, "a+");
  try {
    await continueFile(file, path, options);
    return { file, made: undefined, replaces: undefined };
  } catch (error) {
    await file.close();
    if (!(error instanceof UsageError) || !options.overwrite) throw error;
  }
  const replaces = await realpath(path);
  const made = draftOf(replaces);
  return { file: await makeDraft(made), made, replaces };
};

const draftOf = (path: string): string => `${path}.enrollkit-new`;

/**
 * Opens the outcomes of a run: those of an earlier start are gone on with, anything else is left alone, or replaced by the
 * first line.
 *
 * @throws UsageError if there is a file that is not the run's own, and `overwrite` is not set.
 */
export const openRunFile = async (path: string, options: RunFileOptions): Promise<RunFile> => {
  const { file, made, replaces } = await openOrMake(path, options);
  let { size } = await file.stat();
  let writing: Promise<void> = Promise.resolve();
  let isInUse = false;

  const write = async (text: string): Promise<void> => {
    if (!isInUse && made !== undefined && replaces !== undefined) await rename(made, replaces);
    isInUse = true;
    try {
      await file.appendFile(text);
      await file.datasync();
    } catch (error) {
      // The disk is full: half a line must not stand before the next one.
      await file.truncate(size);
      // It does not say which file it is about.
      throw error instanceof Error ? Object.assign(error, { path }) : error;
    }
    ({ size } = await file.stat());
  };

  const findLines = async (): Promise<FindLine> => {
    const starts = new Float64Array(options.rows).fill(-1);
    const lengths = new Uint32Array(options.rows);
    await scan(file, ({ text, start, length }) => {
      const index = indexOf(text, options);
      if (index === undefined) return;
      starts[index] = start;
      lengths[index] = length;
    });
    const read = createLineReader(file);
    return async (index) => {
      const place: LinePlace = { start: starts[index] ?? -1, length: lengths[index] ?? 0 };
      return place.start === -1 ? undefined : read(place);
    };
  };

  return {
    append: (lines) => {
      writing = writing.then(() => write(lines.map((line) => `${line}\n`).join("")));
      return writing;
    },
    rewrite: async (lines) => {
      await writing;
      const place = replaces ?? (await realpath(path));
      const draft = await makeDraft(draftOf(place));
      try {
        for await (const line of lines(await findLines())) await draft.appendFile(`${line}\n`);
        await draft.datasync();
        await rename(draftOf(place), place);
        isInUse = true;
      } catch (error) {
        await rm(draftOf(place), { force: true });
        throw error;
      } finally {
        await draft.close();
      }
    },
    close: async () => {
      await file.close();
      if (!isInUse && made !== undefined) await rm(made, { force: true });
    },
  };
};
