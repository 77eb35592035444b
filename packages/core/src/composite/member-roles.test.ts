import { describe, expect, it, vi } from "vitest";
import { collect } from "../../test/collect.js";
import { fakeProvider } from "../../test/fake-provider.js";
import type { EnrollmentState, EnrollmentSummary } from "../enrollment.js";
import { EnrollmentError, type EnrollmentErrorCode } from "../errors.js";
import { supports, type EnrollmentProvider, type WithRole } from "../provider.js";
import type { TrackedEnrollment } from "../roles.js";
import {
  allWith,
  listingOver,
  memberNamed,
  retrievalOver,
  revocationOver,
  trackingOver,
} from "./member-roles.js";
import { createRouter } from "./router.js";

const failure = (code: EnrollmentErrorCode, message: string = code) => new EnrollmentError(message, { code });

/** A member that has one enrollment, or fails in its own way. */
const holding = (name: string, has: string | EnrollmentError) => {
  const { provider } = fakeProvider(name);
  const get = vi.fn(async (id: string) => {
    if (typeof has !== "string") throw has;
    if (id !== has) throw failure("not-found", `${name} has no ${id}`);
    return provider.createEnrollment({ key: id });
  });
  const revoke = vi.fn<(id: string) => Promise<void>>(() => Promise.resolve());
  return { ...provider, retrieval: { get }, revocation: { revoke } };
};

/** A member that knows the states of some enrollments. */
const tracking = (name: string, known: Readonly<Record<string, EnrollmentState>>) => {
  const getStatuses = vi.fn((asked: readonly TrackedEnrollment[]) =>
    Promise.resolve(asked.map(({ id }) => ({ id, state: known[id] ?? "unknown", devices: [] }))),
  );
  return { ...fakeProvider(name).provider, tracking: { getStatuses } };
};

const asked = ({ tracking: { getStatuses } }: ReturnType<typeof tracking>) =>
  getStatuses.mock.calls.map(([enrollments]) => enrollments.map(({ id }) => id));

describe("allWith", () => {
  it("is all of them, or none", () => {
    const able: EnrollmentProvider = holding("able", "e1");
    const plain = fakeProvider("plain").provider;
    expect(supports(able, "retrieval")).toBe(true);
    expect(allWith([able, able], "retrieval")).toEqual([able, able]);
    expect(allWith([able, plain], "retrieval")).toEqual([]);
  });
});

describe("memberNamed", () => {
  const [east, west] = [fakeProvider("east").provider, fakeProvider("west").provider];
  const around = createRouter({
    name: "around",
    rules: [{ when: { tenant: "s" }, provider: "south" }, { provider: "west" }],
    providers: [west, fakeProvider("south").provider],
  });
  it.each<[string | undefined, EnrollmentProvider | undefined]>([
    ["east", east],
    ["around", around],
    ["west", around],
    ["north", undefined],
    [undefined, undefined],
  ])("of %s", (name, member) => {
    expect(memberNamed([east, around], name)).toBe(member);
  });
});

