import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import type { Clock, EnrollmentErrorCode } from "@enrollkit/core";
import { onTestFinished } from "vitest";
import { run } from "../src/run.js";
import type { ExitCode, Terminal } from "../src/terminal.js";

/** The last line of a failure: where its code is explained. */
export const moreAbout = (code: EnrollmentErrorCode): string =>
  `  more: ${join(import.meta.dirname, "../../core/errors.md")}#${code}\n`;

/** A stream that remembers what was written to it. */
export const recordingStream = () => {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk.toString());
      done();
    },
  });
  return { stream, text: () => chunks.join("") };
};

/** The machine's clock, except that waiting takes no time. */
export const hastyClock = (): Clock => {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted();
      ahead += Math.max(0, milliseconds);
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
};

/** An empty folder that goes with the test. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "enrollkit-cli-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export interface CommandResult {
  readonly exitCode: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TerminalSettings extends Partial<Omit<Terminal, "stdin" | "stdout" | "stderr">> {
  readonly stdin?: string | Readable;
}

/** Runs one command line in this process. */
export const runCommand = async (
  words: readonly string[],
  { stdin = "", ...settings }: TerminalSettings = {},
): Promise<CommandResult> => {
  const stdout = recordingStream();
  const stderr = recordingStream();
  const exitCode = await run(words, {
    stdin: typeof stdin === "string" ? Readable.from([Buffer.from(stdin)]) : stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    environment: {},
    folder: import.meta.dirname,
    isInteractive: false,
    clock: hastyClock(),
    ...settings,
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
};
