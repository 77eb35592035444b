import { setImmediate } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { due, issued, lose, lostError, sentAt, start } from "../test/reconciling.js";

describe("tokens that others have recorded", () => {
  const policies = ["report", "adopt", "revoke"] as const;

  it.each(policies)("%s: are no strays", async (lostTokens) => {
    const { google, journal, reconcileKnowing } = start({ lostTokens });
    const name = google.addToken("a", due);
    const findings = await reconcileKnowing(() => Promise.resolve(new Set([name])), { key: "k" });
    expect(findings).toEqual([{ status: "absent" }]);
    expect([...google.tokens.keys()]).toEqual([name]);
    expect(journal.issued(name)).toBeUndefined();
    expect(google.calls).toEqual(["list tokens"]);
  });

  it("are left alone when a stray beside them is revoked", async () => {
    const { google, reconcileKnowing } = start({ lostTokens: "revoke" });
    const stray = google.addToken("a", due);
    const recorded = google.addToken("b", due);
    const findings = await reconcileKnowing(
      () => Promise.resolve(new Set([recorded])),
      { key: "k" },
      { key: "l" },
    );
    expect(findings).toEqual([{ status: "absent" }, { status: "absent" }]);
    expect([...google.tokens.keys()]).toEqual([recorded]);
    expect(google.calls).toEqual(["list tokens", `delete ${stray}`]);
  });

  it("leave the one beside them to be adopted", async () => {
    const { google, reconcileKnowing } = start({ lostTokens: "adopt" });
    const recorded = google.addToken("a", due);
    const stray = google.addToken("b", due);
    const known = () => Promise.resolve(new Set([recorded]));
    expect(await reconcileKnowing(known, { key: "k" })).toMatchObject([
      { status: "created", enrollment: { id: stray } },
    ]);
  });

  it("do not count in a report", async () => {
    const { google, reconcileKnowing } = start();
    const recorded = google.addToken("a", due);
    const stray = google.addToken("b", due);
    const known = () => Promise.resolve(new Set([recorded]));
    const [finding] = await reconcileKnowing(known, { key: "k" });
    expect(finding).toMatchObject({
      status: "undecided",
      reason: expect.stringMatching(/^1 live token /) as string,
    });
    expect(JSON.stringify(finding)).toContain(stray);
    expect(JSON.stringify(finding)).not.toContain(recorded);
  });

  it.each(["report", "adopt"] as const)(
    "%s: cannot be the token that Google said it made",
    async (lostTokens) => {
      const { google, journal, reconcileKnowing } = start({ lostTokens });
      const name = google.addToken("a", due);
      await lose(journal, "k", lostError.with({ httpStatus: 200 }));
      const findings = await reconcileKnowing(() => Promise.resolve(new Set([name])), { key: "k" });
      expect(findings).toMatchObject([{ status: "undecided" }]);
    },
  );

  it("revoke: another process that shares the record has revoked the token that Google said it made", async () => {
    const { google, journal, reconcileKnowing } = start({ lostTokens: "revoke" });
    await lose(journal, "k", lostError.with({ httpStatus: 200 }));
    const name = google.addToken("a", due);
    const recorded = google.addToken("b", due);
    const known = () => Promise.resolve(new Set([recorded]));
    const other = start({ lostTokens: "revoke" }, google);
    expect(await other.reconcileKnowing(known, { key: "other" })).toEqual([{ status: "absent" }]);
    expect(google.calls).toEqual(["list tokens", `delete ${name}`]);
    expect(await reconcileKnowing(known, { key: "k" })).toEqual([{ status: "absent" }]);
    expect(journal.mustHaveMade("k")).toBe(false);
    expect([...google.tokens.keys()]).toEqual([recorded]);
  });

  it("are asked for once, and only where a token could be a lost one", async () => {
    const { google, journal, reconcileKnowing } = start();
    const first = google.addToken("a", due);
    const second = google.addToken("b", "2026-09-20T12:00:00.500Z");
    const own = google.addToken("c", due);
    google.addToken("d", "2026-09-21T11:00:00Z");
    journal.handOut(issued(own));
    const asked: (readonly string[])[] = [];
    const recorded = (ids: readonly string[]) => {
      asked.push(ids);
      return Promise.resolve(new Set(ids));
    };
    await reconcileKnowing(recorded, { key: "k" }, { key: "l", validFor: "PT2H" }, { key: "m" });
    expect(asked).toEqual([[first, second]]);
  });

  it("are not asked for if no token could be a lost one", async () => {
    const { google, reconcileKnowing } = start();
    google.addToken("a", "2026-09-21T11:00:00Z");
    const never = () => Promise.reject(new Error("nobody was to ask"));
    expect(await reconcileKnowing(never, { key: "k" })).toEqual([{ status: "absent" }]);
  });

  it("are asked for when the creates under way here have come back", async () => {
    const { google, journal, reconcileKnowing } = start();
    const own = google.addToken("a", due);
    const other = google.addToken("b", due);
    let arrive: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const create = journal.follow("other", 3_600_000, async () => {
      await answer;
      return issued(own);
    });
    const asked: (readonly string[])[] = [];
    const findings = reconcileKnowing(
      (ids) => {
        asked.push(ids);
        return Promise.resolve(new Set(ids));
      },
      { key: "k" },
    );
    await setImmediate();
    expect(asked).toEqual([]);
    arrive();
    await create;
    expect(await findings).toEqual([{ status: "absent" }]);
    expect(asked).toEqual([[other]]);
  });

  it.each(policies)("%s: nothing is decided if that cannot be asked", async (lostTokens) => {
    const { google, journal, reconcileKnowing } = start({ lostTokens });
    const name = google.addToken("a", due);
    const refusal = new Error("the record is not at hand");
    await expect(reconcileKnowing(() => Promise.reject(refusal), { key: "k" })).rejects.toBe(refusal);
    expect(google.calls).toEqual(["list tokens"]);
    expect(journal.issued(name)).toBeUndefined();
  });

  it("keep nobody waiting who has given up", async () => {
    const { google, reconciliation } = start({ lostTokens: "revoke" });
    google.addToken("a", due);
    const abort = new AbortController();
    const reason = { why: "the user left" };
    const recorded = () => {
      abort.abort(reason);
      return new Promise<ReadonlySet<string>>(() => undefined);
    };
    const attempts = [{ request: { key: "k" }, sentAt }];
    await expect(reconciliation.reconcile(attempts, { recorded, signal: abort.signal })).rejects.toBe(reason);
    expect(google.calls).toEqual(["list tokens"]);
  });
});
