import { Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { planted } from "./canaries.js";
import { showings } from "./showings.js";

const secret = planted.enrollmentToken;

const shows = (value: unknown): readonly string[] =>
  showings(value)
    .filter(({ text }) => Buffer.from(text).includes(secret))
    .map(({ way }) => way);

class WithGetter {
  get token() {
    return secret;
  }
}

const loop: Record<string, unknown> = { token: secret };
loop["self"] = loop;

describe("a value shows", () => {
  it.each([
    ["text", secret, ["String", "util.inspect", "JSON", "a core dump", "structured clone"]],
    ["a member", { a: [{ b: secret }] }, ["util.inspect", "JSON", "a core dump", "structured clone"]],
    ["a key", new Map([[secret, 1]]), ["util.inspect", "a core dump", "structured clone"]],
    ["an item", new Set([secret]), ["util.inspect", "a core dump", "structured clone"]],
    ["bytes", { bytes: Buffer.from(secret) }, ["a core dump", "structured clone"]],
    [
      "what is hidden",
      Object.defineProperty({}, "token", { value: secret }),
      ["util.inspect", "a core dump"],
    ],
    ["a symbol's", { [Symbol("token")]: secret }, ["util.inspect", "a core dump"]],
    ["what a class computes", new WithGetter(), ["a core dump"]],
    ["a function's", Object.assign(() => 0, { token: secret }), ["util.inspect", "a core dump"]],
    ["itself", loop, ["util.inspect", "JSON", "a core dump", "structured clone"]],
  ])("%s", (_, value, ways) => {
    expect(shows(value)).toEqual(expect.arrayContaining(ways));
  });

  it("what caused an error, and what caused that", () => {
    const error = new Error("outer", { cause: new Error("middle", { cause: new Error(secret) }) });
    expect(shows(error)).toEqual(
      expect.arrayContaining(["util.inspect", "a core dump", "the cause in String", "the cause's stack"]),
    );
  });

  it("no Secret", () => {
    expect(shows({ deep: [new Secret(secret), new Error("x", { cause: new Secret(secret) })] })).toEqual([]);
  });

  it("nothing, where it has no text of its own", () => {
    expect(shows(Object.create(null))).toEqual([]);
  });
});
