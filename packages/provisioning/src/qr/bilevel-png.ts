import { constants, crc32, deflateSync } from "node:zlib";
import type { Pixels } from "./plain-gif.js";

/** How a picture is enlarged. */
interface Enlargement {
  /** The side of what a pixel becomes, in pixels, at most 24: more would overflow the 32 bits that pixels are gathered in. */
  readonly scale: number;
  readonly pixelsPerMetre: number;
}

const signature = Buffer.from("\u0089PNG\r\n\u001a\n", "latin1");
const bitDepth = 1;
const greyscale = 0;
const metre = 1;
/** The PNG filter that takes a row as its difference to the one above it. */
const filterUp = 2;

const chunk = (type: string, data: Buffer): Buffer => {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, "latin1");
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), 8 + data.length);
  return bytes;
};

const header = (side: number): Buffer => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(side, 0);
  data.writeUInt32BE(side, 4);
  data.set([bitDepth, greyscale], 8);
  return data;
};

const physicalSize = (pixelsPerMetre: number): Buffer => {
  const data = Buffer.alloc(9);
  data.writeUInt32BE(pixelsPerMetre, 0);
  data.writeUInt32BE(pixelsPerMetre, 4);
  data.set([metre], 8);
  return data;
};

/** Rows of pixels, eight in a byte, of which 1 is light; each row begins with its filter and is padded with light. */
const pixelRows = ({ side, dark }: Pixels, scale: number): Buffer => {
  const rowLength = 1 + Math.ceil((side * scale) / 8);
  const rows = Buffer.alloc(side * scale * rowLength);
  const light = (1 << scale) - 1;
  for (let y = 0; y < side; y += 1) {
    const start = y * scale * rowLength;
    let position = start + 1;
    let pending = 0;
    let count = 0;
    for (let cell = y * side; cell < (y + 1) * side; cell += 1) {
      // Without a branch: no processor foretells the modules of a code, and each wrong guess costs more than the rest.
      pending = ((pending & 0xff) << scale) | (light & ((dark[cell] ?? 0) - 1));
      count += scale;
      for (; count >= 8; position += 1) {
        count -= 8;
        rows[position] = pending >>> count;
      }
    }
    if (count > 0) rows[position] = (pending << (8 - count)) | (0xff >> count);
    // The other rows of these cells are the same: no difference, nothing but zeros.
    for (let copy = 1; copy < scale; copy += 1) rows[start + copy * rowLength] = filterUp;
  }
  return rows;
};

/**
 * A picture as a PNG image with one bit a pixel, each of its pixels enlarged to a square.
 *
 * Written here because image libraries take 32 bits a pixel: a code for print would be 3 MB in memory before it becomes a file
 * of 5 kB. Compression looks for runs only, which is fastest: a code is noise, and more search gains some hundred bytes.
 */
export const bilevelPng = (pixels: Pixels, { scale, pixelsPerMetre }: Enlargement): Buffer =>
  Buffer.concat([
    signature,
    chunk("IHDR", header(pixels.side * scale)),
    chunk("pHYs", physicalSize(pixelsPerMetre)),
    chunk("IDAT", deflateSync(pixelRows(pixels, scale), { level: 1, strategy: constants.Z_RLE })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
