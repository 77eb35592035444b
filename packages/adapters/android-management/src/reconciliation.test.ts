import { setTimeout } from "node:timers/promises";
import { EnrollmentError, type IsoInstant } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { due, issued, lose, lostError, start, type Request } from "../test/reconciling.js";

describe("which tokens could be the lost one", () => {
  it.each<[string, IsoInstant, Record<string, unknown>, Request, boolean]>([
    ["one that expires when it would", due, {}, {}, true],
    ["one that expires a minute early: clocks differ", "2026-09-20T10:59:00Z", {}, {}, true],
    ["not one that expires earlier", "2026-09-20T10:58:59.999Z", {}, {}, false],
    ["one that expires a minute after the last moment", "2026-09-20T11:02:00Z", {}, {}, true],
    ["not one that expires later", "2026-09-20T11:02:00.001Z", {}, {}, false],
    ["not one of another lifetime", due, {}, { validFor: "PT2H" }, false],
    [
      "not one of another usage",
      due,
      { allowPersonalUsage: "PERSONAL_USAGE_ALLOWED" },
      { management: "dedicated" },
      false,
    ],
    [
      "one of the same usage",
      due,
      { allowPersonalUsage: "PERSONAL_USAGE_DISALLOWED_USERLESS" },
      { management: "dedicated" },
      true,
    ],
    ["one whose usage the deployment does not show", due, {}, { management: "dedicated" }, true],
    ["one whose usage Google filled in", due, { allowPersonalUsage: "PERSONAL_USAGE_ALLOWED" }, {}, true],
    ["a clamped one", "9999-12-31T23:59:59.999999999Z", {}, { validFor: "PT315576000000S" }, true],
  ])("%s", async (_name, expiry, view, request, expected) => {
    const { google, reconcile } = start({ lifetimeCap: "vendor-maximum" });
    google.addToken("a", expiry, view);
    const [finding] = await reconcile({ key: "k", ...request });
    expect(finding?.status).toBe(expected ? "undecided" : "absent");
  });

  it("one that was sent on another day of the calendar than it was asked for", async () => {
    // A month from 30 January is 29 days, a month from 31 January 28: both end on 28 February.
    const { google, clock, journal, reconciliation } = start();
    const asked: IsoInstant = "2027-01-30T23:59:59.900Z";
    clock.advance(Date.parse("2027-01-31T00:00:00Z") - clock.now());
    await lose(journal, "k", lostError, 28 * 86_400_000);
    google.addToken("a", "2027-02-28T00:00:00.500Z");
    const attempt = { request: { key: "k", validFor: "P1M" } as const, sentAt: asked };
    expect(await reconciliation.reconcile([attempt])).toMatchObject([{ status: "undecided" }]);
  });

  it("none that this provider handed out", async () => {
    const { google, journal, reconcile } = start();
    const name = google.addToken("a", due);
    journal.handOut(issued(name));
    expect(await reconcile({ key: "k" })).toEqual([{ status: "absent" }]);
  });

  it("none that a create under way is about to hand out", async () => {
    const { google, journal, reconcile } = start();
    const name = google.addToken("a", due);
    let arrive: () => void = () => undefined;
    const answer = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const create = journal.follow("other", 3_600_000, async () => {
      await answer;
      return issued(name);
    });
    const findings = reconcile({ key: "k" });
    // By now the list has been read, and the token is on it.
    await setTimeout(5);
    arrive();
    await create;
    expect(await findings).toEqual([{ status: "absent" }]);
  });
});

it.each(["report", "adopt", "revoke"] as const)(
  "%s: if Google said that it made one, not to find it proves nothing",
  async (lostTokens) => {
    const { journal, reconcile } = start({ lostTokens });
    await lose(journal, "k", lostError.with({ httpStatus: 200 }));
    expect(await reconcile({ key: "k" })).toMatchObject([{ status: "undecided" }]);
  },
);

describe("report", () => {
  it("says how many there are and what to look at, and touches nothing", async () => {
    const { google, reconcile } = start();
    const first = google.addToken("a", due);
    google.addToken("b", due);
    const [finding] = await reconcile({ key: "k" });
    expect(finding).toMatchObject({ status: "undecided" });
    if (finding?.status !== "undecided") throw new Error("unreachable");
    expect(finding.reason).toMatch(/^2 live tokens/);
    expect(finding.checkByHand).toContain(first);
    expect(finding.checkByHand).toContain(due);
    expect(JSON.stringify(finding)).not.toContain("Va");
    expect(google.calls).toEqual(["list tokens"]);
  });
});

