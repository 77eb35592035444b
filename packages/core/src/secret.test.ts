import { inspect } from "node:util";
import { serialize } from "node:v8";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EnrollmentError } from "./errors.js";
import { Secret } from "./secret.js";

const canary = "QWJKLPRTZXCVBNMASDFG";
const secret = new Secret(canary);
/** For operations that the compiler would not let a Secret into. */
const asText = secret as unknown as string;
const asRecord = secret as unknown as Record<string, unknown>;

describe("a Secret does not leak", () => {
  it.each<[string, () => string]>([
    ["String()", () => String(secret)],
    ["template text", () => `<${asText}>`],
    ["concatenation", () => "<" + asText],
    ["JSON", () => JSON.stringify({ secret })],
    ["inspect", () => inspect({ secret }, { depth: null, showHidden: true, getters: true })],
    ["inspect with customInspect off", () => inspect(secret, { customInspect: false, showHidden: true })],
    ["spread", () => JSON.stringify({ ...asRecord })],
    ["own property names", () => Reflect.ownKeys(secret).map(String).join()],
    ["structured clone", () => inspect(structuredClone({ secret: { ...asRecord } }), { showHidden: true })],
    ["v8 serialization", () => serialize({ ...asRecord }).toString("latin1")],
    ["an error's message", () => new Error(`refused ${String(secret)}`).message],
    [
      "an error's JSON",
      () => JSON.stringify(new EnrollmentError(String(secret), { code: "unknown", cause: secret })),
    ],
    [
      "an inspected error",
      () => inspect(new EnrollmentError("x", { code: "unknown", cause: { secret } }), { depth: null }),
    ],
  ])("through %s", (_, leak) => {
    expect(leak()).not.toContain(canary);
  });

  it("a structured clone of the Secret itself holds nothing", () => {
    const clone = structuredClone(secret) as object;
    expect(Reflect.ownKeys(clone)).toEqual([]);
    expect(inspect(clone, { showHidden: true })).not.toContain(canary);
  });

  it("prints as redacted", () => {
    expect(String(secret)).toBe("[redacted]");
    expect(inspect(secret)).toBe("Secret([redacted])");
    expect(JSON.stringify({ secret })).toBe('{"secret":"[redacted]"}');
  });
});

describe("a Secret opens", () => {
  it("by reveal alone", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => text !== "[redacted]"),
        (text) => {
          expect(new Secret(text).reveal()).toBe(text);
        },
      ),
    );
  });

  it("is recognised also when another copy of the package made it", () => {
    const foreign = { [Symbol.for("@enrollkit/core/Secret")]: true };
    expect([secret, foreign, "text", null, {}].map((value) => Secret.is(value))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("refuses what is not text", () => {
    expect(() => new Secret(42 as unknown as string)).toThrow("a Secret holds a string");
  });

  it("knows when its value was lost on the way", () => {
    const lost = new Secret(JSON.parse(JSON.stringify(secret)) as string);
    expect([secret.isKnown, lost.isKnown]).toEqual([true, false]);
    expect(() => lost.reveal()).toThrow("was redacted when it was written down");
  });
});

describe("comparison", () => {
  it.each([
    [canary, true],
    [`${canary}x`, false],
    [canary.slice(1), false],
    ["", false],
  ])("with %j is %s", (other, expected) => {
    expect(secret.equals(other)).toBe(expected);
    expect(secret.equals(new Secret(other))).toBe(expected);
  });
});
