import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

const runSources = new URL("../../../tools/run-sources.js", import.meta.url).href;
const bin = join(import.meta.dirname, "../bin/enrollkit.js");

/** The command as a shell starts it, in a process of its own. */
export const startProcess = (
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  folder?: string,
) => {
  const child = spawn(process.execPath, ["--import", runSources, bin, ...words], {
    env: { PATH: process.env["PATH"], ...environment },
    ...(folder !== undefined && { cwd: folder }),
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return { child, stderr: text(child.stderr), ended: once(child, "exit") };
};
