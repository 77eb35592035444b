import { describe, expect, it, vi } from "vitest";
import { fakeProvider } from "../../test/fake-provider.js";
import { EnrollmentError } from "../errors.js";
import type { LostAttempt, ReconciledAttempt } from "../roles.js";
import { reconciliationOver } from "./reconciliation.js";

const sentAt = "2026-09-20T10:00:00Z" as const;
const absent: ReconciledAttempt = { status: "absent" };
const found = { status: "created", enrollment: { id: "e1" } } as unknown as ReconciledAttempt;

/** A member that gives the same answer about every attempt, or none. */
const answering = (name: string, finding?: ReconciledAttempt) => {
  const reconcile = vi.fn((attempts: readonly LostAttempt[]) =>
    Promise.resolve(finding === undefined ? [] : attempts.map(() => finding)),
  );
  return { ...fakeProvider(name).provider, reconciliation: { reconcile } };
};
const askedBy = (members: readonly ReturnType<typeof answering>[]) =>
  members.map(({ reconciliation }) =>
    reconciliation.reconcile.mock.calls.map(([attempts]) => attempts.map(({ request }) => request.key)),
  );
const lost = (key: string, provider?: string): LostAttempt => ({ request: { key }, sentAt, provider });

describe("reconciliation over members", () => {
  it("asks the one that is named about its own, and whom it would go to about the rest", async () => {
    const members = [answering("one", absent), answering("two", absent), answering("three", absent)];
    const role = reconciliationOver(members, () => members.slice(1));
    expect(await role.reconcile([lost("a", "one"), lost("b"), lost("c", "gone")])).toEqual([
      absent,
      absent,
      absent,
    ]);
    expect(askedBy(members)).toEqual([[["a"]], [["b", "c"]], [["b", "c"]]]);
  });

  it("does not ask on when one has it", async () => {
    const members = [answering("one", found), answering("two", absent)];
    expect(await reconciliationOver(members, () => members).reconcile([lost("a")])).toEqual([found]);
    expect(askedBy(members)).toEqual([[["a"]], []]);
  });

  it("asks all where no rule takes the request any more", async () => {
    const members = [answering("one", absent), answering("two", found)];
    const noRule = () => {
      throw new EnrollmentError("no rule takes it", { code: "invalid-request" });
    };
    expect(await reconciliationOver(members, noRule).reconcile([lost("a")])).toEqual([found]);
    expect(askedBy(members)).toEqual([[["a"]], [["a"]]]);
  });

  it("passes on what no rule should throw", async () => {
    const bug = new TypeError("x is not a function");
    const broken = () => {
      throw bug;
    };
    await expect(reconciliationOver([answering("one", absent)], broken).reconcile([lost("a")])).rejects.toBe(
      bug,
    );
  });

  it.each<[string, readonly ReturnType<typeof answering>[], string]>([
    ["a member without an answer", [answering("one"), answering("two", absent)], "one gave no answer"],
    ["nobody to ask", [], "none of the providers could be asked"],
  ])("leaves it undecided with %s", async (_, members, reason) => {
    expect(await reconciliationOver(members, () => members).reconcile([lost("a")])).toEqual([
      {
        status: "undecided",
        reason,
        checkByHand: "look for it in the vendor's console before sending it again",
      },
    ]);
  });
});