describe("retrieval", () => {
  it("asks one after the other, until one has it", async () => {
    const members = [holding("one", "e1"), holding("two", "e2"), holding("three", "e3")];
    expect(await retrievalOver(members).get("e2")).toMatchObject({ provider: "two", key: "e2" });
    expect(members.map(({ retrieval }) => retrieval.get.mock.calls.length)).toEqual([1, 1, 0]);
  });

  it.each<[string, EnrollmentError, EnrollmentErrorCode]>([
    ["finds it malformed", failure("invalid-request"), "not-found"],
    ["is out of order", failure("unavailable"), "unavailable"],
  ])("where nobody has it and one %s, that is said: %o", async (_, error, code) => {
    const members = [holding("one", error), holding("two", "e2")];
    await expect(retrievalOver(members).get("e9")).rejects.toMatchObject({ code });
    expect(await retrievalOver(members).get("e2")).toMatchObject({ provider: "two" });
  });

  it("says that an id is malformed where each of them says so", async () => {
    const members = [
      holding("one", failure("invalid-request", "first")),
      holding("two", failure("invalid-request")),
    ];
    await expect(retrievalOver(members).get("e9")).rejects.toThrow("first");
  });

  it("passes on what is no such error", async () => {
    const bug = new TypeError("x is not a function");
    const broken = { ...holding("one", "e1"), retrieval: { get: () => Promise.reject(bug) } };
    await expect(retrievalOver([broken, holding("two", "e2")]).get("e9")).rejects.toBe(bug);
  });

  it("asks nobody else after an abort", async () => {
    const reason = new Error("enough");
    const members = [holding("one", failure("not-found")), holding("two", "e2")];
    await expect(retrievalOver(members).get("e2", { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    expect(members[1]?.retrieval.get).not.toHaveBeenCalled();
  });
});

describe("revocation", () => {
  const revoked = (members: readonly ReturnType<typeof holding>[]) =>
    members.map(({ revocation }) => revocation.revoke.mock.calls.map(([id]) => id));

  it("is where it is, and nowhere else", async () => {
    const members = [holding("one", "e1"), holding("two", "e2")];
    await revocationOver(members).revoke("e2");
    expect(revoked(members)).toEqual([[], ["e2"]]);
  });

  it("succeeds where nobody has it", async () => {
    const members = [holding("one", "e1"), holding("two", failure("invalid-request"))];
    await revocationOver(members).revoke("e9");
    expect(revoked(members)).toEqual([[], []]);
  });

  it("fails where one that may have it cannot be asked", async () => {
    const members = [holding("one", failure("unavailable")), holding("two", "e2")];
    await expect(revocationOver(members).revoke("e9")).rejects.toMatchObject({ code: "unavailable" });
  });
});

describe("tracking", () => {
  const members = () => [
    tracking("one", { a: "used", c: "expired" }),
    tracking("two", { b: "pending", c: "used" }),
  ];
  const statesOf = async (over: ReturnType<typeof members>, ...enrollments: readonly TrackedEnrollment[]) =>
    (await trackingOver(over).getStatuses(enrollments)).map(({ id, state }) => [id, state]);

  it("asks the one that is named", async () => {
    const over = members();
    expect(await statesOf(over, { id: "c", provider: "two" }, { id: "a", provider: "one" })).toEqual([
      ["c", "used"],
      ["a", "used"],
    ]);
    expect(over.map(asked)).toEqual([[["a"]], [["c"]]]);
  });

  it("asks one after the other where none is named, or one that is not there", async () => {
    const over = members();
    expect(await statesOf(over, { id: "a" }, { id: "b", provider: "gone" }, { id: "x" })).toEqual([
      ["a", "used"],
      ["b", "pending"],
      ["x", "unknown"],
    ]);
    expect(over.map(asked)).toEqual([[["a", "b", "x"]], [["b", "x"]]]);
  });

  it("asks nobody about nothing", async () => {
    const over = members();
    expect(await statesOf(over, { id: "a", provider: "one" })).toEqual([["a", "used"]]);
    expect(over.map(asked)).toEqual([[["a"]], []]);
  });

  it("what a member does not answer stays unknown", async () => {
    const silent = { ...tracking("one", {}), tracking: { getStatuses: () => Promise.resolve([]) } };
    expect(await trackingOver([silent]).getStatuses([{ id: "a" }])).toEqual([
      { id: "a", state: "unknown", devices: [] },
    ]);
  });
});

describe("listing", () => {
  const listing = (
    name: string,
    vendor: string,
    ...ids: readonly string[]
  ): WithRole<EnrollmentProvider, "listing"> => ({
    ...fakeProvider(name).provider,
    listing: {
      list: async function* () {
        for (const id of ids) {
          await Promise.resolve();
          yield { vendor, id, provider: name } as EnrollmentSummary;
        }
      },
    },
  });

  it("has each member's, and what two list of one account once", async () => {
    const over = [
      listing("one", "acme", "a", "b"),
      listing("two", "acme", "b", "c"),
      listing("three", "other", "a"),
    ];
    const listed = await collect(listingOver(over).list());
    expect(listed.map(({ provider, id }) => `${provider} ${id}`)).toEqual([
      "one a",
      "one b",
      "two c",
      "three a",
    ]);
  });
});
