import { Secret } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payloadKinds, provisioningPayload } from "../../test/support/payloads.js";
import { readPng } from "../../test/support/png-reader.js";
import { scan } from "../../test/support/scan.js";
import { qrPng, type QrPngOptions } from "./png.js";
import { qrSymbol, type QrSymbol } from "./qr-symbol.js";

const link = new Secret("https://enterprise.google.com/android/enroll?et=QWJKLPRTZXCVBNMASDFG");

const enlarged = (symbol: QrSymbol, scale: number) =>
  symbol.flatMap((row) => {
    const wide = row.map((dark) => (dark ? "#" : " ").repeat(scale)).join("");
    return Array.from({ length: scale }, () => wide);
  });

describe("qrPng", () => {
  it.each(payloadKinds)("draws %s", (_, payload) => {
    expect(scan(readPng(qrPng(new Secret(payload))).dark, 1)).toBe(payload);
  });

  it("draws each module as a square, whatever its size", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 40 }), (scale, length) => {
        const payload = new Secret("x".repeat(length));
        const { dark } = readPng(qrPng(payload, { pixelsPerModule: scale }));
        const rows = dark.map((row) => row.map((isDark) => (isDark ? "#" : " ")).join(""));
        expect(rows).toEqual(enlarged(qrSymbol(payload), scale));
      }),
      { numRuns: 24 },
    );
  });

  it.each<[string, QrPngOptions, number, number]>([
    ["4 pixels of a screen", {}, 4, 96],
    ["10 dots of a printer", { medium: "print" }, 10, 300],
    ["twice the pixels on the same room", { pixelsPerModule: 8 }, 8, 192],
    ["more dots on the same room", { medium: "print", pixelsPerModule: 20 }, 20, 600],
  ])("makes a module of %s", (_, options, scale, pixelsPerInch) => {
    const { dark, pixelsPerMetre } = readPng(qrPng(link, options));
    expect(dark).toHaveLength(qrSymbol(link, { medium: options.medium ?? "screen" }).length * scale);
    expect(pixelsPerMetre).toBe(Math.round(pixelsPerInch / 0.0254));
  });

  it("is a small file", () => {
    const payload = new Secret(provisioningPayload());
    expect(qrPng(payload).length).toBeLessThan(2000);
    expect(qrPng(payload, { medium: "print" }).length).toBeLessThan(5500);
  });

  it.each([0, 25, 2.5, Number.NaN])("refuses modules of %s pixels", (pixelsPerModule) => {
    expect(() => qrPng(link, { pixelsPerModule })).toThrow(
      expect.objectContaining({
        code: "invalid-request",
        path: "pixelsPerModule",
        message: "pixelsPerModule must be a whole number from 1 to 24",
      }),
    );
  });
});
