import { run } from "./run.js";

const abort = new AbortController();
const signals = ["SIGINT", "SIGTERM"] as const;
const stop = () => {
  // Once: a second signal, whichever it is, ends the process at once, as ever.
  for (const signal of signals) process.off(signal, stop);
  abort.abort(new Error("stopped"));
};
for (const signal of signals) process.on(signal, stop);

// Whoever read the output has seen enough: `enrollkit list | head -1`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

process.exitCode = await run(process.argv.slice(2), {
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  folder: process.cwd(),
  isInteractive: process.stderr.isTTY && process.env["CI"] === undefined,
  signal: abort.signal,
});
