import type { EnrollmentArtifact } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { artifact, issued } from "../../test/support/issued.js";
import { qrArtifact } from "./qr-artifact.js";

const token = artifact("enrollment-token", "t");
const code = artifact("enrollment-code", "123456");
const link = artifact("enrollment-link", "https://example.com/e");
const payload = artifact("provisioning-qr", "{}");
const delivered: EnrollmentArtifact = { kind: "delivered", channel: "email" };

describe("qrArtifact", () => {
  it.each<[string, readonly EnrollmentArtifact[], EnrollmentArtifact | undefined]>([
    ["the payload before the link", [token, link, payload], payload],
    ["the link where there is no payload", [code, link, delivered], link],
    ["nothing where a camera could do nothing with it", [token, code, delivered], undefined],
  ])("is %s", (_, artifacts, expected) => {
    expect(qrArtifact(issued({ artifacts }))).toBe(expected);
  });
});
