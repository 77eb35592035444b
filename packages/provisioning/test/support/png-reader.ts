import { crc32, inflateSync } from "node:zlib";

/** What a PNG image holds: `dark[y][x]`, and how large a pixel is. */
export interface ReadPng {
  readonly dark: readonly (readonly boolean[])[];
  readonly pixelsPerMetre: number;
}

const readChunks = (png: Buffer): ReadonlyMap<string, Buffer> => {
  const chunks = new Map<string, Buffer>();
  for (let start = 8; start < png.length;) {
    const length = png.readUInt32BE(start);
    const body = png.subarray(start + 4, start + 8 + length);
    const type = body.toString("latin1", 0, 4);
    if (crc32(body) !== png.readUInt32BE(start + 8 + length)) throw new Error(`wrong checksum of ${type}`);
    chunks.set(type, body.subarray(4));
    start += 12 + length;
  }
  return chunks;
};

/** Reads PNG images with one bit of grey a pixel, and no others. */
export const readPng = (png: Buffer): ReadPng => {
  const chunks = readChunks(png);
  const chunk = (type: string) => chunks.get(type) ?? Buffer.alloc(0);
  const header = chunk("IHDR");
  if (header.toString("hex", 8) !== "0100000000") throw new Error("not one bit of grey a pixel");
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const data = inflateSync(chunk("IDAT"));
  const rowLength = 1 + Math.ceil(width / 8);
  if (data.length !== height * rowLength) throw new Error("wrong amount of pixels");
  let above = Buffer.alloc(rowLength - 1);
  const dark = Array.from({ length: height }, (_, y) => {
    const filter = data[y * rowLength];
    if (filter !== 0 && filter !== 2) throw new Error("unexpected filter");
    const stored = data.subarray(y * rowLength + 1, (y + 1) * rowLength);
    const row = Buffer.from(stored.map((byte, x) => (filter === 2 ? byte + (above[x] ?? 0) : byte)));
    above = row;
    return Array.from({ length: width }, (__, x) => (((row[x >> 3] ?? 0) >> (7 - (x & 7))) & 1) === 0);
  });
  return { dark, pixelsPerMetre: chunk("pHYs").readUInt32BE(0) };
};
