import { describe, expect, it } from "vitest";
import { auditVerdict } from "./audit-verdict.js";

const verdictOf = (answer) => auditVerdict(JSON.stringify(answer));
const metadata = { totalDependencies: 82 };

it("is clean if the registry knows of nothing", () => {
  expect(verdictOf({ advisories: {}, metadata })).toEqual({
    outcome: "clean",
    lines: ["no known hole in 82 packages"],
  });
});

it("names each hole", () => {
  const advisory = {
    module_name: "axios",
    severity: "high",
    title: "It follows anyone",
    vulnerable_versions: "<9",
    url: "https://example.com/1",
  };
  expect(verdictOf({ advisories: { 1: advisory }, metadata })).toEqual({
    outcome: "vulnerable",
    lines: ["high: axios <9: It follows anyone https://example.com/1"],
  });
});

describe("a registry that does not answer", () => {
  it.each([
    [
      "ERR_PNPM_AUDIT_BAD_RESPONSE",
      "The audit endpoint (at https://u:p@example.com/audits) responded with 405: .",
    ],
    ["ENOTFOUND", "request to http://example.com/audits failed, reason: getaddrinfo ENOTFOUND"],
    ["ECONNREFUSED", "request to http://example.com:9/ failed"],
    [
      "ERR_PNPM_AUDIT_ENDPOINT_NOT_EXISTS",
      "The audit endpoint (at https://example.com/audits) doesn't exist.",
    ],
  ])("is said, with its reason and without its address: %s", (code, message) => {
    const { outcome, lines } = verdictOf({ error: { code, message } });
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
      { error: { code: "ERR_PNPM_AUDIT_NO_LOCKFILE", message: "No lockfile" } },
      /NO_LOCKFILE/,
    ],
    ["an error without a code", { error: {} }, /the audit failed/],
    ["an answer without advisories", { metadata }, /no report/],
    ["an answer without metadata", { advisories: {} }, /no report/],
  ])("is refused: %s", (_, answer, message) => {
    expect(() => verdictOf(answer)).toThrow(message);
  });

  it("is refused if it is no JSON", () => {
    expect(() => auditVerdict("all is well")).toThrow(SyntaxError);
  });
});
