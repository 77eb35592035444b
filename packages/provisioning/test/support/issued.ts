import { Secret, type Enrollment, type EnrollmentArtifact } from "@enrollkit/core";

/** An artifact of a kind. */
export const artifact = (
  kind: "enrollment-token" | "enrollment-link" | "enrollment-code" | "provisioning-qr",
  value: string,
): EnrollmentArtifact => ({ kind, value: new Secret(value) });

/** Before each {@link issued} enrollment expires, in milliseconds since the Unix epoch. */
export const beforeExpiry = Date.parse("2026-09-20T10:00:00Z");

/** An enrollment as a vendor issued it: a link for one person, for five days. */
export const issued = (changes: Partial<Enrollment> = {}): Enrollment => ({
  id: "enrollment-1",
  provider: "phones",
  vendor: "vendor",
  artifacts: [artifact("enrollment-link", "https://mdm.example.com/enroll/Q7M2K9PXA")],
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "2026-09-25T12:30:59.999Z",
  uses: "one",
  recipient: { name: "Ana Müller", email: "ana@example.com" },
  warnings: [],
  requestIds: [],
  ...changes,
});
