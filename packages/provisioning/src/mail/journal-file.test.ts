import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openMailJournal } from "./journal-file.js";

const clock = { now: () => Date.parse("2026-09-20T10:00:00Z") };
const mail = (letter: string) => letter.repeat(43);

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrollkit-journal-"));
  path = join(folder, "mails.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

const withJournal = async <Result>(
  use: (journal: Awaited<ReturnType<typeof openMailJournal>>) => Promise<Result>,
) => {
  const journal = await openMailJournal(path, clock);
  try {
    return await use(journal);
  } finally {
    await journal.close();
  }
};

/** What a next process would be told of each mail. */
const standingsOf = (...letters: readonly string[]) =>
  withJournal(async (journal) => {
    const standings: string[] = [];
    for (const letter of letters) standings.push(await journal.begin(mail(letter), "leave"));
    return standings;
  });

describe("openMailJournal", () => {
  it("remembers what became of each mail, for its owner alone", async () => {
    await withJournal(async (journal) => {
      for (const letter of ["a", "b", "c", "d"]) await journal.begin(mail(letter), "leave");
      await Promise.all([
        journal.finish(mail("a"), "sent"),
        journal.finish(mail("b"), "failed"),
        journal.finish(mail("c"), "unknown"),
      ]);
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await standingsOf("a", "b", "c", "d", "e")).toEqual([
      "already-sent",
      "begun",
      "in-doubt",
      "in-doubt",
      "begun",
    ]);
  });

  it("begins what is in doubt again where that is asked for, and never what was sent", async () => {
    await withJournal(async (journal) => {
      await journal.begin(mail("a"), "leave");
      expect(await journal.begin(mail("a"), "resend")).toBe("begun");
      await journal.finish(mail("a"), "sent");
      expect(await journal.begin(mail("a"), "resend")).toBe("already-sent");
    });
  });

  it("writes one line each", async () => {
    await withJournal(async (journal) => {
      await journal.begin(mail("a"), "leave");
      await journal.finish(mail("a"), "sent");
    });
    expect(await readFile(path, "utf8")).toBe(
      [
        '{"format":"enrollkit-mail-journal-1"}',
        `{"event":"begun","mail":"${mail("a")}","at":"2026-09-20T10:00:00.000Z"}`,
        `{"event":"sent","mail":"${mail("a")}","at":"2026-09-20T10:00:00.000Z"}`,
        "",
      ].join("\n"),
    );
  });

  it("never forgets a mail that may have gone out, wherever a dying process stopped writing", async () => {
    await withJournal(async (journal) => {
      await journal.begin(mail("a"), "leave");
      await journal.finish(mail("a"), "sent");
      await journal.begin(mail("b"), "leave");
    });
    const whole = await readFile(path, "utf8");
    const lines = whole.split("\n");
    const ends = Array.from(whole.matchAll(/\n/g), ({ index }) => index);
    for (const length of [0, 1, ...ends.flatMap((end) => [end - 20, end, end + 1])]) {
      await writeFile(path, whole);
      await truncate(path, length);
      const complete = whole.slice(0, length).split("\n").length - 1;
      const expected =
        complete >= 4
          ? ["already-sent", "in-doubt"]
          : complete === 3
            ? ["already-sent", "begun"]
            : complete === 2
              ? ["in-doubt", "begun"]
              : ["begun", "begun"];
      expect([length, await standingsOf("a", "b")]).toEqual([length, expected]);
      expect((await readFile(path, "utf8")).startsWith(lines.slice(0, complete).join("\n"))).toBe(true);
    }
  });

  it.each([
    ["a letter", 'Dear Ana,\n"hello"\n', 1],
    ["a note without an end", "Dear Ana", 1],
    ["other JSON", '{"format":"something else"}\n', 1],
    ["an entry of another kind", '{"format":"enrollkit-mail-journal-1"}\n{"event":"read","mail":"x"}\n', 2],
    ["a broken entry", '{"format":"enrollkit-mail-journal-1"}\n{"event":\n{}\n', 2],
  ])("refuses %s, and leaves it alone", async (_, content, line) => {
    await writeFile(path, content);
    await expect(openMailJournal(path)).rejects.toMatchObject({
      code: "invalid-config",
      path: "journal",
      message: expect.stringContaining(`line ${line} `) as string,
    });
    expect(await readFile(path, "utf8")).toBe(content);
    await writeFile(path, "");
    await expect(standingsOf("a")).resolves.toEqual(["begun"]);
  });
});

describe("the lock", () => {
  it("keeps a second run out until the first one closes", async () => {
    await withJournal(async () => {
      await expect(openMailJournal(path)).rejects.toMatchObject({
        code: "failed-precondition",
        path: "journal",
      });
    });
    await expect(standingsOf("a")).resolves.toEqual(["begun"]);
    await expect(stat(`${path}.lock`)).rejects.toThrow("ENOENT");
  });

  it("is given back when the file cannot be opened", async () => {
    await expect(openMailJournal(folder)).rejects.toThrow("EISDIR");
    await expect(stat(`${folder}.lock`)).rejects.toThrow("ENOENT");
  });

  it.each([
    ["a process that has died", () => spawnSync(process.execPath, ["-e", ""]).pid],
    ["a namesake before a restart", () => process.pid],
  ])("of %s is taken over", async (_, pid) => {
    await writeFile(`${path}.lock`, `${pid()} ${hostname()}`);
    await expect(standingsOf("a")).resolves.toEqual(["begun"]);
  });

  it.each([
    ["a process that runs", `${process.ppid} ${hostname()}`],
    ["another machine", `${process.pid} elsewhere`],
    ["nobody knows whom", "?"],
  ])("of %s holds", async (_, owner) => {
    await writeFile(`${path}.lock`, owner);
    await expect(openMailJournal(path)).rejects.toMatchObject({ code: "failed-precondition" });
    expect(await readFile(`${path}.lock`, "utf8")).toBe(owner);
  });

  it("goes to one of many who want a dead process's lock", async () => {
    await writeFile(`${path}.lock`, `${spawnSync(process.execPath, ["-e", ""]).pid} ${hostname()}`);
    const settled = await Promise.allSettled(Array.from({ length: 5 }, () => openMailJournal(path, clock)));
    const open = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(open).toHaveLength(1);
    await open[0]?.close();
  });
});
