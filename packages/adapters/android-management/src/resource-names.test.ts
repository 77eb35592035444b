import { describe, expect, it } from "vitest";
import {
  findResourceName,
  isResourceId,
  resolveResourceName,
  resourceId,
  resourceName,
  resourcePath,
} from "./resource-names.js";

const own = "enterprises/LC01/enrollmentTokens/";

it("is what Google calls it", () => {
  expect(resourceName("LC01", "policies", "warehouse")).toBe("enterprises/LC01/policies/warehouse");
});

it.each([
  ["warehouse", true],
  ["a b", true],
  ["w", true],
  ["...", true],
  [".hidden", true],
  ["a.", true],
  ["é", true],
  ["😀", true],
  ["", false],
  [".", false],
  ["..", false],
  ["a/b", false],
  ["/a", false],
  ["a/", false],
  ["a\ud800", false],
  ["\udc00a", false],
])("%j can be the last part of a name: %s", (id, expected) => {
  expect(isResourceId(id)).toBe(expected);
});

it.each([
  ["enterprises/LC01/devices/d1", "d1"],
  ["d1", "d1"],
])("the last part of %s is %s", (name, id) => {
  expect(resourceId(name)).toBe(id);
});

describe("a caller's id", () => {
  it.each<[string, string | undefined]>([
    ["t1", `${own}t1`],
    [`${own}t1`, `${own}t1`],
    [own, undefined],
    ["", undefined],
    ["enterprises/LC02/enrollmentTokens/t1", undefined],
    ["enterprises/LC01/devices/t1", undefined],
    [`t1/${own}`, undefined],
    ["..", undefined],
  ])("%j is %j", (id, name) => {
    expect(findResourceName("LC01", "enrollmentTokens", id)).toBe(name);
  });

  it("is the name, where the call needs one", () => {
    const provider = { name: "phones", enterprise: "LC01" };
    expect(resolveResourceName(provider, "enrollmentTokens", "t1")).toBe(`${own}t1`);
    expect(() =>
      resolveResourceName(provider, "enrollmentTokens", "enterprises/LC02/enrollmentTokens/t1"),
    ).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        provider: "phones",
        path: "id",
        message: `id must be ${own}… or the part after it`,
      }),
    );
  });
});

it("keeps slashes in a URL, and encodes the rest", () => {
  expect(resourcePath("enterprises/LC01/policies/a b?")).toBe("enterprises/LC01/policies/a%20b%3F");
});
