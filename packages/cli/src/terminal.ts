import type { Readable, Writable } from "node:stream";
import type { Clock } from "@enrollkit/core";

/** Everything a command needs of the world: a test hands in its own. */
export interface Terminal {
  readonly stdin: Readable;
  /** Results. */
  readonly stdout: Writable;
  /** Progress, remarks and errors. */
  readonly stderr: Writable;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where relative paths start. */
  readonly folder: string;
  /** Whether a person looks at stderr, so that a progress bar makes sense. */
  readonly isInteractive: boolean;
  /** Aborts when the person presses Ctrl+C. */
  readonly signal?: AbortSignal;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
}

/** Exit codes, as `enrollkit --help` explains them. */
export const exitCodes = {
  /** Everything was done. */
  done: 0,
  /** Some rows failed. */
  someFailed: 1,
  /** The command line, an input file or the config is wrong. */
  usage: 2,
  /** A vendor or the ledger refused, or cannot be reached. */
  vendor: 3,
  /** Stopped by Ctrl+C: 128 and the number of SIGINT, as shells have it. */
  stopped: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Options that every command has. */
export interface GlobalOptions {
  readonly config: string;
  readonly json?: true;
  readonly debug?: true;
  /** Tells on stderr of every call to a vendor. */
  readonly trace?: true;
}

export const writeLine = (stream: Writable, text: string): void => {
  stream.write(`${text}\n`);
};

/** Prints a result: the data as JSON, or its words. */
export const printResult = (
  { stdout }: Terminal,
  { json }: Pick<GlobalOptions, "json">,
  data: unknown,
  words: () => string,
): void => {
  writeLine(stdout, json ? JSON.stringify(data, undefined, 2) : words());
};
