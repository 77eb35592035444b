import { describe, expect, it } from "vitest";
import { hasOriginOf, originGuard } from "./origins.js";

describe("hasOriginOf", () => {
  const others = ["https://api.example.com/v1", "http://127.0.0.1:8080", "nonsense"];
  it.each([
    ["https://api.example.com/elsewhere?x=1", true],
    ["https://API.example.com:443/", true],
    ["http://127.0.0.1:8080/x", true],
    ["http://api.example.com/", false],
    ["https://api.example.com:444/", false],
    ["https://api.example.com.evil.example/", false],
    ["ftp://api.example.com/", false],
    ["nonsense", false],
    ["", false],
  ])("%s: %s", (url, expected) => {
    expect(hasOriginOf(url, others)).toBe(expected);
  });
});

describe("originGuard", () => {
  const guard = (url: URL) => {
    originGuard(["https://api.example.com/v1", "nonsense", "http://127.0.0.1:8080"], "phones")(url);
  };

  it("lets its own pass, and everything where nothing is listed", () => {
    expect(() => {
      guard(new URL("https://api.example.com/v2/x"));
      originGuard(undefined, "phones")(new URL("https://evil.example/"));
    }).not.toThrow();
  });

  it("refuses another, and names both", () => {
    const call = () => {
      guard(new URL("https://evil.example/v1?token=canary"));
    };
    expect(call).toThrow(
      "nothing was sent to https://evil.example: phones calls only https://api.example.com, http://127.0.0.1:8080",
    );
    expect(call).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        provider: "phones",
        advice: "If that is the vendor's own address, name it in the provider's settings.",
      }) as Error,
    );
  });

  it("does not repeat a name that may be a secret", () => {
    expect(() => {
      guard(new URL("https://q7zk1m0tt3bvv4yd2h9swc8plx.evil.example/"));
    }).toThrow("nothing was sent to another host:");
  });

  it("refuses all where the list is empty", () => {
    expect(() => {
      originGuard([], "phones")(new URL("https://api.example.com/"));
    }).toThrow();
  });
});
