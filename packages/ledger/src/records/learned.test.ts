import { enrollmentStates, type EnrollmentState } from "@enrollkit/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeDevices, mergeKnowledge, type Knowledge } from "./learned.js";

const pending: Knowledge = { state: "pending", devices: [], usedAt: undefined, detail: undefined };
const states = fc.constantFrom(...enrollmentStates);
const kinds = fc.constantFrom("one-use" as const, "many-uses" as const);
const devices = fc.array(
  fc.record(
    { id: fc.constantFrom("a", "b", "c"), name: fc.constantFrom("x", "y") },
    { requiredKeys: ["id"] },
  ),
  { maxLength: 4 },
);
const status = fc.record({ state: states, devices });

type Heard = Parameters<typeof mergeKnowledge>[1];

const after = (known: EnrollmentState, heard: EnrollmentState, kind: "one-use" | "many-uses") =>
  mergeKnowledge({ ...pending, state: known }, { state: heard, devices: [] }, kind).state;

describe("what is learned of an enrollment", () => {
  it.each([
    ["pending", "used", "one-use", "used"],
    ["pending", "expired", "one-use", "expired"],
    ["pending", "unknown", "one-use", "pending"],
    ["expired", "used", "one-use", "used"],
    ["failed", "pending", "one-use", "pending"],
    ["used", "pending", "one-use", "used"],
    ["used", "expired", "many-uses", "used"],
    ["used", "revoked", "one-use", "used"],
    ["used", "revoked", "many-uses", "revoked"],
    ["revoked", "pending", "one-use", "revoked"],
    ["revoked", "used", "one-use", "used"],
    ["revoked", "used", "many-uses", "revoked"],
    ["unknown", "pending", "many-uses", "pending"],
  ] as const)("was %s, and %s is heard (%s): it is %s", (known, heard, kind, state) => {
    expect(after(known, heard, kind)).toBe(state);
  });

  it("is the same in whatever order it is heard, once it was used", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(["pending", "used", "revoked"] as const), kinds, (heard, kind) => {
        fc.pre(heard.includes("used"));
        const end = heard.reduce<EnrollmentState>((known, each) => after(known, each, kind), "pending");
        expect(end).toBe(kind === "many-uses" && heard.includes("revoked") ? "revoked" : "used");
      }),
    );
  });

  it("is nothing new the second time, and loses no device", () => {
    fc.assert(
      fc.property(fc.array<Heard>(status), status, kinds, (before, last, kind) => {
        const merge = (known: Knowledge, heard: Heard): Knowledge => {
          const { state, devices, usedAt, detail } = mergeKnowledge(known, heard, kind);
          return { state, devices, usedAt, detail };
        };
        const once = merge(before.reduce(merge, pending), last);
        expect(mergeKnowledge(once, last, kind).isNew).toBe(false);
        const ids = [...before, last].flatMap((each) => each.devices.map(({ id }) => id));
        expect(once.devices.map(({ id }) => id)).toEqual([...new Set(ids)]);
      }),
    );
  });

  it("describes a device as it was last described", () => {
    expect(
      mergeDevices(
        [{ id: "a", name: "old", serialNumber: "1" }, { name: "nameless" }],
        [{ id: "b" }, { id: "a", name: "new", serialNumber: undefined }, { name: "nameless" }],
      ),
    ).toEqual([{ id: "a", name: "new", serialNumber: "1" }, { name: "nameless" }, { id: "b" }]);
  });

  it("keeps the earliest use, with the digits that it is known by", () => {
    const used = { ...pending, state: "used", usedAt: "2026-09-20T10:00:00Z" } as const;
    const at = (usedAt: `${string}Z`) =>
      mergeKnowledge(used, { state: "used", devices: [], usedAt }, "one-use").usedAt;
    expect(at("2026-09-20T10:00:00.000Z")).toBe("2026-09-20T10:00:00Z");
    expect(at("2026-09-20T10:00:01Z")).toBe("2026-09-20T10:00:00Z");
    expect(at("2026-09-20T09:59:59Z")).toBe("2026-09-20T09:59:59Z");
  });

  it("keeps why the vendor cannot tell, as long as nothing better is known", () => {
    const mute = { state: "unknown", devices: [], detail: "gone before its time" } as const;
    const heard = mergeKnowledge(pending, mute, "one-use");
    expect(heard).toMatchObject({ state: "pending", detail: "gone before its time", isNew: true });
    const used = { ...pending, state: "used", detail: "still live" } as const;
    expect(mergeKnowledge(used, mute, "one-use")).toMatchObject({ detail: "still live", isNew: false });
  });
});
