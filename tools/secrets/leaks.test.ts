import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canaries, planted, type Canary } from "./canaries.js";
import { createLeakFinder, longestPart, spellings } from "./leaks.js";

const secret = (text: string): Canary => ({ kind: "credential", name: "a secret", text });
const finds = (text: string, shown: string | Uint8Array) => createLeakFinder([secret(text)]).find(shown);

const password = "p&\"ss/w+rd=<7>\\'$";

describe("a canary is found", () => {
  it.each([
    ["as it is", `password is ${password}!`],
    ["in a URL", `https://x.example/?p=${encodeURIComponent(password)}`],
    ["in a URL within a URL", encodeURIComponent(`https://x.example/?p=${encodeURIComponent(password)}`)],
    ["in a form", new URLSearchParams({ password }).toString()],
    ["in JSON", JSON.stringify({ password })],
    ["in JSON within JSON", JSON.stringify({ body: JSON.stringify({ password }) })],
    ["in HTML", "<b>p&amp;&quot;ss/w+rd=&lt;7&gt;\\&#39;$</b>"],
    ["in basic authorization", `Basic ${Buffer.from(`user:${password}`).toString("base64")}`],
    ["in base64url", Buffer.from(`{"p":"${password}"}`).toString("base64url")],
    ["in hexadecimal", Buffer.from(`x${password}`).toString("hex")],
  ])("%s", (_, shown) => {
    expect(finds(password, shown)).not.toEqual([]);
  });

  it("in bytes that are no text", () => {
    expect(finds(password, Buffer.concat([Buffer.of(0xff, 0, 0xc3), Buffer.from(password)]))).not.toEqual([]);
  });

  it("by any part of it that is long enough, and by no shorter one", () => {
    const text = planted.accessToken;
    expect(finds(text, `…${text.slice(7, 7 + longestPart)}…`)).toHaveLength(1);
    expect(finds(text, `…${text.slice(7, 6 + longestPart)}…`)).toEqual([]);
  });

  it("by its name, with what stood before it, and once", () => {
    const [leak, ...others] = finds(password, `first ${password} and ${password}`);
    expect(others).toEqual([]);
    expect(leak).toMatchObject({ canary: { name: "a secret" }, spelling: "as it is", before: "first " });
  });

  it("a person only as a whole: a domain is everybody's", () => {
    const finder = createLeakFinder([{ kind: "person", name: "an address", text: planted.email }]);
    expect(finder.find("mail to somebody@canary.example")).toEqual([]);
    expect(finder.find(encodeURIComponent(planted.email))).not.toEqual([]);
  });

  it("that is too short to be told from other text is refused", () => {
    expect(() => finds("abc", "")).toThrow("a secret is too short to be told");
  });
});

it("every canary in every spelling, anywhere", () => {
  const finder = createLeakFinder(canaries);
  const noise = fc.string({ unit: "binary", maxLength: 60 });
  const property = fc.property(
    fc.constantFrom(...canaries),
    fc.constantFrom(...spellings),
    noise,
    noise,
    (canary, [, write], before, after) => {
      const names = finder.find(before + write(canary.text) + after).map((leak) => leak.canary.name);
      expect(names).toContain(canary.name);
    },
  );
  fc.assert(property, { numRuns: 200 });
});

it("random secrets within base64 of anything", () => {
  const text = fc.string({ unit: "grapheme-ascii", minLength: 8, maxLength: 60 });
  const property = fc.property(text, text, text, (password, before, after) => {
    const bytes = Buffer.from(before + password + after);
    for (const encoding of ["base64", "base64url", "hex"] as const) {
      expect(finds(password, bytes.toString(encoding))).not.toEqual([]);
    }
  });
  fc.assert(property, { numRuns: 100 });
});

it("text without canaries has none", () => {
  const finder = createLeakFinder(canaries);
  const property = fc.property(fc.string({ maxLength: 2000 }), (text) => {
    expect(finder.find(text)).toEqual([]);
  });
  fc.assert(property, { numRuns: 200 });
});
