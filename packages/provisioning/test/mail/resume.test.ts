import { copyFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret, type Enrollment } from "@enrollkit/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createMemoryJournal,
  openMailJournal,
  sendEnrollments,
  type MailJournal,
  type MailOutcome,
  type SendOptions,
} from "../../src/mail/index.js";
import { clock, collect, enrollmentFor, people } from "./enrollments.js";
import { startMailServer, type Behaviour } from "./mail-server.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "enrollkit-mail-"));
});
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  await rm(folder, { recursive: true });
});

const start = async (behaviour?: Behaviour) => {
  const server = await startMailServer(behaviour);
  running.push(server);
  return server;
};
type Server = Awaited<ReturnType<typeof start>>;

const statuses = (outcomes: readonly MailOutcome[]) => outcomes.map(({ status }) => status);

const run = (
  server: Server,
  enrollments: Iterable<Enrollment>,
  journal: MailJournal,
  options: Partial<SendOptions> = {},
) => collect(sendEnrollments(enrollments, { settings: server.settings, clock, journal, ...options }));

/** A run with the journal in the file, which is closed after it. */
const runWithFile = async (
  path: string,
  ...[server, enrollments, options]: [Server, Iterable<Enrollment>, Partial<SendOptions>?]
) => {
  const journal = await openMailJournal(path, clock);
  try {
    return await run(server, enrollments, journal, options);
  } finally {
    await journal.close();
  }
};

const tally = (recipients: readonly string[]) =>
  Math.max(0, ...recipients.map((one) => recipients.filter((other) => other === one).length));

describe("two runs over one journal", () => {
  it("mail each person once, and the second one sends what the first one could not", async () => {
    const refused = new Set(["person3@people.example"]);
    const server = await start({
      onRecipient: (address) => (refused.has(address) ? { code: 451, text: "later" } : undefined),
    });
    const path = join(folder, "mails.jsonl");
    expect(statuses(await runWithFile(path, server, people(6)))).toEqual([
      "sent",
      "sent",
      "failed",
      "sent",
      "sent",
      "sent",
    ]);
    refused.clear();
    expect(statuses(await runWithFile(path, server, people(8)))).toEqual([
      "skipped",
      "skipped",
      "sent",
      "skipped",
      "skipped",
      "skipped",
      "sent",
      "sent",
    ]);
    expect(server.recipients().toSorted()).toEqual(
      people(8)
        .map(({ recipient }) => recipient?.email)
        .toSorted(),
    );
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, "utf8")).not.toMatch(/person|people|example|http/);
  });

  it("know the recipient whatever the case of the address, and two recipients of one enrollment apart", async () => {
    const server = await start();
    const journal = createMemoryJournal();
    const id = "shared";
    const enrollments = ["ana@people.example", "Ana@PEOPLE.example", "ben@people.example"].map((email) =>
      enrollmentFor(email, { id }),
    );
    expect(statuses(await run(server, enrollments, journal))).toEqual(["sent", "skipped", "sent"]);
  });

  it("of a person with two enrollments send both", async () => {
    const server = await start();
    const twice = [enrollmentFor("a@b.example", { id: "1" }), enrollmentFor("a@b.example", { id: "2" })];
    expect(statuses(await run(server, twice, createMemoryJournal()))).toEqual(["sent", "sent"]);
  });
});

describe("a run whose login is refused", () => {
  it("still tells who has been mailed before, and fails only the others", async () => {
    const server = await start();
    const path = join(folder, "mails.jsonl");
    await runWithFile(path, server, people(3));
    const smtp = { ...server.smtp, username: "ana.login", password: new Secret("wrong"), connections: 1 };
    const settings = { ...server.settings, smtp };
    const mixed = [...people(5).toReversed(), ...people(7).slice(5)];
    expect(statuses(await runWithFile(path, server, mixed, { settings }))).toEqual([
      "failed",
      "failed",
      "skipped",
      "skipped",
      "skipped",
      "failed",
      "failed",
    ]);
    expect(server.counts.logins).toBe(1);
    expect(
      statuses(await runWithFile(path, server, people(7))).filter((each) => each === "sent"),
    ).toHaveLength(4);
  });
});

describe("a device that gets a second link after the first", () => {
  it("has its person mailed again, though its id is the same", async () => {
    const server = await start();
    const journal = createMemoryJournal();
    const link = enrollmentFor("ana@people.example", { id: "device-1" });
    const renewed = {
      ...link,
      createdAt: "2026-09-28T10:00:00Z",
      expiresAt: "2026-10-05T10:00:00Z",
    } as const;
    expect(statuses(await run(server, [link, renewed, link, renewed], journal))).toEqual([
      "sent",
      "sent",
      "skipped",
      "skipped",
    ]);
  });
});

describe("the same enrollment many times in one run", () => {
  it("is mailed once", async () => {
    const server = await start();
    const same = Array.from({ length: 9 }, () => enrollmentFor("ana@people.example"));
    const outcomes = await run(server, same, createMemoryJournal());
    expect(statuses(outcomes)).toEqual(["sent", ...Array<string>(8).fill("skipped")]);
    expect(server.mails).toHaveLength(1);
  });
});

