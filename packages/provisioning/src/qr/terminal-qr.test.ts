import { stripVTControlCharacters } from "node:util";
import { Secret } from "@enrollkit/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { payloadKinds, provisioningPayload } from "../../test/support/payloads.js";
import { scan } from "../../test/support/scan.js";
import { qrSymbol } from "./qr-symbol.js";
import { terminalQr } from "./terminal-qr.js";

/** What a terminal shows: each character is two modules, one above the other. */
const readText = (text: string): readonly (readonly boolean[])[] =>
  stripVTControlCharacters(text)
    .split("\n")
    .map((line) => Array.from(line))
    .flatMap((row) => [
      row.map((character) => character === "█" || character === "▀"),
      row.map((character) => character === "█" || character === "▄"),
    ]);

const scanText = (text: string) => scan(readText(text), 3);

describe("terminalQr", () => {
  it.each(payloadKinds)("%s scans", (_, payload) => {
    expect(scanText(terminalQr(new Secret(payload)))).toBe(payload);
  });

  it.each(["low", "medium", "quartile", "high"] as const)(
    "scans with error correction %s",
    (errorCorrection) => {
      const payload = provisioningPayload();
      expect(scanText(terminalQr(new Secret(payload), { errorCorrection }))).toBe(payload);
    },
  );

  it("shows the modules of any text, and no others", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const symbol = qrSymbol(new Secret(text));
        const lightRow = symbol.map(() => false);
        expect(readText(terminalQr(new Secret(text))).join("\n")).toBe([...symbol, lightRow].join("\n"));
      }),
      { numRuns: 20 },
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
