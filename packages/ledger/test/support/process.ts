import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

/** Runs TypeScript sources in a process of their own, so that no test needs a build. */
const runSources = new URL("../../../../tools/run-sources.js", import.meta.url).href;

/** A process of a test's own, which ends with the test at the latest. */
export interface TestProcess {
  readonly id: number;
  /** What it printed, line by line. */
  readonly lines: AsyncIterableIterator<string>;
  /** Its next line; rejects with what it complained about if it has ended. */
  nextLine(): Promise<string>;
  /** All that it printed to standard error, once it has ended. */
  readonly complaints: Promise<string>;
  /** Resolves with its exit code, or null if it was killed. */
  readonly ended: Promise<number | null>;
  /** Ends it at once, in the middle of whatever it is doing. */
  kill(): Promise<void>;
}

const endOf = async (child: ChildProcess): Promise<number | null> => {
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
};

/** Runs a command under conditions of its own: program and first arguments, which take the command's words after them. */
export type Conditions = readonly string[];

/** A process that cannot write beyond so many bytes of any file: a multiple of 1024. */
export const largestFile = (bytes: number): Conditions => [
  "bash",
  "-c",
  `ulimit -f ${bytes / 1024} && exec "$@"`,
  "bash",
];

/** The least that a disk of a process's own needs: a private mount. */
export const privateMounts = ["unshare", "--map-root-user", "--mount"] as const;

/**
 * A process to which a folder is a disk of its own.
 *
 * @param template - is copied to `database` in it.
 * @param free - bytes that a file `filler` leaves.
 */
export const smallDisk = (folder: string, template: string, free: number): Conditions => [
  ...privateMounts,
  "bash",
  "-c",
  `mount -t tmpfs -o size=64m tmpfs "$1" && cp -r "$2" "$1/database" && (yes > "$1/filler" || true) 2>/dev/null &&
    truncate --size="-$3" "$1/filler" && shift 3 && exec "$@"`,
  "bash",
  folder,
  template,
  String(free),
];

/**
 * Starts a module of this folder.
 *
 * @param settings - reaches it as JSON, in its first argument.
 */
export const startProcess = (module: string, settings: object, conditions: Conditions = []): TestProcess => {
  const [program, ...words]: readonly string[] = [
    ...conditions,
    process.execPath,
    "--import",
    runSources,
    new URL(module, import.meta.url).pathname,
    JSON.stringify(settings),
  ];
  const child = spawn(program ?? "", words, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = endOf(child);
  const complaints = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]() as AsyncIterableIterator<string>;
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  onTestFinished(kill);
  return {
    id: child.pid ?? 0,
    lines,
    nextLine: async () => {
      const line = await lines.next();
      if (line.done !== true) return line.value;
      throw new Error(`the process has ended: ${await complaints}`);
    },
    complaints,
    ended,
    kill,
  };
};
