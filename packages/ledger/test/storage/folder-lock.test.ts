import { mkdir, readdir, readFile, rename, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, relative } from "node:path";
import { EnrollmentError } from "@enrollkit/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { lockFolder } from "../../src/storage/folder-lock.js";
import { temporaryFolder } from "../support/empty-ledger.js";
import { startProcess } from "../support/process.js";

const { platform } = process;

/** Where the kernel has names for sockets, that of other systems, a socket file, works as well. */
const platforms = platform === "linux" ? (["linux", "darwin"] as const) : [platform];

const refusalOf = async (folder: string): Promise<string> => {
  const error: unknown = await lockFolder(folder).catch((reason: unknown) => reason);
  if (!EnrollmentError.is(error)) throw new Error("the folder was not refused");
  expect(error).toMatchObject({
    code: "failed-precondition",
    advice:
      "wait until it has ended; to work with several processes at once, keep the ledger on a PostgreSQL server",
  });
  return error.message;
};

const inUseBy = (holder: string) => `the ledger's folder is in use by ${holder}`;

/** Locks a folder, and releases it again. */
const visit = async (folder: string): Promise<void> => {
  await (await lockFolder(folder)).release();
};

describe.each(platforms)("a folder's lock, as on %s", (system) => {
  beforeEach(() => {
    Object.defineProperty(process, "platform", { value: system });
  });
  afterEach(() => {
    Object.defineProperty(process, "platform", { value: platform });
  });

  it("keeps another process out until that is killed", async () => {
    const folder = await temporaryFolder();
    const other = startProcess("hold-lock.ts", { folder, platform: system });
    expect(await other.nextLine()).toBe("locked");
    expect(await refusalOf(folder)).toBe(inUseBy(`process ${other.id}`));
    await other.kill();
    const lock = await lockFolder(folder);
    expect(await refusalOf(folder)).toBe(inUseBy(`process ${process.pid}`));
    await lock.release();
  });

  it("keeps a second one of the same process out until it is released", async () => {
    const folder = await temporaryFolder();
    const lock = await lockFolder(folder);
    expect(await refusalOf(folder)).toBe(inUseBy(`process ${process.pid}`));
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
    await visit(folder);
  });

  it("may be released twice, and then leaves the next one alone", async () => {
    const folder = await temporaryFolder();
    const first = await lockFolder(folder);
    await first.release();
    await first.release();
    await visit(folder);
  });

  it("holds of two folders at once", async () => {
    const one = await lockFolder(await temporaryFolder());
    const other = await lockFolder(await temporaryFolder());
    await one.release();
    await other.release();
  });

  it("is the same by a relative path, by a symbolic link, and after the folder was moved", async () => {
    const parent = await temporaryFolder();
    const folder = join(parent, "ledger");
    const link = join(parent, "link");
    const moved = join(parent, "moved");
    await mkdir(folder);
    await symlink(folder, link);
    const lock = await lockFolder(folder);
    expect(await refusalOf(relative(process.cwd(), folder))).toBe(inUseBy(`process ${process.pid}`));
    expect(await refusalOf(link)).toBe(inUseBy(`process ${process.pid}`));
    await rename(folder, moved);
    expect(await refusalOf(moved)).toBe(inUseBy(`process ${process.pid}`));
    await lock.release();
    await visit(moved);
  });
});

describe("the file that names the holder", () => {
  const holderFile = (folder: string) => join(folder, "in-use-by");

  /** As a process leaves it that last showed so many seconds ago that it lives. */
  const leave = async (folder: string, text: string, age: number) => {
    await writeFile(holderFile(folder), text);
    const seen = Date.now() / 1000 - age;
    await utimes(holderFile(folder), seen, seen);
  };

  it.each([0, 50, -3600])("of another machine, %i seconds old: refused", async (age) => {
    const folder = await temporaryFolder();
    await leave(folder, "elsewhere\n42\nenrollkit-x\n", age);
    expect(await refusalOf(folder)).toBe(inUseBy("process 42 on elsewhere"));
    expect(await readFile(holderFile(folder), "utf8")).toBe("elsewhere\n42\nenrollkit-x\n");
    expect(await readdir(folder)).toEqual(["in-use-by"]);
  });

  it.each([
    ["of another machine, a minute old", "elsewhere\n42\nenrollkit-x\n", 61],
    ["of a process of this machine that was killed", `${hostname()}\n42\nenrollkit-x\n`, 0],
    ["cut off, for the disk was full", "", 0],
    ["cut off in the middle", "elsewh", 0],
  ])("%s: taken over", async (_, text, age) => {
    const folder = await temporaryFolder();
    await leave(folder, text, age);
    const lock = await lockFolder(folder);
    const [host, id] = (await readFile(holderFile(folder), "utf8")).split("\n");
    expect([host, id]).toEqual([hostname(), String(process.pid)]);
    expect((await stat(holderFile(folder))).mode & 0o777).toBe(0o600);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("a holder that cannot write it leaves no lock behind", async () => {
    const folder = await temporaryFolder();
    await mkdir(holderFile(folder));
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: "EISDIR" });
    await rename(holderFile(folder), join(folder, "away"));
    await visit(folder);
  });

  describe("while it is held", () => {
    beforeEach(() => {
      vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    it("is renewed every 15 seconds", async () => {
      const folder = await temporaryFolder();
      const lock = await lockFolder(folder);
      const text = await readFile(holderFile(folder), "utf8");
      await utimes(holderFile(folder), 1, 1);
      vi.advanceTimersByTime(14_999);
      expect((await stat(holderFile(folder))).mtimeMs).toBe(1000);
      vi.advanceTimersByTime(1);
      while ((await stat(holderFile(folder))).mtimeMs === 1000);
      expect(await readFile(holderFile(folder), "utf8")).toBe(text);
      await lock.release();
      expect(vi.getTimerCount()).toBe(0);
    });

    it("belongs to whoever took it over after a silence", async () => {
      const folder = await temporaryFolder();
      const lock = await lockFolder(folder);
      const taken = "elsewhere\n42\nenrollkit-x\n";
      await writeFile(holderFile(folder), taken);
      await utimes(holderFile(folder), 1, 1);
      vi.advanceTimersByTime(60_000);
      await lock.release();
      expect(await readFile(holderFile(folder), "utf8")).toBe(taken);
      expect((await stat(holderFile(folder))).mtimeMs).toBe(1000);
    });
  });
});
