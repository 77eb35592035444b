import { describe, expect, it } from "vitest";
import { callTag, isCallTag, requestTag, withoutCorrelation } from "./correlation.js";

describe("the tag of a request", () => {
  it("is the same in every process, and shows nothing of the key", () => {
    // The first 16 digits of `printf 'ana@example.com' | sha256sum`.
    expect(requestTag("ana@example.com")).toBe("enrollkit:8e43ca37701228e7");
    expect(requestTag("ben@example.com")).not.toBe(requestTag("ana@example.com"));
  });

  it("tells accents apart", () => {
    expect(requestTag("é")).not.toBe(requestTag("e"));
  });
});

describe("the tag of a bulk call", () => {
  it("is the same for the same keys in any order, and leaves them as they are", () => {
    const keys = ["b", "a"];
    expect(callTag(keys)).toBe(callTag(["a", "b"]));
    expect(keys).toEqual(["b", "a"]);
    expect(callTag(["a"])).not.toBe(callTag(keys));
  });

  it("tells where one key ends", () => {
    expect(callTag(["a,b"])).not.toBe(callTag(["a", "b"]));
  });

  it("is known again, and is no request's", () => {
    expect(callTag(["a"])).toMatch(/^enrollkit-call:[0-9a-f]{16}$/);
    expect(isCallTag(callTag(["a"]))).toBe(true);
    expect(isCallTag(requestTag("a"))).toBe(false);
    expect(isCallTag("my enrollkit-call:")).toBe(false);
  });
});

it("leaves the caller's own tags, in their order", () => {
  const tags = ["sales", requestTag("a"), "x enrollkit:", callTag(["a"]), "all"];
  expect(withoutCorrelation(tags)).toEqual(["sales", "x enrollkit:", "all"]);
});
