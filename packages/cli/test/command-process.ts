import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

const hooks = new URL("../../../tools/source-hooks.js", import.meta.url).href;
const register = `data:text/javascript,import { register } from "node:module"; register("${hooks}");`;
const bin = join(import.meta.dirname, "../bin/enrollkit.js");

/** The command as a shell starts it, in a process of its own. */
export const startProcess = (
  words: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  folder?: string,
) => {
  const child = spawn(process.execPath, ["--import", register, bin, ...words], {
    env: { PATH: process.env["PATH"], ...environment },
    ...(folder !== undefined && { cwd: folder }),
  });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return { child, stderr: text(child.stderr), ended: once(child, "exit") };
};
