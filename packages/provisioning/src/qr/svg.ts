import type { Secret } from "@enrollkit/core";
import { moduleSizes } from "./module-size.js";
import { drawModules, type QrOptions } from "./modules.js";

/** The dark runs of a row as lines through the middle of it. */
const drawRow = (row: Uint8Array, y: number): string => {
  let path = "";
  let end = 0;
  for (let start = row.indexOf(1); start !== -1; start = row.indexOf(1, end)) {
    path += path === "" ? `M${start} ${y}.5` : `m${start - end} 0`;
    const light = row.indexOf(0, start);
    end = light === -1 ? row.length : light;
    path += `h${end - start}`;
  }
  return path;
};

/**
 * A QR code as an SVG element, to stand in a page or a file: black on a white ground of its own, with its quiet zone. It holds
 * neither a style nor a script, so that a strict content security policy lets it pass; for screen readers it is "QR code",
 * and the payload is nowhere in its text.
 *
 * Its width and height are those that a phone reads at arm's length: 1.06 mm a module on a screen, 0.85 mm in print. A style
 * sheet may set others.
 *
 * @throws EnrollmentError as `qrSymbol` does.
 */
export const qrSvg = (payload: Secret, options: QrOptions = {}): string => {
  const { side, dark } = drawModules(payload, options);
  const rows = Array.from({ length: side }, (_, y) => drawRow(dark.subarray(y * side, (y + 1) * side), y));
  const size = `${(side * moduleSizes[options.medium ?? "screen"].millimetres).toFixed(2)}mm`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${side} ${side}" ` +
    `role="img" aria-label="QR code" shape-rendering="crispEdges">` +
    `<rect width="${side}" height="${side}" fill="#fff"/>` +
    `<path stroke="#000" d="${rows.join("")}"/></svg>`
  );
};
