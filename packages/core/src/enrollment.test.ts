import { describe, expect, it } from "vitest";
import {
  enrollmentSchema,
  enrollmentStatusSchema,
  enrollmentSummarySchema,
  findArtifact,
  revealEnrollment,
  type Enrollment,
} from "./enrollment.js";
import { EnrollmentError } from "./errors.js";
import { enrollmentOutcomeSchema, importOutcomeSchema } from "./outcome.js";
import { Secret } from "./secret.js";

const enrollment: Enrollment = {
  id: "enterprises/LC1/enrollmentTokens/t1",
  provider: "phones",
  vendor: "android-management",
  key: "row-1",
  artifacts: [
    { kind: "enrollment-token", value: new Secret("CANARY-TOKEN") },
    { kind: "enrollment-link", value: new Secret("https://example.com/?et=CANARY-TOKEN") },
    { kind: "enrollment-code", value: new Secret("CANARY-1") },
    { kind: "provisioning-qr", value: new Secret('{"a":"CANARY"}') },
    { kind: "deployment-file", fileName: "install_config.ini", value: new Secret("Q0FOQVJZ") },
    { kind: "delivered", channel: "email" },
  ],
  createdAt: "2026-09-20T10:00:00.000Z",
  expiresAt: "9999-12-31T23:59:59.999999999Z",
  uses: "one",
  recipient: { email: "ana@example.com", name: "Ana" },
  device: { name: "pixel-ana" },
  warnings: [{ code: "ignored-by-vendor", field: "extras.user", message: "the vendor ignores it" }],
  requestIds: ["r1"],
};

describe("an enrollment's JSON", () => {
  it("hides every secret", () => {
    expect(JSON.stringify(enrollment)).not.toContain("CANARY");
  });

  it("comes back whole when revealed", () => {
    const text = JSON.stringify(revealEnrollment(enrollment));
    const back = enrollmentSchema.parse(JSON.parse(text));
    expect(revealEnrollment(back)).toEqual(JSON.parse(text));
    expect(findArtifact(back, "enrollment-token")?.value.reveal()).toBe("CANARY-TOKEN");
    expect(findArtifact(back, "delivered")?.channel).toBe("email");
  });

  it("comes back without its secrets when redacted, and knows that they are lost", () => {
    const back = enrollmentSchema.parse(JSON.parse(JSON.stringify(enrollment)));
    expect({ ...back, artifacts: [] }).toEqual({ ...enrollment, artifacts: [] });
    expect(findArtifact(back, "enrollment-link")?.value.isKnown).toBe(false);
  });

  it.each([
    ["expiresAt", "tomorrow"],
    ["expiresAt", "nonsenseZ"],
    ["expiresAt", "2026-13-01T00:00:00Z"],
    ["createdAt", "2026-09-20T10:00:00+02:00"],
    ["artifacts", [{ kind: "enrolment-token", value: "x" }]],
    ["uses", 0],
  ])("refuses a wrong %s", (field, value) => {
    expect(enrollmentSchema.safeParse({ ...enrollment, [field]: value }).success).toBe(false);
  });
});

describe("other results", () => {
  it("outcomes come back", () => {
    const error = new EnrollmentError("x", { code: "outcome-unknown", path: "requests[1]" });
    for (const outcome of [
      { key: "a", index: 0, status: "created" as const, enrollment },
      { index: 1, status: "unknown" as const, error },
    ]) {
      const back = enrollmentOutcomeSchema.parse(JSON.parse(JSON.stringify(outcome)));
      expect(JSON.parse(JSON.stringify(back))).toEqual(JSON.parse(JSON.stringify(outcome)));
    }
    const device = { id: "d", provider: "p", vendor: "v", name: "n", state: "pending", requestIds: [] };
    const imported = { index: 0, status: "created", device };
    expect(importOutcomeSchema.parse(imported)).toEqual(imported);
  });

  it("statuses and summaries come back", () => {
    const status = { id: "1", state: "used", devices: [{ id: "d" }], usedAt: "2026-09-20T10:00:00Z" };
    expect(enrollmentStatusSchema.parse(status)).toEqual(status);
    const summary = { id: "1", provider: "p", vendor: "v", state: "pending", expiresAt: "unknown" };
    expect(enrollmentSummarySchema.parse(summary)).toEqual(summary);
    expect(enrollmentSummarySchema.safeParse({ ...summary, state: "gone" }).success).toBe(false);
  });
});
