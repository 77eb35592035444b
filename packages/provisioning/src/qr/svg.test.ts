import { Secret } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { payloadKinds } from "../../test/support/payloads.js";
import { scan } from "../../test/support/scan.js";
import { qrSymbol } from "./qr-symbol.js";
import { qrSvg } from "./svg.js";

const link = "https://enterprise.google.com/android/enroll?et=QWJKLPRTZXCVBNMASDFG";

/** What the lines of the one path paint, on a ground of so many cells a side. */
const readPath = (svg: string): readonly (readonly boolean[])[] => {
  const side = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const dark = Array.from({ length: side }, () => Array.from({ length: side }, () => false));
  const [path = ""] = /(?<= d=")[^"]*/.exec(svg) ?? [];
  let x = 0;
  let y = 0;
  for (const [, move, first = "", second = "", line] of path.matchAll(/([Mm])(\d+) (\S+?)(?=h)|h(\d+)/g)) {
    if (line !== undefined) {
      dark[y]?.fill(true, x, x + Number(line));
      x += Number(line);
    } else if (move === "M") {
      x = Number(first);
      y = Number(second) - 0.5;
    } else {
      x += Number(first);
    }
  }
  return dark;
};

describe("qrSvg", () => {
  it.each(payloadKinds)("draws %s", (_, payload) => {
    const dark = readPath(qrSvg(new Secret(payload)));
    expect(dark.join("\n")).toBe(qrSymbol(new Secret(payload)).join("\n"));
    expect(scan(dark, 3)).toBe(payload);
  });

  it("is one path on a white ground, with nothing that a content security policy would stop", () => {
    const svg = qrSvg(new Secret(link)).replace(/ d="[Mmh0-9 .]+"/, ' d="…"');
    expect(svg).toBe(
      '<svg xmlns="http://www.w3.org/2000/svg" width="43.39mm" height="43.39mm" viewBox="0 0 41 41" role="img" ' +
        'aria-label="QR code" shape-rendering="crispEdges"><rect width="41" height="41" fill="#fff"/>' +
        '<path stroke="#000" d="…"/></svg>',
    );
  });

  it("is larger for the error correction of print, on smaller modules", () => {
    expect(qrSvg(new Secret(link), { medium: "print" })).toContain(
      'width="38.10mm" height="38.10mm" viewBox="0 0 45 45"',
    );
  });
});
