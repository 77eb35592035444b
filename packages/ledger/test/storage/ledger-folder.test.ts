import { access, chmod, mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EnrollmentError, systemClock } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { ensureDatabase, prepareFolder } from "../../src/storage/ledger-folder.js";
import { openStorage, type Storage } from "../../src/storage/storage.js";
import { emptyLedgerFolder, temporaryFolder } from "../support/empty-ledger.js";
import { startProcess } from "../support/process.js";

const open = (folder: string): Promise<Storage> =>
  openStorage({ place: { folder }, schema: "ledger", clock: systemClock, patience: 0 });

const refusalOf = async (folder: string) => {
  const error: unknown = await open(folder).catch((reason: unknown) => reason);
  if (!EnrollmentError.is(error)) throw new Error("the folder was not refused");
  expect(error.code).toBe("failed-precondition");
  return error.message;
};

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe("a ledger's folder", () => {
  it("is made for its owner alone, with the folders above it", async () => {
    const folder = join(await temporaryFolder(), "made", "on the way");
    const storage = await open(folder);
    expect((await readdir(folder)).sort()).toEqual(["database", "in-use-by"]);
    for (const path of [folder, join(folder, "database")]) {
      expect((await stat(path)).mode & 0o777, path).toBe(0o700);
    }
    await storage.runSql("INSERT INTO facts VALUES ('a', 'b', false)");
    await storage.close();
    expect(await readdir(folder)).toEqual(["database"]);

    const again = await open(folder);
    expect((await again.runSql("SELECT name FROM facts")).rows).toEqual([{ name: "a" }]);
    await again.close();
  });

  it("has a whole database or none", async () => {
    const folder = await temporaryFolder();
    const stop = new Error("stop");
    const half = ensureDatabase(folder, async (empty) => {
      await writeFile(join(empty, "PG_VERSION"), "18\n");
      throw stop;
    });
    await expect(half).rejects.toBe(stop);
    expect(await isThere(join(folder, "database"))).toBe(false);
    await prepareFolder(folder);
    let before: readonly string[] = [];
    await ensureDatabase(folder, async (empty) => {
      before = await readdir(empty);
      await writeFile(join(empty, "whole"), "");
    });
    expect(before).toEqual([]);
    expect(await readdir(folder)).toEqual(["database"]);
    expect(await readdir(join(folder, "database"))).toEqual(["whole"]);
    await ensureDatabase(folder, () => Promise.reject(stop));
  });

  it.each([
    ["is a file", "file", "cannot be made (EEXIST)"],
    ["lies under a file", "file/ledger", "cannot be made (ENOTDIR)"],
    ["has too long a name", "x".repeat(300), "cannot be made (ENAMETOOLONG)"],
    ["holds somebody's files", "documents", "holds other files, and no ledger"],
    ["holds a folder of the database's name", "project", "holds other files, and no ledger"],
  ])("that %s is refused", async (_, name, problem) => {
    const parent = await temporaryFolder();
    await writeFile(join(parent, "file"), "");
    await mkdir(join(parent, "documents"));
    await writeFile(join(parent, "documents", "letter.txt"), "");
    await mkdir(join(parent, "project", "database"), { recursive: true });
    const folder = join(parent, name);
    expect(await refusalOf(folder)).toBe(`the ledger's folder ${problem}`);
    expect(await isThere(join(folder, "in-use-by"))).toBe(false);
  });

  it.skipIf(process.platform !== "linux")("in a file system that takes none is refused", async () => {
    expect(await refusalOf("/proc/ledger")).toBe("the ledger's folder cannot be made (ENOENT)");
  });

  it("may hold what systems leave in any folder", async () => {
    const folder = await emptyLedgerFolder();
    await writeFile(join(folder, "notes.txt"), "");
    await (await open(folder)).close();
    expect((await readdir(folder)).sort()).toEqual(["database", "notes.txt"]);
  });

  it("written by another version of the embedded database is refused", async () => {
    const folder = await emptyLedgerFolder();
    await writeFile(join(folder, "database", "PG_VERSION"), "12\n");
    expect(await refusalOf(folder)).toBe(
      "the ledger's folder was written by another version of the embedded database",
    );
    expect(await readdir(folder)).toEqual(["database"]);
  });

  it.skipIf(process.platform === "win32")("that may not be written is refused until it may", async () => {
    const parent = await temporaryFolder();
    const folders = {
      "an empty folder": join(parent, "empty"),
      "a folder to be made": join(parent, "new"),
      "a folder that may not even be read": join(parent, "closed"),
      "a folder with a ledger": await emptyLedgerFolder(),
    };
    await mkdir(folders["an empty folder"]);
    await mkdir(folders["a folder that may not even be read"]);
    await chmod(folders["an empty folder"], 0o555);
    await chmod(folders["a folder that may not even be read"], 0o000);
    await chmod(folders["a folder with a ledger"], 0o555);
    await chmod(parent, 0o555);
    const opener = startProcess("open-folders.ts", { folders: Object.values(folders), by: "other" });
    for (const title of Object.keys(folders)) {
      expect(JSON.parse(await opener.nextLine()), title).toMatchObject({
        code: "failed-precondition",
        message: "the ledger could not be written: it is read-only",
        advice: "make its folder or database writable, or name another",
      });
    }
    expect([await opener.ended, await opener.complaints]).toEqual([0, ""]);

    await chmod(parent, 0o755);
    for (const [title, folder] of Object.entries(folders)) {
      if (await isThere(folder)) await chmod(folder, 0o755);
      const storage = await open(folder);
      await storage.runSql("INSERT INTO facts VALUES ('a', 'b', false)");
      expect((await storage.runSql("SELECT name FROM facts")).rows, title).toEqual([{ name: "a" }]);
      await storage.close();
    }
  });
});
