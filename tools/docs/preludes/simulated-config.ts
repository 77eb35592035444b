// The config that `enrollkit simulate` writes, in this folder.
import { existsSync } from "node:fs";
import { PassThrough, Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "@enrollkit/cli";

const stop = new AbortController();
const ended = run(["simulate", "--folder", "."], {
  stdin: Readable.from([]),
  stdout: new PassThrough().resume(),
  stderr: new PassThrough().resume(),
  environment: {},
  folder: process.cwd(),
  isInteractive: false,
  signal: stop.signal,
});
while (!existsSync("enrollkit.config.json")) await sleep(20);

export const finish = async (): Promise<void> => {
  stop.abort(new Error("the page is done"));
  await ended;
};
