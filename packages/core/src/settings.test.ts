import * as z from "zod";
import { describe, expect, it } from "vitest";
import { Secret } from "./secret.js";
import { secretSetting, urlSetting } from "./settings.js";

describe("secretSetting", () => {
  it("takes a Secret and nothing else", () => {
    const schema = secretSetting("a key");
    const secret = new Secret("CANARY");
    expect(schema.parse(secret)).toBe(secret);
    for (const wrong of ["CANARY", undefined, null, {}]) {
      const { error } = schema.safeParse(wrong);
      expect(error?.issues[0]?.message).toContain('must be a secret: {"$env": "NAME"}');
      expect(z.prettifyError(error as z.ZodError)).not.toContain("CANARY");
    }
  });
});

describe("urlSetting", () => {
  it.each([
    ["https://api.example.com/v1", "https://api.example.com/v1"],
    ["http://127.0.0.1:4010/v1//", "http://127.0.0.1:4010/v1"],
    [new Secret("https://api.example.com"), "https://api.example.com"],
  ])("%s", (input, expected) => {
    expect(urlSetting("where").parse(input)).toBe(expected);
  });

  it.each([
    "api.example.com",
    "ftp://example.com",
    "",
    7,
    undefined,
    "https://user:CANARY@example.com",
    "https://CANARY@example.com/v1",
    "https://example.com/v1?key=CANARY",
    "https://example.com/v1#CANARY",
  ])("refuses %j", (input) => {
    const { error } = urlSetting("where").safeParse(input);
    expect(error?.issues[0]?.message).toContain("must be a URL such as https://api.example.com/v1");
    expect(JSON.stringify(error?.issues)).not.toContain("CANARY");
  });
});
