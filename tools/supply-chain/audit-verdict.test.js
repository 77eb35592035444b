import { describe, expect, it } from "vitest";
import { auditVerdict } from "./audit-verdict.js";

const verdictOf = (answer) => auditVerdict(JSON.stringify(answer), 82);
const report = { auditReportVersion: 2, vulnerabilities: {}, metadata: { dependencies: { total: 82 } } };
const advisory = {
  name: "axios",
  severity: "high",
  title: "It follows anyone",
  range: "<9",
  url: "https://example.com/1",
};

it("is clean if the registry knows of nothing", () => {
  expect(verdictOf(report)).toEqual({ outcome: "clean", lines: ["no known hole in 82 packages"] });
});

it("names each hole, once", () => {
  const axios = { name: "axios", via: [advisory], effects: ["locked-2"] };
  const client = { name: "locked-2", via: ["axios"], effects: [] };
  expect(verdictOf({ ...report, vulnerabilities: { axios, client } })).toEqual({
    outcome: "vulnerable",
    lines: ["high: axios <9: It follows anyone https://example.com/1"],
  });
});

const address = "https://u:p@example.com/advisories/bulk";
describe("a registry that does not answer", () => {
  it.each([
    ["has no audit", { message: `405 Method Not Allowed - POST ${address}`, statusCode: 405 }],
    ["wants to know who asks", { message: `401 Unauthorized - POST ${address}`, statusCode: 401 }],
    ["is not there", { message: `request to ${address} failed, reason: connect ECONNREFUSED 127.0.0.1:9` }],
    ["has no name", { message: `request to ${address} failed, reason: getaddrinfo ENOTFOUND` }],
  ])("is said, with its reason and without its address: it %s", (_, answer) => {
    const { outcome, lines } = verdictOf({ error: { summary: "", detail: "" }, ...answer });
    expect(outcome).toBe("skipped");
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^AUDIT SKIPPED, nothing was checked: .*the registry/);
    expect(lines[0]).not.toContain("example.com");
  });
});

describe("an audit that passes by accident", () => {
  it.each([
    [
      "an error of another kind",
      { error: { code: "ENOLOCK", summary: "This command requires an existing lockfile." } },
      /^the audit failed: This command requires/,
    ],
    ["an error without a word", { error: {} }, /^the audit failed/],
    [
      "a report of another version",
      { ...report, auditReportVersion: 3 },
      /of version 3, and 2 is understood/,
    ],
    [
      "a report on some of the packages",
      { ...report, metadata: { dependencies: { total: 1 } } },
      /^the audit has seen 1 of 82 packages/,
    ],
  ])("is refused: %s", (_, answer, message) => {
    expect(() => verdictOf(answer)).toThrow(message);
  });

  it("is refused if it is no JSON", () => {
    expect(() => auditVerdict("all is well", 82)).toThrow(SyntaxError);
  });
});
