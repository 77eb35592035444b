import { Secret, type Enrollment } from "@enrollkit/core";
import { provisioningPayload } from "./payloads.js";

/** An enrollment of the Android Management API, as its adapter gives it. */
export const androidEnrollment = (changes: Partial<Enrollment> = {}): Enrollment => ({
  id: "enterprises/LC02dhxx1r/enrollmentTokens/q7Zk1m0tT3bVv4Yd2h9sWc8pLxR5nEoUa6iGfJkBz0M",
  provider: "phones",
  vendor: "android-management",
  artifacts: [
    { kind: "enrollment-token", value: new Secret("QWJKLPRTZXCVBNMASDFG") },
    { kind: "provisioning-qr", value: new Secret(provisioningPayload()) },
  ],
  createdAt: "2026-09-20T10:15:30Z",
  expiresAt: "2026-09-21T10:15:30Z",
  uses: "unlimited",
  warnings: [],
  requestIds: [],
  ...changes,
});

/** The same with another payload. */
export const enrollmentWithPayload = (payload: string, changes: Partial<Enrollment> = {}): Enrollment =>
  androidEnrollment({
    ...changes,
    artifacts: [{ kind: "provisioning-qr", value: new Secret(payload) }],
  });
