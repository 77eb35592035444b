import { spawn } from "node:child_process";
import { clearTimeout, setTimeout } from "node:timers";

/** Milliseconds after which a process counts as hung: nothing here is timed, for machines are shared, and slow at times. */
const patience = 600_000;

/** Runs a program to its end. @returns its exit code, and all that it has said. */
export const runProcess = (program, words, { cwd, environment }) =>
  new Promise((resolve, reject) => {
    const child = spawn(program, words, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      // A group of its own, so that what it has started ends with it.
      detached: true,
    });
    const hung = setTimeout(() => process.kill(-child.pid, "SIGKILL"), patience);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr += chunk));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(hung);
      resolve({ code, signal, stdout, stderr });
    });
  });

/** Calls `act` with each item, at most `most` at once. */
export const inParallel = async (items, most, act) => {
  const rest = [...items];
  const worker = async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item);
  };
  await Promise.all(Array.from({ length: most }, worker));
};
