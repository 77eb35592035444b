import { describe, expect, it } from "vitest";
import { collect } from "../../test/collect.js";
import { fakeProvider } from "../../test/fake-provider.js";
import type { EnrollmentSummary } from "../enrollment.js";
import { EnrollmentError } from "../errors.js";
import type { OperationOutcome } from "../hooks/lifecycle-hooks.js";
import { observeProvider } from "../hooks/observe-provider.js";
import type { CheckReport, EnrollmentProvider } from "../provider.js";
import { createFallback } from "./fallback.js";
import { createRouter } from "./router.js";

/** Each role that a composite may have, as a member plays it. */
const roles = {
  bulk: { createBatch: () => Promise.resolve([]) },
  retrieval: { get: () => Promise.reject(new EnrollmentError("no", { code: "not-found" })) },
  revocation: { revoke: () => Promise.resolve() },
  tracking: { getStatuses: () => Promise.resolve([]) },
  reconciliation: { reconcile: () => Promise.resolve([]) },
  listing: {
    list: async function* () {
      yield await Promise.resolve({ id: "e1", vendor: "acme" } as EnrollmentSummary);
    },
  },
} satisfies Partial<EnrollmentProvider>;
type Role = keyof typeof roles;

const memberWith = (name: string, ...names: readonly Role[]): EnrollmentProvider => ({
  ...fakeProvider(name).provider,
  ...Object.fromEntries(names.map((role) => [role, roles[role]])),
});

const kinds: readonly [string, string, (...members: EnrollmentProvider[]) => EnrollmentProvider][] = [
  [
    "router",
    'the router "both"',
    (...members) => {
      const rules = members.map(({ name }) => ({ when: { tenant: name }, provider: name }));
      return createRouter({ name: "both", rules, providers: members });
    },
  ],
  [
    "fallback",
    'the fallback "both"',
    (...members) =>
      createFallback({ name: "both", order: members.map(({ name }) => name), providers: members }),
  ],
];

describe.each(kinds)("a %s", (vendor, product, over) => {
  const all = Object.keys(roles) as Role[];

  it("says what it is", () => {
    const { name, descriptor } = over(memberWith("one"), memberWith("two"));
    expect({ name, vendor: descriptor.vendor, product: descriptor.product }).toEqual({
      name: "both",
      vendor,
      product,
    });
  });

  it.each<[string, readonly Role[], readonly Role[], readonly Role[]]>([
    ["every role, if all members have it", all, all, all],
    ["none, if no member has one", [], [], []],
    ["batches, if one member has them", ["bulk"], [], ["bulk"]],
    [
      "a role not, if one member lacks it",
      ["retrieval", "listing", "tracking", "reconciliation"],
      ["listing"],
      ["listing"],
    ],
    ["each by itself: retrieval", ["retrieval"], ["retrieval"], ["retrieval"]],
    ["each by itself: tracking", ["tracking"], ["tracking"], ["tracking"]],
    ["each by itself: reconciliation", ["reconciliation"], ["reconciliation"], ["reconciliation"]],
    ["revocation not without a way to find whose it is", ["revocation"], ["revocation"], []],
    ["revocation not, if one member lacks it", ["retrieval", "revocation"], ["retrieval"], ["retrieval"]],
  ])("has %s", (_, one, other, both) => {
    const composite = over(memberWith("one", ...one), memberWith("two", ...other));
    const present = all.filter((role) => composite[role] !== undefined);
    expect(present.toSorted()).toEqual(both.toSorted());
    expect(composite.descriptor.roles.toSorted()).toEqual(both.toSorted());
    for (const role of all) if (role in composite) expect(composite[role]).toBeTypeOf("object");
  });

  it("plays its roles by its members'", async () => {
    const composite = over(memberWith("one", ...all), memberWith("two", ...all));
    await expect(composite.retrieval?.get("e9")).rejects.toMatchObject({ code: "not-found" });
    await expect(composite.revocation?.revoke("e9")).resolves.toBeUndefined();
    expect(await composite.tracking?.getStatuses([{ id: "e9" }])).toEqual([
      { id: "e9", state: "unknown", devices: [] },
    ]);
    const listed = composite.listing && (await collect(composite.listing.list()));
    expect(listed).toHaveLength(1);
  });

  it("checks every member, each finding with its name", async () => {
    const report = (provider: string, ok: boolean, ...findings: CheckReport["findings"]) => ({
      provider,
      ok,
      findings,
    });
    const checking = (name: string, check: EnrollmentProvider["check"]) => ({ ...memberWith(name), check });
    const fine = checking("fine", () =>
      Promise.resolve(report("fine", true, { name: "token", status: "passed", message: "works" })),
    );
    const around = checking("around", () =>
      Promise.resolve(
        report("around", true, { name: "token", status: "passed", message: "works", provider: "deep" }),
      ),
    );
    const gone = checking("gone", () =>
      Promise.reject(new EnrollmentError("no answer", { code: "unavailable" })),
    );
    expect(await over(fine, around).check()).toEqual({
      provider: "both",
      ok: true,
      findings: [
        { name: "token", status: "passed", message: "works", provider: "fine" },
        { name: "token", status: "passed", message: "works", provider: "deep" },
      ],
    });
    expect(await over(fine, gone).check()).toEqual({
      provider: "both",
      ok: false,
      findings: [
        { name: "token", status: "passed", message: "works", provider: "fine" },
        { name: "reachable", status: "failed", message: "no answer", provider: "gone" },
      ],
    });
  });

  it("leaves the hooks of its members to them: what is created is told in the member's name", async () => {
    const told: unknown[] = [];
    const hooks = {
      onOutcome: ({ provider, operation, size }: OperationOutcome) => told.push([provider, operation, size]),
    };
    const members = ["one", "two"].map((name) =>
      observeProvider(fakeProvider(name, 5).provider, { hooks }),
    ) as [EnrollmentProvider, EnrollmentProvider];
    const composite = over(...members);
    await composite.createEnrollment({ key: "a", tenant: "one" });
    await composite.bulk?.createBatch([
      { key: "b", tenant: "one" },
      { key: "c", tenant: "one" },
    ]);
    expect(told).toEqual([
      ["one", "create", 1],
      ["one", "create-batch", 2],
    ]);
  });

  it("stays what it is over other members", () => {
    const [one, two] = [memberWith("one"), memberWith("two")];
    const changed = over(one, two).composition?.over((member) => ({ ...member, hooks: {} }));
    expect([changed?.name, changed?.descriptor.vendor]).toEqual(["both", vendor]);
    expect(changed?.composition?.members.map(({ name, hooks }) => [name, hooks])).toEqual([
      ["one", {}],
      ["two", {}],
    ]);
  });
});
