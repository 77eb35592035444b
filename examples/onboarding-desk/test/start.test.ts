import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";

const folder = join(import.meta.dirname, "..");
const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");

/** Where the desk of these tests has its own folders. */
let temporary = "";
const children: ChildProcess[] = [];

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "enrollkit-desk-start-"));
  await promisify(execFile)(process.execPath, [compiler, "-p", "tsconfig.build.json"], { cwd: folder });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rm(temporary, { recursive: true }));

/** What `npm start` starts, once everything is built. */
const start = (port: string) => {
  const child = spawn(process.execPath, ["dist/start.js"], {
    cwd: folder,
    env: { ...process.env, PORT: port, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (piece: string) => (text += piece));
  }
  const ended = once(child, "close") as Promise<[number | null, string | null]>;
  const until = async (line: RegExp): Promise<string> => {
    for (;;) {
      const match = line.exec(text);
      if (match !== null) return match[1] ?? match[0];
      const [happened] = await Promise.race([once(child.stdout, "data"), ended.then(() => ["ended"])]);
      if (happened === "ended") throw new Error(`it ended and said: ${text}`);
    }
  };
  return { child, ended, until, said: () => text };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
};

it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
  "opens the desk at a port of one's own, until %s",
  async (signal) => {
    const port = await freePort();
    const { child, ended, until, said } = start(`${port}`);
    const url = await until(/^The desk is open: (\S+)$/m);
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(await (await fetch(`${url}/`)).text()).toContain("<h1>Enrollments</h1>");
    expect(await readdir(temporary)).toEqual([expect.stringMatching(/^onboarding-desk-/)]);
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(said()).toMatch(/The desk is closed\.\n$/);
    // Closed and gone, with the key that only the process had.
    expect(await readdir(temporary)).toEqual([]);
  },
);

it("refuses a port that is none, and leaves nothing behind", async () => {
  const { ended, said } = start("http");
  expect((await ended)[0]).toBe(1);
  expect(said()).toContain("PORT must be a whole number from 0 to 65535");
  expect(await readdir(temporary)).toEqual([]);
});
