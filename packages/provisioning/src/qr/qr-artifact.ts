import { findArtifact, type Enrollment } from "@enrollkit/core";

/**
 * The artifact that a phone's camera should see: Android's provisioning payload if there is one, else the link. A bare
 * token or code is for typing: a camera could do nothing with it.
 */
export const qrArtifact = (enrollment: Enrollment) =>
  findArtifact(enrollment, "provisioning-qr") ?? findArtifact(enrollment, "enrollment-link");
