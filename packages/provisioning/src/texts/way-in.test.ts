import { REDACTED, Secret, type Enrollment, type EnrollmentArtifact } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { artifact, issued } from "../../test/support/issued.js";
import { wayIn } from "./way-in.js";

const token = artifact("enrollment-token", "token");
const link = artifact("enrollment-link", "https://example.com/link");
const code = artifact("enrollment-code", "code");
const payload = artifact("provisioning-qr", "payload");
const delivered: EnrollmentArtifact = { kind: "delivered", channel: "email" };

type Facts = Pick<Enrollment, "platform" | "management" | "ownership">;

/** A way in with its secrets opened. */
const openWay = (artifacts: readonly EnrollmentArtifact[], facts: Facts = {}) => {
  const { entrance, ...secrets } = wayIn(issued({ artifacts, ...facts }));
  const open: Record<string, string> = { entrance };
  for (const name of ["scan", "link", "code", "token"] as const) {
    const secret = secrets[name];
    if (secret !== undefined) open[name] = secret.reveal();
  }
  return open;
};

const setup = { entrance: "android-setup", scan: "payload" };
const byLink = (entrance: string) => ({
  entrance,
  link: "https://example.com/link",
  scan: "https://example.com/link",
});

describe("wayIn", () => {
  it.each<[string, readonly EnrollmentArtifact[], Facts, unknown]>([
    ["a company's Android device", [token, payload], { management: "fully-managed" }, setup],
    ["a payload about which nothing is known", [token, link, payload], {}, setup],
    ["a kiosk", [token, payload], { platform: "android", management: "dedicated" }, setup],
    [
      "a work profile on a company's device",
      [token, link, payload],
      { management: "work-profile", ownership: "company" },
      setup,
    ],
    [
      "a work profile on a personal device",
      [token, link, payload],
      { management: "work-profile", ownership: "personal" },
      byLink("android-work-profile"),
    ],
    [
      "a work profile on nobody says whose device",
      [token, link, payload],
      { management: "work-profile" },
      byLink("android-work-profile"),
    ],
    [
      "a personal Android device",
      [token, link, payload],
      { platform: "android", ownership: "personal" },
      byLink("android-work-profile"),
    ],
    ["a token and nothing else", [token], {}, { entrance: "android-token", token: "token" }],
    ["an iPhone", [link, code], { platform: "ios" }, { ...byLink("iphone"), code: "code" }],
    ["an iPad", [link], { platform: "ipados", management: "device-enrollment" }, byLink("iphone")],
    ["an Apple device", [link], { management: "device-enrollment" }, byLink("apple")],
    [
      "a Mac, whose code a phone would scan",
      [link],
      { platform: "macos" },
      { entrance: "mac", link: "https://example.com/link" },
    ],
    [
      "a PC, whose code a phone would scan",
      [link, code],
      { platform: "windows" },
      { entrance: "computer", link: "https://example.com/link", code: "code" },
    ],
    [
      "a token for something else than Android",
      [token],
      { platform: "linux" },
      { entrance: "code", token: "token" },
    ],
    ["an Android device by a link", [link], { platform: "android" }, byLink("link")],
    ["a link", [delivered, link], {}, byLink("link")],
    ["a code", [code], {}, { entrance: "code", code: "code" }],
    ["an e-mail from the vendor", [delivered], {}, { entrance: "delivered" }],
  ])("%s", (_, artifacts, facts, expected) => {
    expect(openWay(artifacts, facts)).toStrictEqual(expected);
  });

  it.each<[string, readonly EnrollmentArtifact[]]>([
    ["nothing", []],
    ["a file only", [{ kind: "deployment-file", fileName: "setup.msi", value: new Secret("AA==") }]],
    ["a link that was redacted", [artifact("enrollment-link", REDACTED)]],
  ])("refuses %s", (_, artifacts) => {
    expect(() => wayIn(issued({ artifacts }))).toThrow(
      expect.objectContaining({ code: "invalid-request", path: "artifacts" }),
    );
  });
});
