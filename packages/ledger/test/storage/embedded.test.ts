import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { systemClock } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { openStorage } from "../../src/storage/storage.js";
import { emptyLedgerFolder, findTemplate, temporaryFolder } from "../support/empty-ledger.js";
import { largestFile, privateMounts, smallDisk, startProcess, type TestProcess } from "../support/process.js";

const open = (folder: string) =>
  openStorage({ place: { folder }, schema: "ledger", clock: systemClock, patience: 0 });

describe("a ledger whose process was killed", () => {
  it("holds everything that was committed, and nothing by halves", async () => {
    const folder = await emptyLedgerFolder();
    const start = async (pairs: number) => {
      const writer = startProcess("write-rows.ts", { folder, pairs });
      return { writer, rows: Number(await writer.nextLine()) };
    };
    let said = 0;
    for (const pairs of [2, 10, 30, 60]) {
      const { writer, rows } = await start(1000);
      // The last pair it may have committed, and not have come to say so.
      expect([2 * said, 2 * said + 2]).toContain(rows);
      said = rows / 2;
      const enough = said + pairs;
      for await (const line of writer.lines) {
        expect(line).toBe(String(said));
        said += 1;
        if (said === enough) await writer.kill();
      }
      expect(said).toBeGreaterThanOrEqual(enough);
    }
    const { writer, rows } = await start(2);
    expect([2 * said, 2 * said + 2]).toContain(rows);
    for (const line of [rows / 2, rows / 2 + 1, "half"]) expect(await writer.nextLine()).toBe(String(line));
    await writer.kill();

    const storage = await open(folder);
    const { rows: found } = await storage.runSql("SELECT name FROM facts");
    const names = found.map((row) => (row as { name: string }).name).sort();
    const pairs = Array.from({ length: rows / 2 + 2 }, (_, pair) => [`${pair} a`, `${pair} b`]);
    expect(names).toEqual(pairs.flat().sort());
    await storage.close();
  });
});

const diskIsFull = {
  code: "failed-precondition",
  message: "the ledger could not be written: its disk is full",
  advice: "make room, then run the same command again: it goes on where it was",
};

/** What a process says that fills a disk: twice the same, and nothing of what it wrote. */
const expectToBeFull = async (filler: TestProcess): Promise<number> => {
  const rows = Number(await filler.nextLine());
  for (const when of ["at first", "again"]) {
    const { error, inspected } = JSON.parse(await filler.nextLine()) as { error: object; inspected: string };
    expect(error, when).toMatchObject(diskIsFull);
    expect(inspected).not.toContain("jane");
  }
  return rows;
};

const isLinux = process.platform === "linux";
const hasPrivateMounts =
  isLinux && spawnSync(privateMounts[0], [...privateMounts.slice(1), "true"]).status === 0;

describe("a disk that is full", () => {
  it.skipIf(!isLinux)("is said, and what was committed stays", async () => {
    const folder = await emptyLedgerFolder();
    const filler = startProcess("fill-disk.ts", { folder }, largestFile(10 * 2 ** 20));
    const rows = await expectToBeFull(filler);
    expect(rows).toBeGreaterThan(3);
    expect([await filler.ended, await filler.complaints]).toEqual([0, ""]);
    const storage = await open(folder);
    const { rows: counted } = await storage.runSql("SELECT count(*) AS count FROM facts");
    expect(counted).toEqual([{ count: rows }]);
    await storage.close();
  });

  const needs = hasPrivateMounts ? "" : ": needs the right to mount (unshare --map-root-user --mount)";

  it.skipIf(!hasPrivateMounts)(`goes on in the same process once there is room${needs}`, async () => {
    const folder = await temporaryFolder();
    const disk = smallDisk(folder, await findTemplate(), 12 * 2 ** 20);
    const filler = startProcess("fill-disk.ts", { folder, filler: join(folder, "filler") }, disk);
    const rows = await expectToBeFull(filler);
    expect(JSON.parse(await filler.nextLine())).toMatchObject({ error: diskIsFull });
    expect(JSON.parse(await filler.nextLine())).toEqual({ count: rows });
    expect([await filler.ended, await filler.complaints]).toEqual([0, ""]);
  });

  it.skipIf(!hasPrivateMounts)(`from the start: it is said, and the process ends${needs}`, async () => {
    const folder = await temporaryFolder();
    const disk = smallDisk(folder, await findTemplate(), 4096);
    // There is a ledger in the one, and the other is to be made.
    const folders = [folder, join(folder, "new")];
    const opener = startProcess("open-folders.ts", { folders, by: "owner" }, disk);
    for (const each of folders) expect(JSON.parse(await opener.nextLine()), each).toMatchObject(diskIsFull);
    expect([await opener.ended, await opener.complaints]).toEqual([0, ""]);
  });
});
