import { EnrollmentError } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { createBulkReport, dryRunData, dryRunTable, failureLines, runTable } from "./bulk-report.js";
import { createRowPlaces } from "./row-places.js";

const reportOfFour = () => {
  const report = createBulkReport();
  const places = createRowPlaces({ isCsv: true });
  for (const line of [2, 3, 6, 7]) places.add(line);
  report.succeeded("phones");
  const errors = [
    new EnrollmentError("validFor is too long", {
      code: "unsupported",
      provider: "phones",
      path: "requests[1].validFor",
    }),
    new EnrollmentError("key is the same as in requests[1]; each must have its own", {
      code: "invalid-request",
      provider: "phones",
      path: "key",
    }),
    new EnrollmentError("no route", { code: "invalid-request", path: "requests[3]" }),
  ];
  for (const [place, error] of errors.entries()) {
    report.failed("failed", error, places.failure(place + 1, ["a", "b@example.com", 5][place], error));
  }
  return report.summary((provider) => (provider === "phones" ? 7 : 0));
};

describe("bulk reports", () => {
  it("count by provider and reason", () => {
    expect(runTable(reportOfFour())).toBe(
      [
        "PROVIDER  CREATED  FAILED  UNKNOWN  API CALLS  REASONS",
        "phones          1       2        0          7  1 unsupported, 1 invalid-request",
        "–               0       1        0          0  1 invalid-request",
      ].join("\n"),
    );
  });

  it("a dry run claims nothing to be created", () => {
    expect(dryRunTable(reportOfFour())).toBe(
      [
        "PROVIDER  VALID  INVALID  REASONS",
        "phones        1        2  1 unsupported, 1 invalid-request",
        "–             0        1  1 invalid-request",
      ].join("\n"),
    );
    expect(JSON.stringify(dryRunData(reportOfFour()))).not.toContain("created");
  });

  it("failures are told by line and column, and by key unless that is an address", () => {
    const { failures } = reportOfFour();
    expect(failureLines(failures)).toEqual([
      "line 3, column valid_for (a): validFor is too long; drop that wish, or choose another provider; `enrollkit capabilities` compares them",
      "line 6, column key: key is the same as in line 3; each must have its own; correct the field that is named and try again",
      "line 7: no route; correct the field that is named and try again",
    ]);
  });

  it("many failures are cut short, with a word on the rest", () => {
    const { failures } = reportOfFour();
    expect(failureLines(failures, 1)).toEqual([
      expect.stringMatching(/^line 3/),
      "… and 2 more; the outcomes say which and why",
    ]);
  });
});
