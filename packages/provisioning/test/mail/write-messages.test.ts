import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@enrollkit/core";
import PostalMime from "postal-mime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeMessages } from "../../src/mail/index.js";
import { clock, collect, enrollmentFor, linkCanary, people } from "./enrollments.js";

const settings = {
  smtp: { host: "mail.nowhere.invalid" },
  from: { email: "it@sender.example" },
  timeZone: "Europe/Berlin",
};

let parent = "";
let folder = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "enrollkit-eml-"));
  folder = join(parent, "dry", "run");
});
afterEach(() => rm(parent, { recursive: true }));

const write = (enrollments = people(3)) => collect(writeMessages(enrollments, folder, { settings, clock }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

describe("writeMessages", () => {
  it("writes one file for each enrollment, for the owner alone, with no personal data in its name", async () => {
    const outcomes = await write([
      ...people(2),
      enrollmentFor(undefined),
      enrollmentFor("ana@people.example", { id: "../../etc/passwd", key: "../x", name: "../Ana" }),
      enrollmentFor("ben@people.example", { artifacts: [{ kind: "delivered", channel: "email" }] }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      "written",
      "written",
      "failed",
      "written",
      "skipped",
    ]);
    const files = outcomes.flatMap((outcome) => (outcome.status === "written" ? [outcome.file] : []));
    expect((await readdir(folder)).toSorted()).toEqual(files);
    expect(files.map((file) => file.replace(/-[0-9a-f]{12}\.eml$/, ""))).toEqual(["00001", "00002", "00004"]);
    expect(await modeOf(folder)).toBe(0o700);
    for (const file of files) expect(await modeOf(join(folder, file))).toBe(0o600);
  });

  it("writes what a mail program reads: both parts, and the QR code", async () => {
    await write([enrollmentFor("ana@people.example", { name: "Ana Müller" })]);
    const [file = ""] = await readdir(folder);
    const bytes = await readFile(join(folder, file));
    const mail = await PostalMime.parse(bytes);
    expect(mail.to).toMatchObject([{ address: "ana@people.example", name: "Ana Müller" }]);
    expect(mail.text).toContain(linkCanary);
    expect(mail.html).toContain("cid:qr-code@enrollkit");
    expect(mail.attachments).toMatchObject([{ mimeType: "image/png", contentId: "<qr-code@enrollkit>" }]);
    expect(bytes.toString("latin1")).not.toMatch(/[^\r]\n/);
  });

  it("has no attachment where there is nothing to scan", async () => {
    await write([
      enrollmentFor("a@b.example", { artifacts: [{ kind: "enrollment-code", value: new Secret("42") }] }),
    ]);
    const [file = ""] = await readdir(folder);
    expect((await PostalMime.parse(await readFile(join(folder, file)))).attachments).toEqual([]);
  });

  it("names the same mails the same, and overwrites none", async () => {
    const [first] = await write(people(1));
    await expect(write(people(1))).rejects.toMatchObject({ code: "failed-precondition", path: "folder" });
    await rm(folder, { recursive: true });
    expect(await write(people(1))).toEqual([first]);
  });

  it("leaves the rights of a folder that was there", async () => {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const before = await modeOf(folder);
    await write();
    expect(await modeOf(folder)).toBe(before);
  });
});
