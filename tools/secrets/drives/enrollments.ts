import { Secret, type Enrollment, type EnrollmentArtifact } from "@enrollkit/core";
import { planted, plantedLink } from "../canaries.js";

const extra = (name: string) => `android.app.extra.PROVISIONING_${name}`;

/** Android's payload with the token in it. */
export const payloadText = JSON.stringify({
  [extra("DEVICE_ADMIN_COMPONENT_NAME")]: "com.google.android.apps.work.clouddpc/.receivers.Admin",
  [extra("ADMIN_EXTRAS_BUNDLE")]: {
    "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": planted.enrollmentToken,
  },
});

const artifact = (kind: Exclude<EnrollmentArtifact["kind"], "delivered">, value: string) =>
  ({
    kind,
    value: new Secret(value),
    ...(kind === "deployment-file" && { fileName: "a.ini" }),
  }) as EnrollmentArtifact;

export const enrollment = (changes: Partial<Enrollment> = {}): Enrollment => ({
  id: "65a1b2c3d4e5f60718293b01",
  provider: "apple",
  vendor: "applivery",
  artifacts: [
    artifact("enrollment-link", plantedLink),
    artifact("enrollment-code", planted.enrollmentCode),
    artifact("deployment-file", planted.deploymentFile),
  ],
  createdAt: "2026-09-20T10:00:00Z",
  expiresAt: "2099-09-27T10:00:00Z",
  uses: "one",
  recipient: { email: planted.email, name: planted.name },
  warnings: [],
  requestIds: [],
  ...changes,
});

/** One of Android, for many devices. */
export const androidEnrollment = (changes: Partial<Enrollment> = {}): Enrollment =>
  enrollment({
    provider: "phones",
    vendor: "android-management",
    management: "fully-managed",
    uses: "unlimited",
    artifacts: [
      artifact("enrollment-token", planted.enrollmentToken),
      artifact("provisioning-qr", payloadText),
    ],
    ...changes,
  });

/** Nothing can be made of it. */
export const emptyEnrollment = enrollment({ artifacts: [] });