describe("revoke", () => {
  it("deletes every candidate once, and lets the request be sent again", async () => {
    const { google, reconcile } = start({ lostTokens: "revoke" });
    google.addToken("a", due);
    google.addToken("b", due);
    const kept = google.addToken("c", "2026-09-21T11:00:00Z");
    expect(await reconcile({ key: "k" }, { key: "l" })).toEqual([{ status: "absent" }, { status: "absent" }]);
    expect([...google.tokens.keys()]).toEqual([kept]);
    expect(google.calls.filter((call) => call.startsWith("delete"))).toHaveLength(2);
  });

  it("does not mind that somebody else was faster", async () => {
    const { google, reconcile } = start({ lostTokens: "revoke" });
    google.addToken("a", due);
    google.client.enrollmentTokens.delete = () =>
      Promise.reject(new EnrollmentError("gone", { code: "not-found" }));
    expect(await reconcile({ key: "k" })).toEqual([{ status: "absent" }]);
  });

  it("decides nothing if Google refuses", async () => {
    const { google, reconcile } = start({ lostTokens: "revoke" });
    google.addToken("a", due);
    const refusal = new EnrollmentError("no", { code: "forbidden" });
    google.client.enrollmentTokens.delete = () => Promise.reject(refusal);
    await expect(reconcile({ key: "k" })).rejects.toBe(refusal);
  });
});

describe("adopt", () => {
  it("takes the only candidate of the only attempt", async () => {
    const { google, journal, reconcile } = start({ lostTokens: "adopt" });
    const name = google.addToken("a", due);
    const request: Request = { key: "k", recipient: { name: "Ada" }, uses: "one" };
    const [finding] = await reconcile(request);
    expect(finding).toMatchObject({
      status: "created",
      enrollment: {
        id: name,
        key: "k",
        recipient: { name: "Ada" },
        createdAt: "2026-09-20T10:00:00.500Z",
        expiresAt: due,
        uses: "one",
        warnings: [],
      },
    });
    expect(journal.issued(name)).toMatchObject({ createdAt: "2026-09-20T10:00:00.500Z" });
    expect(await reconcile(request)).toEqual([{ status: "absent" }]);
  });

  it.each<[string, Record<string, unknown>]>([
    ["value", { value: null }],
    ["QR payload", { qrCode: null }],
  ])("leaves a token whose %s the deployment does not show", async (_name, view) => {
    const { google, journal, reconcile } = start({ lostTokens: "adopt" });
    const name = google.addToken("a", due, view);
    expect(await reconcile({ key: "k" })).toMatchObject([{ status: "undecided" }]);
    expect(journal.issued(name)).toBeUndefined();
  });

  it("leaves several candidates", async () => {
    const { google, reconcile } = start({ lostTokens: "adopt" });
    google.addToken("a", due);
    google.addToken("b", due);
    expect(await reconcile({ key: "k" })).toMatchObject([{ status: "undecided" }]);
  });

  it("leaves a candidate that two attempts could have made", async () => {
    const { google, reconcile } = start({ lostTokens: "adopt" });
    google.addToken("a", due);
    expect(await reconcile({ key: "k" }, { key: "l" })).toMatchObject([
      { status: "undecided" },
      { status: "undecided" },
    ]);
  });

  it("leaves a candidate that another lost create could have made", async () => {
    const { google, journal, reconcile } = start({ lostTokens: "adopt" });
    google.addToken("a", due);
    await lose(journal, "k");
    await lose(journal, "l");
    expect(await reconcile({ key: "k" })).toMatchObject([{ status: "undecided" }]);
  });

  it("gives one candidate to one of two look-ups at the same time", async () => {
    const { google, reconcile } = start({ lostTokens: "adopt" });
    google.addToken("a", due);
    const findings = await Promise.all([reconcile({ key: "k" }), reconcile({ key: "l" })]);
    const created = findings.flat().filter(({ status }) => status === "created");
    expect(created).toHaveLength(1);
  });

  it("gives it back if Google does not answer", async () => {
    const { google, journal, reconcile } = start({ lostTokens: "adopt" });
    const name = google.addToken("a", due);
    const refusal = new EnrollmentError("down", { code: "unavailable" });
    google.client.enrollmentTokens.get = () => Promise.reject(refusal);
    await expect(reconcile({ key: "k" })).rejects.toBe(refusal);
    expect(journal.issued(name)).toBeUndefined();
  });
});

it("an absent attempt no longer blocks others", async () => {
  const { journal, reconcile } = start();
  await lose(journal, "k");
  const expiry = Date.parse("2026-09-20T11:01:00Z");
  expect(journal.mayBeLostElsewhere("l", expiry, 0)).toBe(true);
  expect(await reconcile({ key: "k" })).toEqual([{ status: "absent" }]);
  expect(journal.mayBeLostElsewhere("l", expiry, 0)).toBe(false);
});
