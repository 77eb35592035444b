import { randomBytes } from "node:crypto";
import { EnrollmentError, Secret } from "@enrollkit/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyRing } from "./key-ring.js";

const keyOf = (fill: number) => new Secret(Buffer.alloc(32, fill).toString("base64"));
const ring = new KeyRing([keyOf(1)]);

const codeOf = (open: () => string): string => {
  try {
    return `opened: ${open()}`;
  } catch (error) {
    return EnrollmentError.is(error) ? error.code : String(error);
  }
};

describe("a key", () => {
  const bytes = randomBytes(32);
  it.each([
    ["base64", bytes.toString("base64")],
    ["base64url", bytes.toString("base64url")],
    ["hex", bytes.toString("hex")],
    ["hex in capitals", bytes.toString("hex").toUpperCase()],
    ["a file with a line end", `${bytes.toString("base64")}\n`],
  ])("is the same in %s", (_, text) => {
    const sealed = new KeyRing([new Secret(bytes.toString("base64"))]).seal("text", "context") ?? "";
    expect(new KeyRing([new Secret(text)]).open(sealed, "context")).toBe("text");
  });

  it.each([
    ["empty", ""],
    ["too short", randomBytes(31).toString("base64")],
    ["too long", randomBytes(33).toString("base64")],
    ["a word", "correct horse battery staple"],
    ["64 characters that are no hex", "g".repeat(64)],
  ])("that is %s is refused, and not repeated", (_, text) => {
    const make = () => new KeyRing([keyOf(1), new Secret(text)]);
    expect(make).toThrow("keys[1] is not a key: it must be 32 bytes in base64 or in hex");
    expect(make).toThrow(expect.objectContaining({ code: "invalid-config", path: "keys[1]" }) as Error);
  });
});

describe("sealing", () => {
  it("gives back what was sealed, and shows nothing of it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (text, context) => {
        const sealed = ring.seal(text, context) ?? "";
        expect(ring.open(sealed, context)).toBe(text);
        expect(sealed).toMatch(/^[0-9a-f]{16}\.[A-Za-z0-9_-]+$/);
        expect(ring.isCurrent(sealed)).toBe(true);
      }),
    );
  });

  it("never seals the same twice alike", () => {
    expect(ring.seal("text", "context")).not.toBe(ring.seal("text", "context"));
  });

  it("opens for nothing else", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        const sealed = ring.seal("text", one) ?? "";
        expect(codeOf(() => ring.open(sealed, other))).toBe("protocol");
      }),
    );
  });

  it("finds any change of any character", () => {
    const sealed = ring.seal("a text of some length", "context") ?? "";
    const [id = ""] = sealed.split(".");
    const characters = "ABCabc019-_.=+/ ".split("");
    fc.assert(
      fc.property(
        fc.integer({ min: id.length + 1, max: sealed.length - 1 }),
        fc.constantFrom("replace", "insert", "cut"),
        fc.constantFrom(...characters),
        (place, how, character) => {
          const rest = how === "insert" ? sealed.slice(place) : sealed.slice(place + 1);
          const changed = sealed.slice(0, place) + (how === "cut" ? "" : character) + rest;
          fc.pre(changed !== sealed);
          expect(codeOf(() => ring.open(changed, "context"))).toBe("protocol");
        },
      ),
    );
  });

  it.each(["", ".", "AAAA", "AAAAAAAAAAAAAAAA", `${"A".repeat(40)}==`, "x.y"])(
    "opens nothing that is no sealed value: key.%s",
    (text) => {
      expect(codeOf(() => ring.open(`${ring.currentId ?? ""}.${text}`, "context"))).toBe("protocol");
    },
  );

  it("needs the key that it was sealed with, in whatever place, and names keys by their ids", () => {
    const sealed = ring.seal("text", "context") ?? "";
    const other = new KeyRing([keyOf(2)]);
    expect(new KeyRing([keyOf(2), keyOf(1)]).open(sealed, "context")).toBe("text");
    expect(new KeyRing([keyOf(2), keyOf(1)]).isCurrent(sealed)).toBe(false);
    expect(() => other.open(sealed, "context")).toThrow(
      `the ledger is sealed with the key ${ring.currentId ?? ""}; the keys given are ${other.currentId ?? ""}`,
    );
    expect(() => new KeyRing([]).open(sealed, "context")).toThrow("no key was given");
  });

  it("does nothing without a key", () => {
    expect(new KeyRing([]).seal("text", "context")).toBeUndefined();
    expect(new KeyRing([]).currentId).toBeUndefined();
    expect(new KeyRing([]).isCurrent(ring.seal("text", "context") ?? "")).toBe(false);
  });

  it("shows no key in an error", () => {
    const error: unknown = (() => {
      try {
        return ring.open(`${ring.currentId ?? ""}.AAAA`, "context");
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(JSON.stringify(error)).not.toContain(keyOf(1).reveal());
  });
});