describe("a consumer that leaves", () => {
  it("leaves nothing in doubt, and the next run sends the rest", async () => {
    const server = await start();
    const path = join(folder, "mails.jsonl");
    const journal = await openMailJournal(path, clock);
    for await (const { index } of sendEnrollments(people(20), {
      settings: server.settings,
      clock,
      journal,
    })) {
      if (index === 4) break;
    }
    await journal.close();
    const before = server.mails.length;
    expect(before).toBeGreaterThanOrEqual(5);
    expect(before).toBeLessThan(20);
    const outcomes = await runWithFile(path, server, people(20));
    expect(statuses(outcomes)).toEqual([
      ...Array<string>(before).fill("skipped"),
      ...Array<string>(20 - before).fill("sent"),
    ]);
    expect([server.mails.length, tally(server.recipients())]).toEqual([20, 1]);
  });

  it("by an abort gets the outcomes of what was under way, and then the reason", async () => {
    const controller = new AbortController();
    const server = await start();
    const reason = new Error("stop");
    const journal = createMemoryJournal();
    const outcomes: MailOutcome[] = [];
    const running = (async () => {
      const options = { settings: server.settings, clock, journal, signal: controller.signal };
      for await (const outcome of sendEnrollments(people(20), options)) {
        outcomes.push(outcome);
        if (outcomes.length === 5) controller.abort(reason);
      }
    })();
    await expect(running).rejects.toBe(reason);
    expect(statuses(outcomes)).toEqual(Array(server.mails.length).fill("sent"));
    expect(server.mails.length).toBeLessThan(20);
    await run(server, people(20), journal);
    expect([server.mails.length, tally(server.recipients())]).toEqual([20, 1]);
  });
});

describe("a killed process", () => {
  /** What is on the disk while the server has a mail and has not answered: what a kill at that moment leaves behind. */
  const killWhileSending = async (email: string) => {
    const path = join(folder, "mails.jsonl");
    const killed = join(folder, "killed.jsonl");
    const server = await start({
      onMail: (address) => (address === email ? copyFile(path, killed) : undefined),
    });
    const settings = { ...server.settings, smtp: { ...server.smtp, connections: 1 } };
    await runWithFile(path, server, people(5), { settings });
    return { server, killed, settings };
  };

  it("leaves the mail it was sending in doubt: it is not sent again until that is asked for", async () => {
    const { server, killed } = await killWhileSending("person3@people.example");
    const next = await start();
    const outcomes = await runWithFile(killed, next, people(5));
    expect(statuses(outcomes)).toEqual(["skipped", "skipped", "unknown", "sent", "sent"]);
    expect(outcomes[2]).toMatchObject({ error: { code: "outcome-unknown", retryable: false } });
    const received = [...server.recipients().slice(0, 3), ...next.recipients()];
    expect([received.length, tally(received)]).toEqual([5, 1]);

    const resent = await runWithFile(killed, next, people(5), { inDoubt: "resend" });
    expect(statuses(resent)).toEqual(["skipped", "skipped", "sent", "skipped", "skipped"]);
    expect(statuses(await runWithFile(killed, next, people(5)))).toEqual(Array(5).fill("skipped"));
  });
});

describe("a lost answer", () => {
  it.each(["drop", "take-and-drop"] as const)(
    "is unknown, and stays so on the next run (%s)",
    async (drop) => {
      let first = true;
      const server = await start({
        onMail: () => {
          const verdict = first ? drop : undefined;
          first = false;
          return verdict;
        },
      });
      const journal = createMemoryJournal();
      expect(statuses(await run(server, people(1), journal))).toEqual(["unknown"]);
      expect(statuses(await run(server, people(1), journal))).toEqual(["unknown"]);
      expect(server.mails).toHaveLength(drop === "drop" ? 0 : 1);
      expect(statuses(await run(server, people(1), journal, { inDoubt: "resend" }))).toEqual(["sent"]);
    },
  );

  it("on a connection that has sent before is not repeated on another one", async () => {
    const server = await start({
      onMail: (address) => (address.startsWith("person2@") ? "take-and-drop" : undefined),
    });
    const settings = { ...server.settings, smtp: { ...server.smtp, connections: 1 } };
    const outcomes = await run(server, people(4), createMemoryJournal(), { settings });
    expect(statuses(outcomes)).toEqual(["sent", "unknown", "sent", "sent"]);
    expect(tally(server.recipients())).toBe(1);
  });
});

describe("a journal that fails", () => {
  it("before a mail keeps it from being sent, and ends the run", async () => {
    const server = await start();
    const journal: MailJournal = {
      begin: () => Promise.reject(new Error("disk full")),
      finish: () => Promise.resolve(),
    };
    await expect(run(server, people(5), journal)).rejects.toThrow("disk full");
    expect(server.mails).toHaveLength(0);
  });

  it("after a mail ends the run", async () => {
    const server = await start();
    const journal: MailJournal = {
      begin: () => Promise.resolve("begun"),
      finish: () => Promise.reject(new Error("disk full")),
    };
    await expect(run(server, people(50), journal)).rejects.toThrow("disk full");
    expect(server.mails.length).toBeLessThanOrEqual(4);
  });
});
