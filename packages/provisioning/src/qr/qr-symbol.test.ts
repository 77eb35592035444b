import { Secret } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { androidEnrollment } from "../../test/support/android-enrollment.js";
import { payloadKinds, provisioningPayload } from "../../test/support/payloads.js";
import { scan, UNREADABLE_SIDE } from "../../test/support/scan.js";
import { thrownBy } from "../../test/support/thrown-by.js";
import { androidProvisioningPayload } from "../android/payload.js";
import { errorCorrections } from "./error-correction.js";
import { QUIET_ZONE, type QrOptions } from "./modules.js";
import { qrSymbol } from "./qr-symbol.js";

const limits = [
  ["low", 2953],
  ["medium", 2331],
  ["quartile", 1663],
  ["high", 1273],
] as const;

const refusal = (text: string, options?: QrOptions) => thrownBy(() => qrSymbol(new Secret(text), options));

/** As many whole characters of a text as fit into so many bytes. */
const cut = (text: string, bytes: number): string => {
  let length = 0;
  return Array.from(text)
    .filter((character) => (length += Buffer.byteLength(character)) <= bytes)
    .join("");
};

describe("qrSymbol", () => {
  it.each(payloadKinds)("draws %s", (_, payload) => {
    expect(scan(qrSymbol(new Secret(payload)), 3)).toBe(payload);
  });

  it.each(limits)("draws any text with error correction %s, up to %i bytes", (errorCorrection, limit) => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: limit, size: "max" });
    const payload = text.map((characters) => cut(characters, limit));
    fc.assert(
      fc.property(payload, (value) => {
        const symbol = qrSymbol(new Secret(value), { errorCorrection });
        fc.pre(symbol.length !== UNREADABLE_SIDE);
        expect(scan(symbol, 2)).toBe(value);
      }),
      // Always the same texts: jsqr failed on one of 3,700 random ones.
      { numRuns: 8, seed: 1 },
    );
  });

  it.each(limits)("with error correction %s holds %i bytes, and not one more", (errorCorrection, limit) => {
    const full = "é".repeat(Math.floor(limit / 2)) + "x".repeat(limit % 2);
    const symbol = qrSymbol(new Secret(full), { errorCorrection });
    expect(symbol).toHaveLength(177 + 2 * QUIET_ZONE);
    expect(scan(symbol, 3)).toBe(full);
    expect(refusal(`${full}x`, { errorCorrection })).toMatchObject({ code: "invalid-request" });
  });

  it("keeps a quiet zone of four modules", () => {
    const symbol = qrSymbol(new Secret("x"));
    const side = symbol.length;
    const isFree = (place: number) => place < 4 || place >= side - 4;
    for (const [y, row] of symbol.entries()) {
      for (const [x, dark] of row.entries()) if (isFree(x) || isFree(y)) expect(dark).toBe(false);
    }
    // Where the quiet zone ends, the finder patterns begin.
    expect([symbol[4]?.[4], symbol[4]?.[side - 5], symbol[side - 5]?.[4]]).toEqual([true, true, true]);
  });

  it.each<[string, QrOptions | undefined, number, QrOptions["errorCorrection"]]>([
    ["low on a screen", undefined, 68, "low"],
    ["medium for a link in print", { medium: "print" }, 68, "medium"],
    ["medium in print up to 251 bytes", { medium: "print" }, 251, "medium"],
    ["low in print from 252 bytes on", { medium: "print" }, 252, "low"],
    ["low for Android's payload in print", { medium: "print" }, 533, "low"],
    ["what was asked for", { medium: "print", errorCorrection: "high" }, 533, "high"],
  ])("takes as error correction %s", (_, options, bytes, errorCorrection) => {
    const payload = new Secret("x".repeat(bytes));
    const sizes = errorCorrections.map((level) => qrSymbol(payload, { errorCorrection: level }).length);
    expect(new Set(sizes).size).toBe(errorCorrections.length);
    expect(qrSymbol(payload, options)).toHaveLength(
      sizes[errorCorrections.findIndex((level) => level === errorCorrection)] ?? 0,
    );
  });

  it("draws Android's payload as it says, with 81 modules a side", () => {
    expect(qrSymbol(new Secret(provisioningPayload()))).toHaveLength(81 + 2 * QUIET_ZONE);
  });

  it("names a lower error correction where that would hold the payload", () => {
    const { message, path, advice } = refusal("x".repeat(2000), { errorCorrection: "high" });
    expect({ message, path, advice }).toEqual({
      message: 'payload has 2,000 bytes; with error correction "high" a QR code holds at most 1,273',
      path: "errorCorrection",
      advice: 'choose "low" or "medium", or leave it to the default',
    });
  });

  it("says how long a payload over the limit is, and what could be dropped from it", () => {
    const payload = provisioningPayload({
      "android.app.extra.PROVISIONING_WIFI_CA_CERTIFICATE": "c".repeat(2000),
      "android.app.extra.PROVISIONING_WIFI_SSID": "ü".repeat(500),
      secretName: "s".repeat(3000),
    });
    const { message, path, advice } = refusal(payload);
    expect({ message, path, advice }).toEqual({
      message: "payload has 6,651 bytes; a QR code holds at most 2,953, with the lowest error correction",
      path: "payload",
      advice:
        "drop or shorten its largest extras: android.app.extra.PROVISIONING_WIFI_CA_CERTIFICATE (2,055 bytes), " +
        "android.app.extra.PROVISIONING_WIFI_SSID (1,045 bytes); what a policy can set later need not be in the code",
    });
  });

  it("counts what is escaped in a payload as it stands there", () => {
    const payload = androidProvisioningPayload(androidEnrollment(), {
      wifi: { ssid: "a", security: "EAP", eapMethod: "SIM", identity: "ü".repeat(500) },
    });
    expect(thrownBy(() => qrSymbol(payload)).advice).toContain(
      "android.app.extra.PROVISIONING_WIFI_IDENTITY (3,049 bytes)",
    );
  });

  it.each([
    ["no JSON", "x".repeat(2954)],
    ["a list", JSON.stringify(["x".repeat(3000)])],
    ["text in quotes", JSON.stringify("x".repeat(3000))],
    ["other names", JSON.stringify({ "android.app.extra.of nobody": "x".repeat(3000) })],
    [
      "what no device does without",
      JSON.stringify({ "android.app.extra.PROVISIONING_ADMIN_EXTRAS_BUNDLE": "x".repeat(3000) }),
    ],
  ])("has general advice for a payload that is %s", (_, payload) => {
    expect(refusal(payload).advice).toBe("shorten it");
  });

  it.each<[string, string, object, string, string]>([
    ["no text", "", {}, "payload", "payload is empty"],
    ["a lost secret", "[redacted]", {}, "payload", "payload was redacted"],
    ["half a character", "x\ud83dx", {}, "payload", "payload is no valid text"],
    ["an unknown level", "x", { errorCorrection: "L" }, "errorCorrection", "must be one of: low, medium"],
    ["an unknown medium", "x", { medium: "paper" }, "medium", "must be one of: screen, print"],
    ["an unknown option", "x", { ecc: "low" }, "", "ecc is not a known field"],
  ])("refuses %s", (_, payload, options, path, message) => {
    const error = refusal(payload, options);
    expect(error.code).toBe("invalid-request");
    expect(error.message).toContain(message);
    expect(error.path ?? "").toBe(path);
  });

  it("never repeats the payload in an error", () => {
    const word = fc.stringMatching(/^[a-z0-9]{12,20}$/);
    fc.assert(
      fc.property(word, fc.boolean(), (secret, asJson) => {
        const long = secret.repeat(300);
        const payload = asJson ? JSON.stringify({ [secret]: long }) : long;
        const error = refusal(payload);
        expect(`${error.message} ${error.stack ?? ""} ${JSON.stringify(error)}`).not.toContain(secret);
      }),
    );
  });
});
