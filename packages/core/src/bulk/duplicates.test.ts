import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDuplicateCheck, type UniqueValue } from "./duplicates.js";

describe("createDuplicateCheck", () => {
  it("refuses what a Map of all the texts would refuse, and names the same earlier input", () => {
    const word = fc.constantFrom("", "a", "b", "ab", "Ä", "\u{1f4f1}", "\ud83d");
    const value = fc.record<UniqueValue>({
      scope: fc.constantFrom("", "phones"),
      field: fc.constantFrom("key", "device.name"),
      value: fc.oneof(word, fc.string(), fc.constant(undefined)),
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { maxLength: 3 }), { maxLength: 60 }),
        fc.nat(),
        (inputs, seed) => {
          const check = createDuplicateCheck("requests", seed);
          const seen = new Map<string, number>();
          for (const [index, values] of inputs.entries()) {
            // An input has each field once.
            const distinct = [
              ...new Map(values.map((each) => [`${each.scope} ${each.field}`, each])).values(),
            ];
            const ids = distinct
              .filter((each) => each.value !== undefined)
              .map((each) => ({ field: each.field, id: JSON.stringify(each) }));
            const repeated = ids.find(({ id }) => seen.has(id));
            const error = check(index, distinct);
            if (repeated === undefined) {
              expect(error).toBeUndefined();
              for (const { id } of ids) seen.set(id, index);
            } else {
              expect(error).toMatchObject({ code: "invalid-request", path: repeated.field });
              expect(error?.message).toBe(
                `${repeated.field} is the same as in requests[${seen.get(repeated.id)}]; each must have its own`,
              );
            }
          }
        },
      ),
    );
  });

  it("does not repeat the value, which may be an address", () => {
    const check = createDuplicateCheck("requests");
    const values = [{ scope: "", field: "recipient.email", value: "ana@example.com" }];
    expect(check(0, values)).toBeUndefined();
    expect(JSON.stringify(check(1, values))).not.toContain("ana");
  });
});
