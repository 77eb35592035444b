import { Secret } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redactText } from "./redaction.js";

const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.c2lnbmF0dXJl";

describe("redactText", () => {
  const long = "b0Goldcrest4HkT9vQzR7mWxLpN2s";

  test.each([
    ["a part of 16 characters goes", `id-${long.slice(3, 19)}-x`, "id-[redacted]-x"],
    ["a part of 15 stays", `id-${long.slice(3, 18)}-x`, `id-${long.slice(3, 18)}-x`],
    ["in a sentence a part of 16 goes", `id ${long.slice(3, 19)}, x`, "id [redacted], x"],
    ["in a sentence a part of 15 stays", `id ${long.slice(3, 18)}, x`, `id ${long.slice(3, 18)}, x`],
    ["a part at the very end goes", `id, ${long.slice(-16)}`, "id, [redacted]"],
  ])("of a long secret %s", (_, text, redacted) => {
    expect(redactText(text, [new Secret(long)])).toBe(redacted);
  });

  test("looks at 4,000 characters, and leaves out the word that is cut there", () => {
    const padding = "\u0001".repeat(3990);
    expect(redactText(`a, b${padding}cd efg`)).toBe("a, b cd efg");
    expect(redactText(`a, b${padding}cd efghi`)).toBe("a, b cd");
  });

  test("cuts at 500 characters and says so, without a space at either end", () => {
    expect(redactText(`${"a, ".repeat(166)}bc`)).toHaveLength(500);
    expect(redactText(`${"a, ".repeat(166)}bcd`)).toBe(`${"a, ".repeat(166)}b…`);
    expect(redactText(" a, b\u0000 ")).toBe("a, b");
  });

  test("an empty secret, or one that is not known, takes nothing out", () => {
    const secrets = [new Secret(""), new Secret("[redacted]")];
    expect(secrets[1]?.isKnown).toBe(false);
    expect(redactText("a-b", secrets)).toBe("a-b");
    expect(redactText("a, b", secrets)).toBe("a, b");
  });

  test.each(["request-abcdefghijk-1", "request abcdefghijk, 1"])(
    "of a secret within another one nothing is left over: %s",
    (text) => {
      const secrets = [new Secret("abcd"), new Secret("abcdefghijk")];
      expect(redactText(text, secrets)).toBe(text.replace("abcdefghijk", "[redacted]"));
    },
  );

  test.each([
    [
      "cut at its end",
      (secret: string) => `refused: Bearer-${secret.slice(0, 30)}`,
      "refused: Bearer-[redacted]",
    ],
    ["cut at its start", (secret: string) => `…${secret.slice(-20)} is wrong`, "…[redacted] is wrong"],
    [
      "cut twice",
      (secret: string) => `${secret.slice(4, 20)}|${secret.slice(9, 25)}`,
      "[redacted]|[redacted]",
    ],
  ])("a secret that was %s does not show", (_, cut, redacted) => {
    const secret = "b0Goldcrest4HkT9vQzR7mWxLpN2sYdF6cJgKbVtE1aUoI3";
    expect(redactText(cut(secret), [new Secret(secret)])).toBe(redacted);
  });

  test.each([
    ["no user anna@example.com here", "no user [redacted] here"],
    ["/users/anna@example.com/devices", "/users/[redacted]/devices"],
    ["user=anna%40example.com", "[redacted]"],
    ["<anna.o'neil+mdm@sub.example.co.uk>", "<[redacted]>"],
    ['"anna meyer"@example.com is taken', "[redacted] is taken"],
    ['{"email":"a@b.example","code":3}', '{"email":"[redacted]","code":3}'],
    ["no user müller@exämple.de, m=C3=BCller@x.de", "no user [redacted], [redacted]"],
    ["anna=40example.com, limit=400 size=4096.", "[redacted], limit=400 size=4096."],
    [
      "anna&#64;example.com anna&#x40;example.com anna&commat;example.com",
      "[redacted] [redacted] [redacted]",
    ],
    [
      String.raw`anna\u0040example.com anna＠example.com anna%2540example.com`,
      "[redacted] [redacted] [redacted]",
    ],
    ["Authorization: Bearer abc.def-123", "Authorization: Bearer [redacted]"],
    [`token ${jwt} expired`, "token [redacted] expired"],
    ["see https://mdm.example/e?t=0123456789abcdef&page=2", "see https://mdm.example/e?t=[redacted]&page=2"],
    ["https://user:pass@proxy.example/", "https://[redacted]@proxy.example/"],
    ['password="hunter2" is wrong', 'password="[redacted]" is wrong'],
    ["Invalid token: expired", "Invalid token: expired"],
    ['{"access_token":"abcdef"}', '{"access_token":"[redacted]"}'],
    [String.raw`{\"token\":\"ab\\\"cd\"}`, String.raw`{\"token\":\"[redacted]\"}`],
    [String.raw`{"pwd" : "ab \"c\" d"} bad`, '{"pwd" : "[redacted]"} bad'],
    ['{"tokens":2,"token":["abcdef"]}', '{"tokens":2,"token":["[redacted]"]}'],
    ["X-Api-Key: abc1 session=abcdef", "X-Api-Key: [redacted] session=[redacted]"],
    [
      "https://mdm7.example.com/e/Abcdefghij0123456789xyz is used",
      "https://mdm7.example.com/e/[redacted] is used",
    ],
    [
      "see https://cloud.example.com/apis/androidmanagement.example.com/overview",
      "see https://cloud.example.com/apis/androidmanagement.example.com/overview",
    ],
    ["refresh_token: 1//0abc", "refresh_token: [redacted]"],
    ["-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- bad", "[redacted] bad"],
    ["two\r\nlines\u001b[31m", "two lines [31m"],
    ["enterprises/LC01abc not found", "enterprises/LC01abc not found"],
    ["invalid value at 'duration' (field 4): 3600", "invalid value at 'duration' (field 4): 3600"],
    [
      "device 4f0d1c9a-2b3c-4d5e-8f90-123456789abc is unknown",
      "device 4f0d1c9a-2b3c-4d5e-8f90-123456789abc is unknown",
    ],
    ["", ""],
  ])("%j becomes %j", (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  test.each([
    ["a+b c&d", "as a+b c&d, a%2Bb%20c%26d and a%2Bb+c%26d", "as [redacted], [redacted] and [redacted]"],
    ["a/b", "as a%2fb", "as [redacted]"],
    ['x"y\\z', String.raw`{"v":"x\"y\\z"}`, '{"v":"[redacted]"}'],
    ["(.*)", "not a pattern: (.*)", "not a pattern: [redacted]"],
  ])("takes out the secret %j however it is written", (secret, text, expected) => {
    expect(redactText(text, [new Secret(secret)])).toBe(expected);
  });

  test("cuts to 500 characters, and leaves no half of a surrogate pair", () => {
    const cut = redactText("😀".repeat(600));
    expect(cut).toHaveLength(500);
    expect(cut.endsWith("…")).toBe(true);
    expect(encodeURIComponent(cut)).toContain("%E2%80%A6");
  });

  test("no e-mail address survives, whatever is around it", () => {
    fc.assert(
      fc.property(fc.string(), fc.emailAddress(), fc.string(), (before, address, after) => {
        expect(redactText(`${before}${address} ${after}`)).not.toContain(address);
        expect(redactText(`${before} ${address}${after}`)).not.toContain(address);
      }),
    );
  });

  test("no given secret survives, whatever is around it", () => {
    const secrets = fc
      .string({ minLength: 6, unit: "grapheme" })
      .filter((text) => !"[redacted]".includes(text));
    fc.assert(
      fc.property(fc.string(), secrets, fc.string(), (before, value, after) => {
        const text = before + value + after + JSON.stringify({ value });
        expect(redactText(text, [new Secret(value)])).not.toContain(value);
      }),
    );
  });

  test("no part of an address or token survives a cut of a very long text", () => {
    const words = fc.constantFrom("anna@example.com", jwt, "ordinary", "Bearer abcdefgh");
    fc.assert(
      fc.property(fc.array(words, { minLength: 300, maxLength: 600 }), (parts) => {
        expect(redactText(parts.join(" "))).not.toMatch(/anna|eyJ|abcdef/);
      }),
      { numRuns: 20 },
    );
  });

  test("is quick on hostile text", () => {
    const started = performance.now();
    for (const unit of [
      "a",
      "@",
      "=?",
      "-----BEGIN ",
      "eyJaaaa.",
      "//",
      '"',
      "=40a.",
      "://a/1",
      "token=\\\\",
      '"token":"',
    ])
      redactText(unit.repeat(1_000_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
