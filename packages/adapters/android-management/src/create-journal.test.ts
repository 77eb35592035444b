import { EnrollmentError } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { CreateJournal, type IssuedEnrollment } from "./create-journal.js";

const hour = 3_600_000;
const lost = new EnrollmentError("lost", { code: "outcome-unknown" });
const issue = (id: string, expiresAt: IssuedEnrollment["expiresAt"] = "unknown"): IssuedEnrollment => ({
  id,
  createdAt: "1970-01-01T00:00:00Z",
  expiresAt,
  uses: "one",
});
const token = issue("t", "1970-01-01T01:00:00Z");

const start = () => {
  const time = { now: 0 };
  return { time, journal: new CreateJournal(() => time.now) };
};

describe("CreateJournal", () => {
  it("knows the tokens that it handed out, and forgets those that expired a while ago", async () => {
    const { time, journal } = start();
    await journal.follow("a", hour, () => Promise.resolve(token));
    expect(journal.issued("t")).toEqual(token);
    time.now = hour + 600_000;
    journal.handOut(issue("just expired", "1970-01-01T01:10:00Z"));
    for (let index = 0; index < 1024; index += 1) journal.handOut(issue(`later${index}`));
    expect(journal.issued("t")).toBeUndefined();
    expect(journal.issued("just expired")).toBeDefined();
    expect(journal.issued("later0")).toBeDefined();
  });

  it.each([
    ["a lost answer", lost, true],
    ["an abort", new DOMException("stop", "AbortError"), true],
    ["a refusal", new EnrollmentError("no", { code: "forbidden" }), false],
  ])("after %s another create may have made a token: %s", async (_name, error, expected) => {
    const { time, journal } = start();
    await expect(
      journal.follow("a", hour, () => {
        time.now = 5000;
        return Promise.reject(error);
      }),
    ).rejects.toBe(error);
    expect(journal.mayBeLostElsewhere("b", hour + 2500, 0)).toBe(expected);
    expect(journal.mayBeLostElsewhere("a", hour + 2500, 0)).toBe(false);
    expect(journal.mayBeLostElsewhere("b", hour - 1, 0)).toBe(false);
    expect(journal.mayBeLostElsewhere("b", hour + 5001, 0)).toBe(false);
    expect(journal.mayBeLostElsewhere("b", hour + 5001, 1)).toBe(expected);
    journal.resolve("a");
    expect(journal.mayBeLostElsewhere("b", hour + 2500, 0)).toBe(false);
  });

  it.each([
    [200, true],
    [undefined, false],
    [503, false],
  ])("after an answer of %s there must be a token: %s, as long as it lives", async (httpStatus, expected) => {
    const { time, journal } = start();
    const error = lost.with({ ...(httpStatus !== undefined && { httpStatus }) });
    await expect(journal.follow("a", hour, () => Promise.reject(error))).rejects.toBe(error);
    expect(journal.mustHaveMade("a")).toBe(expected);
    expect(journal.mustHaveMade("b")).toBe(false);
    time.now = hour;
    expect(journal.mustHaveMade("a")).toBe(false);
  });

  it("a lost token that outlives the calendar expires on its last day", async () => {
    const { journal } = start();
    const lifetime = 315_576_000_000_000;
    await expect(journal.follow("a", lifetime, () => Promise.reject(lost))).rejects.toBe(lost);
    const lastInstant = Date.parse("9999-12-31T23:59:59.999Z");
    expect(journal.mayBeLostElsewhere("b", lastInstant, 0)).toBe(true);
  });

  it("two lost creates without a key are two", async () => {
    const { journal } = start();
    await expect(journal.follow(undefined, hour, () => Promise.reject(lost))).rejects.toBe(lost);
    expect(journal.mayBeLostElsewhere(undefined, hour, 0)).toBe(true);
  });

  it("waits for the creates that are under way, also when they fail", async () => {
    const { journal } = start();
    const order: string[] = [];
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const create = journal
      .follow("a", hour, async () => {
        await gate;
        throw lost;
      })
      .catch(() => order.push("create"));
    const settled = journal.settled().then(() => order.push("settled"));
    finish();
    await Promise.all([create, settled]);
    expect(order).toContain("settled");
    expect(journal.mayBeLostElsewhere("b", hour, 0)).toBe(true);
  });

  it("stops waiting when it is told to", async () => {
    const { journal } = start();
    const controller = new AbortController();
    void journal.follow("a", hour, () => new Promise<never>(() => undefined));
    const reason = new Error("enough");
    const settled = journal.settled(controller.signal);
    controller.abort(reason);
    await expect(settled).rejects.toBe(reason);
    await expect(journal.settled(controller.signal)).rejects.toBe(reason);
  });

  it("remembers the latest ten thousand revocations", () => {
    const { journal } = start();
    for (let index = 0; index <= 10_000; index += 1) journal.revoke(`t${index}`);
    expect(journal.isRevoked("t0")).toBe(false);
    expect(journal.isRevoked("t1")).toBe(true);
    expect(journal.isRevoked("t10000")).toBe(true);
  });
});
