import { readPng } from "../../packages/provisioning/test/support/png-reader.js";
import { scan } from "../../packages/provisioning/test/support/scan.js";

type Modules = readonly (readonly boolean[])[];

/** What a camera reads. */
const scanned = (dark: Modules, scale: number): string => {
  const text = scan(dark, scale);
  if (text === undefined) throw new Error("the picture cannot be read");
  return text;
};

/** The text of a QR code, module by module. */
export const textOfSymbol = (symbol: Modules): string => scanned(symbol, 4);

/** The text of a QR code in a PNG image. */
export const textOfPng = (png: Uint8Array): string => scanned(readPng(Buffer.from(png)).dark, 1);

/** What QR codes in a terminal say: two modules, one above the other, in one character. */
export const textsInTerminal = (printed: string): readonly string[] => {
  const upper = new Set(["█", "▀"]);
  const lower = new Set(["█", "▄"]);
  const isCode = new RegExp(String.raw`(?:\u001b\[30;107m[ █▀▄]+\u001b\[0m\n?)+`, "g");
  return [...printed.matchAll(isCode)].map(([code]) => {
    const lines = [...code.matchAll(/107m([ █▀▄]+)/g)].map(([, line = ""]) => Array.from(line));
    return textOfSymbol(
      lines.flatMap((line) => [
        line.map((character) => upper.has(character)),
        line.map((character) => lower.has(character)),
      ]),
    );
  });
};
