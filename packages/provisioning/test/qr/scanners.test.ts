import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@enrollkit/core";
import { afterAll, describe, expect, it } from "vitest";
import { androidProvisioningPayload, qrPng, qrSvg } from "../../src/index.js";
import { androidEnrollment } from "../support/android-enrollment.js";
import { describeWithTool } from "../support/debian-tool.js";
import { payloadKinds, provisioningPayload } from "../support/payloads.js";
import { readWithZbar } from "../support/zbarimg.js";

const folder = mkdtempSync(join(tmpdir(), "enrollkit-qr-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const written = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

describeWithTool("zbarimg", "a scanner of its own", (zbarimg) => {
  describe.each(["screen", "print"] as const)("reads from a PNG image for %s", (medium) => {
    it.each(payloadKinds)("%s", (_, payload) => {
      const picture = written("code.png", qrPng(new Secret(payload), { medium }));
      expect(readWithZbar(zbarimg, picture)).toBe(payload);
    });
  });

  it.each([
    ["low", 2953],
    ["medium", 2331],
    ["quartile", 1663],
    ["high", 1273],
  ] as const)("reads the largest code with error correction %s, of %i bytes", (errorCorrection, limit) => {
    const payload = "é".repeat(Math.floor(limit / 2)) + "x".repeat(limit % 2);
    const picture = written("code.png", qrPng(new Secret(payload), { errorCorrection }));
    expect(readWithZbar(zbarimg, picture)).toBe(payload);
  });

  it.each([15, 150, 360, 650, 1080, 1250, 1850, 2600])("reads a code of %i bytes", (length) => {
    const payload = "aB3-_.,:".repeat(400).slice(0, length);
    const picture = written("code.png", qrPng(new Secret(payload)));
    expect(readWithZbar(zbarimg, picture)).toBe(payload);
  });

  it.each(["Büro", "é", "会议室", "Größe ½ µ", "📶"])(
    "reads Android's payload with a network %s, whatever character set it guesses",
    (ssid) => {
      const wifi = { ssid, password: new Secret("Straße des 17. Juni") };
      const payload = androidProvisioningPayload(androidEnrollment(), { wifi });
      const text = readWithZbar(zbarimg, written("code.png", qrPng(payload)), "guessed text");
      expect(JSON.parse(text)).toMatchObject({
        "android.app.extra.PROVISIONING_WIFI_SSID": ssid,
        "android.app.extra.PROVISIONING_WIFI_PASSWORD": "Straße des 17. Juni",
      });
    },
  );

  describeWithTool("chromium", "reads what a browser makes of an SVG", (chromium) => {
    it("on a dark page, at its own size", () => {
      const payload = provisioningPayload({ "android.app.extra.PROVISIONING_WIFI_SSID": "Büro 会议室 📶" });
      const page = written("page.html", `<body style="background:#223">${qrSvg(new Secret(payload))}`);
      const picture = join(folder, "page.png");
      execFileSync(
        chromium,
        ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${join(folder, "profile")}`].concat([
          "--window-size=800,600",
          `--screenshot=${picture}`,
          `file://${page}`,
        ]),
        { stdio: "ignore" },
      );
      expect(readWithZbar(zbarimg, picture)).toBe(payload);
    });
  });
});
