import {
  EnrollmentError,
  findArtifact,
  type ArtifactKind,
  type Enrollment,
  type Secret,
} from "@enrollkit/core";
import type { Entrance } from "./texts.js";

/** How a person gets in, and what they need for it: no more than that. */
export interface WayIn {
  readonly entrance: Entrance;
  /** What to draw as a QR code. Absent where the device has no camera for it, or a camera could do nothing with it. */
  readonly scan?: Secret | undefined;
  readonly link?: Secret | undefined;
  readonly code?: Secret | undefined;
  readonly token?: Secret | undefined;
}

const linkEntrance = ({ platform, management, ownership }: Enrollment): Entrance => {
  if (platform === "macos") return "mac";
  if (platform === "windows" || platform === "linux") return "computer";
  if (platform === "ios" || platform === "ipados") return "iphone";
  if (management === "device-enrollment") return "apple";
  return management === "work-profile" || (platform === "android" && ownership === "personal")
    ? "android-work-profile"
    : "link";
};

/** A payload is for a device's first start; a personal device has had its own. */
const isForFirstStart = ({ management, ownership }: Enrollment): boolean =>
  ownership === undefined ? management !== "work-profile" : ownership === "company";

const secretOf = (enrollment: Enrollment, kind: Exclude<ArtifactKind, "delivered">): Secret | undefined => {
  const secret = findArtifact(enrollment, kind)?.value;
  if (secret?.isKnown !== false) return secret;
  throw new EnrollmentError(`artifacts hold a ${kind} that was redacted when it was written down`, {
    code: "invalid-request",
    path: "artifacts",
    advice: "use the enrollment as it was created, or one written down by revealEnrollment",
  });
};

/**
 * The one way in that suits what an enrollment says of its device: Android's payload at first start, the link for a
 * device in use, else a code, and the bare token only where there is nothing else. Where an enrollment does not say
 * who owns the device, a work profile is taken for one on a personal device.
 *
 * @throws EnrollmentError `invalid-request`, path `artifacts`, where there is nothing that a person could use, or it was
 *   redacted.
 * @see https://developers.google.com/android/management/provision-device
 */
export const wayIn = (enrollment: Enrollment): WayIn => {
  const payload = secretOf(enrollment, "provisioning-qr");
  const link = secretOf(enrollment, "enrollment-link");
  const code = secretOf(enrollment, "enrollment-code");
  const token = secretOf(enrollment, "enrollment-token");
  if (payload !== undefined && (link === undefined || isForFirstStart(enrollment))) {
    return { entrance: "android-setup", scan: payload };
  }
  if (link !== undefined) {
    const entrance = linkEntrance(enrollment);
    // A QR code for a computer would be scanned with a phone, and enroll the phone.
    const isComputer = entrance === "mac" || entrance === "computer";
    return { entrance, link, code, ...(!isComputer && { scan: link }) };
  }
  if (code !== undefined) return { entrance: "code", code };
  if (token !== undefined) {
    const { platform = "android" } = enrollment;
    return { entrance: platform === "android" ? "android-token" : "code", token };
  }
  if (findArtifact(enrollment, "delivered") !== undefined) return { entrance: "delivered" };
  throw new EnrollmentError("artifacts hold nothing that a person at a device could use", {
    code: "invalid-request",
    path: "artifacts",
  });
};
