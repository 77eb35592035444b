import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const isOver = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null;

/** A process that is killed again and again, and started anew each time. */
export interface Victim {
  /** What it has said so far, over all its lives: how often each thing. */
  readonly said: ReadonlyMap<string, number>;
  /** Resolves once the process of the moment has said something for the first time; at once if it has ended. */
  awake(): Promise<void>;
  /** Whether it has come to its end by itself. */
  hasFinished(): boolean;
  /** Kills it, at whatever it is; the next one starts at once. */
  replace(): Promise<void>;
  suspend(): void;
  resume(): void;
  stop(): Promise<void>;
}

/** @param module - of this folder. */
export const startVictim = (module: string, settings: object): Victim => {
  const said = new Map<string, number>();
  const complaints: string[] = [];
  let hasSpoken = false;
  const start = (): ChildProcess => {
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), [JSON.stringify(settings)], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    hasSpoken = false;
    child.on("message", (word: string) => {
      hasSpoken = true;
      said.set(word, (said.get(word) ?? 0) + 1);
    });
    child.stderr?.on("data", (text: Buffer) => complaints.push(text.toString("utf8")));
    return child;
  };
  const kill = async (child: ChildProcess) => {
    if (isOver(child)) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  const refuseFailure = ({ exitCode }: ChildProcess) => {
    if (exitCode === null || exitCode === 0) return;
    throw new Error(`${module} ended with ${exitCode}:\n${complaints.join("")}`);
  };
  let child = start();
  return {
    said,
    awake: async () => {
      if (hasSpoken || isOver(child)) return;
      const heard = new AbortController();
      const { signal } = heard;
      await Promise.race([once(child, "message", { signal }), once(child, "exit", { signal })]);
      heard.abort();
    },
    hasFinished: () => {
      refuseFailure(child);
      return child.exitCode === 0;
    },
    replace: async () => {
      refuseFailure(child);
      await kill(child);
      child = start();
    },
    suspend: () => {
      child.kill("SIGSTOP");
    },
    resume: () => {
      child.kill("SIGCONT");
    },
    stop: () => kill(child),
  };
};
