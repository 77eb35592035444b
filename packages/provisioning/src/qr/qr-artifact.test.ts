import { Secret, type Enrollment, type EnrollmentArtifact } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { qrArtifact } from "./qr-artifact.js";

const token: EnrollmentArtifact = { kind: "enrollment-token", value: new Secret("t") };
const code: EnrollmentArtifact = { kind: "enrollment-code", value: new Secret("123456") };
const link: EnrollmentArtifact = { kind: "enrollment-link", value: new Secret("https://example.com/e") };
const payload: EnrollmentArtifact = { kind: "provisioning-qr", value: new Secret("{}") };
const delivered: EnrollmentArtifact = { kind: "delivered", channel: "email" };

const enrollmentWith = (artifacts: readonly EnrollmentArtifact[]): Enrollment => ({
  id: "e",
  provider: "p",
  vendor: "v",
  artifacts,
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "never",
  uses: "one",
  warnings: [],
  requestIds: [],
});

describe("qrArtifact", () => {
  it.each<[string, readonly EnrollmentArtifact[], EnrollmentArtifact | undefined]>([
    ["the payload before the link", [token, link, payload], payload],
    ["the link where there is no payload", [code, link, delivered], link],
    ["nothing where a camera could do nothing with it", [token, code, delivered], undefined],
  ])("is %s", (_, artifacts, expected) => {
    expect(qrArtifact(enrollmentWith(artifacts))).toBe(expected);
  });
});
