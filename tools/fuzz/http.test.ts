import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bodyText } from "../../packages/http/src/body-text.js";
import { readJson } from "../../packages/http/src/json-guard.js";
import { redactText } from "../../packages/http/src/redaction.js";
import { parseRetryAfter } from "../../packages/http/src/retry.js";
import { attempt, cases, expectUnpolluted, fuzz } from "./fuzz.js";
import { anyJson, mutatedText } from "./hostile-json.js";

const anyText = fc.oneof(fc.string(), fc.string({ unit: "binary" }));

fuzz({
  parser: "retry-after",
  fromFile: (content) => content.toString("latin1"),
  inputs: fc.oneof(
    anyText,
    mutatedText(["120", "0.5", "Wed, 21 Oct 2026 07:28:00 GMT", "Wednesday, 21-Oct-26 07:28:00 GMT"]),
  ),
  check: (header) => {
    const wait = parseRetryAfter(header, Date.UTC(2026, 0, 15));
    if (wait === undefined) return;
    expect(Number.isFinite(wait)).toBe(true);
    expect(wait).toBeGreaterThanOrEqual(0);
  },
});

/** Whether a value has `__proto__` as a name anywhere. */
const namesPrototype = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  (Object.hasOwn(value, "__proto__") || Object.values(value).some(namesPrototype));

fuzz({
  parser: "json",
  fromFile: (content) => content.toString("utf8"),
  inputs: fc.oneof(
    anyText,
    anyJson.map((value) => JSON.stringify(value)),
    mutatedText(['{"a":[{"b":1,"c":"\\"x\\\\"},{"b":2}],"d":null}', '[[],{},"\\u0061:,[{"]']),
  ),
  check: (text) => {
    const read = readJson(text);
    const json = text.replace(/^\uFEFF/, "").trim();
    const reference = attempt((): unknown => JSON.parse(json));
    if (read.ok) expect(read.value).toEqual(json === "" ? undefined : reference.result);
    else if (reference.error === undefined && !namesPrototype(reference.result)) {
      // Refused although a parser would take it: too deep, or something is lost on the way through the parser.
      if (read.problem.includes("levels deep")) return;
      expect(read.problem).toContain("twice");
      expect(JSON.stringify(reference.result).length).toBeLessThan(json.length);
    }
    expectUnpolluted();
  },
});

describe("JSON", () => {
  it("is read as it was written, unless a name is __proto__", () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const read = readJson(JSON.stringify(value));
        expect(read.ok).toBe(!namesPrototype(value));
        if (read.ok) expect(JSON.stringify(read.value)).toBe(JSON.stringify(value));
      }),
      { numRuns: cases },
    );
  });

  it("is refused if any object has a name twice", () => {
    const doubled = fc.tuple(fc.string(), anyJson, anyJson, anyJson).filter(([name]) => name !== "__proto__");
    fc.assert(
      fc.property(doubled, ([name, one, other, beside]) => {
        const twice = `{${JSON.stringify(name)}:${JSON.stringify(one)},${JSON.stringify(name)}:${JSON.stringify(other)}}`;
        expect(readJson(`[${JSON.stringify(beside)},{"in":${twice}}]`).ok).toBe(false);
      }),
      { numRuns: cases },
    );
  });
});

describe("bodies and words", () => {
  it("any bytes under any content type are text, or are named a problem", () => {
    fc.assert(
      fc.property(fc.uint8Array(), anyText, (bytes, contentType) => {
        const { text, unreadable } = bodyText(Buffer.from(bytes), contentType);
        if (unreadable === undefined) expect(Buffer.from(text)).toEqual(Buffer.from(bytes));
        else expect(unreadable).not.toBe("");
      }),
      { numRuns: cases },
    );
  });

  it("any words of a vendor can be redacted", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(redactText(text).length).toBeLessThanOrEqual(500);
      }),
      { numRuns: cases },
    );
  });
});
