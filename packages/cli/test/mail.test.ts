import { readFile, readdir, stat } from "node:fs/promises";
import PostalMime from "postal-mime";
import { beforeAll, describe, expect, it } from "vitest";
import {
  canaries,
  createdRow,
  enrollmentData,
  jsonLines,
  outcomesRemark,
  outcomesText,
} from "./enrollment-files.js";
import { startMailServer, type Answer } from "./mail-server.js";
import { createWorkplace, loadVendors } from "./simulated.js";
import { moreAbout } from "./test-terminal.js";

beforeAll(loadVendors);

/** A folder with outcomes, and settings for a mail server that runs as long as the test. */
const open = async (answer?: Answer) => {
  const server = await startMailServer(answer);
  const workplace = await createWorkplace({ environment: {} }, "not a config");
  const useSettings = (settings: object) => workplace.write("enrollkit.mail.json", JSON.stringify(settings));
  await useSettings(server.settings);
  await workplace.write("people.outcomes.jsonl", outcomesText);
  return { ...workplace, server, useSettings };
};

const mailOutcomes = ["mail", "people.outcomes.jsonl"];

const person = (number: number) => `person${number}@canary.example`;

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

const linesOf = async (path: string) =>
  (await readFile(path, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("mail", () => {
  it("mails each enrollment to its recipient, and prints neither addresses nor secrets", async () => {
    const { enrollkit, server, path } = await open();
    const { exitCode, stdout, stderr } = await enrollkit([...mailOutcomes, "--output", "mailed.jsonl"]);
    expect(exitCode).toBe(0);
    expect(stderr.endsWith(outcomesRemark)).toBe(true);
    expect(stdout).toMatch(/^ +3 +0 +0 +0$/m);
    expect(server.recipients()).toEqual([person(0), person(2), person(4)]);
    const mail = await PostalMime.parse(server.mails.find(({ to }) => to === person(4))?.source ?? "");
    expect(mail.to).toEqual([{ address: person(4), name: "Person 4" }]);
    expect(mail.from).toEqual({ address: "it@sender.example", name: "IT department" });
    expect(mail.text).toContain("https://mdm.example/e/LINKCANARY4");
    expect(await linesOf(path("mailed.jsonl"))).toEqual([
      { key: "row-0", id: "id-0", index: 0, line: 1, status: "sent" },
      { key: "row-2", id: "id-2", index: 2, line: 3, status: "sent" },
      { key: "row-4", id: "id-4", index: 4, line: 5, status: "sent" },
    ]);
    const written = await Promise.all(
      ["mailed.jsonl", "people.mail-journal.jsonl"].map((file) => readFile(path(file), "utf8")),
    );
    for (const canary of canaries) expect([stdout, stderr, ...written].join()).not.toContain(canary);
    for (const file of ["mailed.jsonl", "people.mail-journal.jsonl"])
      expect(await modeOf(path(file))).toBe(0o600);
  });

  it("nobody is mailed twice, however often it runs; what was refused is tried again", async () => {
    const refused = new Set([person(2)]);
    const { enrollkit, server } = await open((address) => (refused.has(address) ? "refuse" : undefined));
    const first = await enrollkit(mailOutcomes);
    expect(first.exitCode).toBe(1);
    expect(first.stdout).toMatch(/^ +2 +0 +1 +0 {2}1 invalid-request$/m);
    expect(first.stderr).toMatch(/^line 3 \(row-2\): the mail server refuses the recipient's address; \S/m);
    for (const canary of canaries) expect(first.stderr).not.toContain(canary);
    refused.clear();
    const second = await enrollkit([...mailOutcomes, "--json"]);
    expect(second.exitCode).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({
      sent: 1,
      skipped: 2,
      failed: 0,
      unknown: 0,
      reasons: { "already-sent": 2 },
      journal: "people.mail-journal.jsonl",
      chosen: 3,
      notCreated: [
        { key: "row-1", index: 1, status: "failed" },
        { index: 3, status: "unknown" },
      ],
    });
    expect((await enrollkit(mailOutcomes)).stdout).toMatch(/^ +0 +3 +0 +0 {2}3 already-sent$/m);
    expect(server.recipients()).toEqual([person(0), person(2), person(4)]);
  });

  it("a lost answer stays in doubt until the person says what to do", async () => {
    let isBroken = true;
    const { enrollkit, server, path } = await open((address) =>
      isBroken && address === person(4) ? "drop" : undefined,
    );
    const only = [...mailOutcomes, "--key", "row-4", "--journal", "journal.jsonl"];
    const lost = await enrollkit(only);
    expect(lost.exitCode).toBe(1);
    expect(lost.stdout).toMatch(/^ +0 +0 +0 +1 {2}1 outcome-unknown$/m);
    isBroken = false;
    const left = await enrollkit([...only, "--output", "left.jsonl"]);
    expect(left.exitCode).toBe(1);
    expect(left.stderr).toContain(
      "; look into the mail server's log, or ask the recipient; --in-doubt resend sends it again",
    );
    expect(await linesOf(path("left.jsonl"))).toMatchObject([
      { key: "row-4", status: "unknown", error: { code: "outcome-unknown" } },
    ]);
    expect(await readFile(path("left.jsonl"), "utf8")).toContain("--in-doubt resend sends it again");
    expect(server.mails).toHaveLength(1);
    expect((await enrollkit([...only, "--in-doubt", "resend"])).exitCode).toBe(0);
    expect(server.mails).toHaveLength(2);
  });

  it("Ctrl+C: the mails under way are finished, told and remembered", async () => {
    const terminalUser = new AbortController();
    let arrived = 0;
    const { enrollkit, server, useSettings } = await open(async () => {
      arrived += 1;
      terminalUser.abort(new Error("stopped"));
      await new Promise((resolve) => setImmediate(resolve));
    });
    await useSettings({ ...server.settings, smtp: { ...server.settings.smtp, connections: 1 } });
    const { exitCode, stdout, stderr } = await enrollkit(mailOutcomes, { signal: terminalUser.signal });
    expect([exitCode, arrived]).toEqual([130, 2]);
    expect(stdout).toMatch(/^ +1 +0 +0 +0$/m);
    expect(stderr).toMatch(/error: stopped by Ctrl\+C\n$/);
    expect((await enrollkit(mailOutcomes)).stdout).toMatch(/^ +2 +1 +0 +0 {2}1 already-sent$/m);
    expect(server.recipients()).toEqual([person(0), person(2), person(4)]);
  });

  it("lists no more failures than a person reads, and says where the rest is", async () => {
    const { enrollkit, write } = await open();
    const rows = Array.from({ length: 22 }, (_, index) =>
      createdRow(index, enrollmentData(index, { recipient: { name: "Nobody" } })),
    );
    await write("people.outcomes.jsonl", jsonLines(...rows));
    const alone = await enrollkit(mailOutcomes);
    expect(alone.stderr.match(/^line \d+ \(row-\d+\): /gm)).toHaveLength(20);
    expect(alone.stderr).toMatch(
      /^… and 2 more; --json lists them all, and so does a file named with --output$/m,
    );
    const { stderr } = await enrollkit([...mailOutcomes, "--output", "mailed.jsonl"]);
    expect(stderr).toMatch(/^… and 2 more; the outcomes say which and why$/m);
    const dry = await enrollkit([...mailOutcomes, "--dry-run", "mails"]);
    expect(dry.stderr).toMatch(/^… and 2 more; --json lists them all$/m);
  });

  it("a dry run writes the mails for the owner alone, and connects to nobody", async () => {
    const { enrollkit, server, path, folder } = await open();
    const { exitCode, stdout, stderr } = await enrollkit([...mailOutcomes, "--dry-run", "mails"]);
    expect([exitCode, stderr]).toEqual([0, outcomesRemark]);
    expect(stdout).toMatch(/^WRITTEN .*\n +3 +0 +0 +0$/m);
    expect(stdout).toContain("mails as they would be sent: mails");
    for (const canary of canaries) expect(stdout + stderr).not.toContain(canary);
    const files = (await readdir(path("mails"))).sort();
    expect(files).toHaveLength(3);
    expect(await modeOf(path("mails"))).toBe(0o700);
    expect(await modeOf(path(`mails/${files[0] ?? ""}`))).toBe(0o600);
    const mail = await PostalMime.parse(await readFile(path(`mails/${files[0] ?? ""}`)));
    expect(mail.text).toContain("LINKCANARY0");
    expect(server.mails).toEqual([]);
    expect((await readdir(folder)).sort()).toEqual(
      ["enrollkit.config.json", "enrollkit.mail.json", "mails", "people.outcomes.jsonl"].sort(),
    );
  });
});

describe("the mail server", () => {
  const login = (password: unknown) => ({ username: "it", password });

  it("is asked whether it takes the login, and is sent nothing", async () => {
    const { enrollkit, server, useSettings, write } = await open();
    await write("password", "right-canary\n");
    await useSettings({
      ...server.settings,
      smtp: { ...server.settings.smtp, ...login({ $file: "password" }) },
    });
    const { exitCode, stdout, stderr } = await enrollkit(["mail", "--check"]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /^127\.0\.0\.1:\d+ can be reached, and takes the username and password\nnothing was sent\n$/,
    );
    expect(server.mails).toEqual([]);
  });

  it("that refuses the login is told once, before the first mail", async () => {
    const { enrollkit, server, useSettings, folder } = await open();
    const settings = {
      ...server.settings,
      smtp: { ...server.settings.smtp, ...login({ $env: "PASSWORD" }) },
    };
    await useSettings(settings);
    const environment = { PASSWORD: "wrong-canary" };
    const { exitCode, stdout, stderr } = await enrollkit(mailOutcomes, { environment });
    expect([exitCode, stdout]).toEqual([3, ""]);
    expect(stderr).toBe(
      "error: the mail server refuses the username and password\n" +
        "  → check smtp.username and smtp.password; enrollkit.mail.json holds the settings\n" +
        moreAbout("unauthenticated"),
    );
    expect(await readdir(folder)).not.toContain("people.mail-journal.jsonl");
  });

  it.each<[string, string | undefined, string]>([
    ["that are missing", undefined, "enrollkit.mail.json: there is no such file"],
    ["that are no JSON", '{\n"smtp": {,}}', "enrollkit.mail.json: line 2, column 10: not valid JSON"],
    ["that are a list", "[]", "enrollkit.mail.json: must be an object, not a list"],
    [
      "that say too little",
      '{"smtp": {}}',
      "enrollkit.mail.json: smtp.host is missing; from is missing; timeZone is missing",
    ],
    [
      "with a password in the file",
      '{"smtp": {"host": "mail.example", "username": "it", "password": "password-canary"}}',
      "smtp.password must be a secret",
    ],
    [
      "with a password that is nowhere",
      '{"smtp": {"password": {"$file": "gone"}}}',
      "smtp.password needs the file gone",
    ],
  ])("settings %s: the error says what to change", async (_, text, message) => {
    const { enrollkit, write } = await createWorkplace({ environment: {} }, "not a config");
    if (text !== undefined) await write("enrollkit.mail.json", text);
    const { exitCode, stderr } = await enrollkit(["mail", "--check"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain("canary");
  });

  it("that cannot be reached is told as that", async () => {
    const { enrollkit, server, useSettings } = await open();
    await useSettings({ ...server.settings, smtp: { ...server.settings.smtp, port: 1 } });
    const { exitCode, stderr } = await enrollkit(["mail", "--check"]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/cannot be reached; nothing was sent\n {2}→ check smtp\.host, smtp\.port/);
  });

  it("needs a file, a journal that is one, and no earlier outcomes", async () => {
    const { enrollkit, server, write, path } = await open();
    await write("one.jsonl", jsonLines(enrollmentData(1)));
    expect((await enrollkit(["mail"])).stderr).toContain("a file of enrollments is missing");
    const journal = await enrollkit(["mail", "one.jsonl", "--journal", "one.jsonl"]);
    expect(journal.stderr).toContain("is not a mail journal's; nothing was changed");
    expect((await enrollkit([...mailOutcomes, "-o", "one.jsonl"])).stderr).toContain("exists already");
    expect((await enrollkit(["mail", "one.jsonl", "-o", "one.jsonl", "--overwrite"])).stderr).toContain(
      "is the input itself",
    );
    expect(await readFile(path("one.jsonl"), "utf8")).toBe(jsonLines(enrollmentData(1)));
    expect(server.mails).toEqual([]);
  });
});
