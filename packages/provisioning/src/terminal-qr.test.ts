import { stripVTControlCharacters } from "node:util";
import { Secret } from "@enrollkit/core";
import fc from "fast-check";
import jsqr from "jsqr";
import { describe, expect, it } from "vitest";
import { terminalQr } from "./terminal-qr.js";

// The package is CommonJS: the function is a member of what is imported.
const decode = jsqr.default;

/** Reads the text of a terminal as a camera would: characters become black and white pixels. */
const scan = (text: string, scale = 3): string | undefined => {
  const rows = stripVTControlCharacters(text)
    .split("\n")
    .map((line) => Array.from(line));
  const modules = rows.flatMap((row) => [
    row.map((character) => character === "█" || character === "▀"),
    row.map((character) => character === "█" || character === "▄"),
  ]);
  const width = (modules[0]?.length ?? 0) * scale;
  const height = modules.length * scale;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const dark = modules[Math.floor(y / scale)]?.[Math.floor(x / scale)] ?? false;
      pixels.fill(dark ? 0 : 255, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decode(pixels, width, height)?.data;
};

const provisioning = JSON.stringify({
  "android.app.extra.PROVISIONING_DEVICE_ADMIN_COMPONENT_NAME":
    "com.google.android.apps.work.clouddpc/.receivers.CloudDeviceAdminReceiver",
  "android.app.extra.PROVISIONING_DEVICE_ADMIN_SIGNATURE_CHECKSUM":
    "I5YvS0O5hXY46mb01BlRjq4oJJGs2kuUcHvVkAPEXlg",
  "android.app.extra.PROVISIONING_DEVICE_ADMIN_PACKAGE_DOWNLOAD_LOCATION":
    "https://play.google.com/managed/downloadManagingApp?identifier=setup",
  "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE": {
    "com.google.android.apps.work.clouddpc.EXTRA_ENROLLMENT_TOKEN": "QWJKLPRTZXCVBNMASDFG",
  },
});

describe("terminalQr", () => {
  it.each([
    ["a link", "https://enterprise.google.com/android/enroll?et=QWJKLPRTZXCVBNMASDFG"],
    ["Android's provisioning payload", provisioning],
    ["umlauts", '{"ssid":"Büro Süd – 5 GHz"}'],
  ])("%s scans", (_, payload) => {
    expect(scan(terminalQr(new Secret(payload)))).toBe(payload);
  });

  it.each(["low", "medium", "quartile", "high"] as const)(
    "scans with error correction %s",
    (errorCorrection) => {
      expect(scan(terminalQr(new Secret(provisioning), { errorCorrection }))).toBe(provisioning);
    },
  );

  it("scans for any link", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), (url) => {
        expect(scan(terminalQr(new Secret(url)))).toBe(url);
      }),
      { numRuns: 12 },
    );
  });

  it("keeps a quiet zone of four modules and paints it white", () => {
    const lines = terminalQr(new Secret("x")).split("\n");
    const free = stripVTControlCharacters([lines[0], lines[1], lines.at(-1)].join(""));
    expect(free.trim()).toBe("");
    for (const line of lines) {
      expect(line.startsWith("\u001b[30;107m    ")).toBe(true);
      expect(line.endsWith("    \u001b[0m")).toBe(true);
    }
  });
});
