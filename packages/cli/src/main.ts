import { run } from "./run.js";

const abort = new AbortController();
process.once("SIGINT", () => {
  abort.abort(new Error("stopped by Ctrl+C"));
});

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  folder: process.cwd(),
  isInteractive: process.stderr.isTTY && process.env["CI"] === undefined,
  signal: abort.signal,
});
