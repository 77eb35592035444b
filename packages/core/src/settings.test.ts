import * as z from "zod";
import { describe, expect, it } from "vitest";
import { Secret } from "./secret.js";
import { REFERENCE_SETTING, SECRET_SETTING, secretSetting, urlSetting } from "./settings.js";

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

  it("tells config loaders that it is secret, and people what it is", () => {
    expect(secretSetting("a key").meta()).toEqual({ [SECRET_SETTING]: true, description: "a key" });
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
    "xhttp://example.com",
    "httpx://example.com",
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

  it("says of a URL with more in it what must not be there", () => {
    const { error } = urlSetting("where").safeParse("https://example.com/v1?key=CANARY");
    expect(error?.issues[0]?.message).toBe(
      "must be a URL such as https://api.example.com/v1, without user name, password, query and fragment",
    );
  });

  it("tells config loaders that it may be a reference, and people what it is", () => {
    expect(urlSetting("where").meta()).toEqual({ [REFERENCE_SETTING]: true, description: "where" });
  });
});
