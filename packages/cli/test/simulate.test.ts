import { once } from "node:events";
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCommand, temporaryFolder } from "./test-terminal.js";

/** Runs `simulate` until the work is done, then presses Ctrl+C. */
const whileSimulating = async (folder: string, words: readonly string[], work: () => Promise<void>) => {
  const person = new AbortController();
  const running = runCommand(["simulate", ...words], { folder, signal: person.signal });
  const config = join(folder, "enrollkit-simulation", "enrollkit.config.json");
  while (!existsSync(config)) await new Promise((resolve) => setTimeout(resolve, 5));
  try {
    await work();
  } finally {
    person.abort(new Error("stopped"));
  }
  return running;
};

describe("simulate", () => {
  it("runs the vendors until Ctrl+C, with a config that works anywhere", async () => {
    const folder = await temporaryFolder();
    const config = join(folder, "enrollkit-simulation", "enrollkit.config.json");
    const { exitCode, stdout, stderr } = await whileSimulating(folder, ["--json"], async () => {
      const elsewhere = await temporaryFolder();
      const checked = await runCommand(["--config", config, "check", "--json"], { folder: elsewhere });
      expect(checked.exitCode).toBe(0);
      expect(JSON.parse(checked.stdout)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    });
    expect([exitCode, stderr]).toEqual([0, "running; Ctrl+C stops it\n"]);
    const { addresses, config: told } = JSON.parse(stdout) as {
      addresses: Record<string, string>;
      config: string;
    };
    expect(told).toBe(config);
    expect(Object.keys(addresses)).toEqual(["eset-connect", "android-management", "applivery"]);
    for (const address of Object.values(addresses)) {
      await expect(fetch(address)).rejects.toThrow("fetch failed");
    }
  });

  it("its files are for the owner alone, and may be written again", async () => {
    const folder = await temporaryFolder();
    for (let run = 1; run <= 2; run += 1) {
      const { exitCode, stdout } = await whileSimulating(folder, [], () => Promise.resolve());
      expect(exitCode).toBe(0);
      expect(stdout).toContain(
        `enrollkit --config ${join(folder, "enrollkit-simulation/enrollkit.config.json")} check`,
      );
    }
    const inside = join(folder, "enrollkit-simulation");
    expect((await stat(inside)).mode & 0o777).toBe(0o700);
    const names = await readdir(inside);
    expect(names).toHaveLength(13);
    for (const name of names) expect((await stat(join(inside, name))).mode & 0o777).toBe(0o600);
  });

  it("its ledger works too, and keeps its key when it is started again", async () => {
    const folder = await temporaryFolder();
    const inside = join(folder, "enrollkit-simulation");
    const config = join(inside, "enrollkit.config.json");
    await whileSimulating(folder, [], async () => {
      const words = ["create", "--profile", "sales", "--key", "row-1", "--config", config];
      expect(await runCommand(words)).toMatchObject({ exitCode: 0 });
    });
    const key = await readFile(join(inside, "ledger-key"), "utf8");
    await whileSimulating(folder, [], () => Promise.resolve());
    expect(await readFile(join(inside, "ledger-key"), "utf8")).toBe(key);
    const { stdout } = await runCommand(["status", "--json", "--config", config]);
    expect(JSON.parse(stdout)).toMatchObject({ records: [{ key: "row-1" }], more: 0 });
    expect(await readFile(config, "utf8")).toMatch(
      /\/\/ .*nobody else makes tokens.*\n +"lostTokens": "revoke"/,
    );
  });

  it("a port that is taken is named, and nothing stays behind", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const folder = await temporaryFolder();
    const { exitCode, stdout, stderr } = await runCommand(["simulate", "--port", String(port - 1)], {
      folder,
    });
    server.close();
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      `error: one of the ports ${port - 1}, ${port} and ${port + 1} is in use\n  → name another with --port, or leave it out\n`,
    );
    expect(await readdir(folder)).toEqual([]);
    await expect(fetch(`http://127.0.0.1:${port - 1}`)).rejects.toThrow("fetch failed");
  });
});
