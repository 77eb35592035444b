/** A square picture, a byte a pixel, row by row. */
export interface Pixels {
  readonly side: number;
  /** 1 is dark, 0 is light. */
  readonly dark: Uint8Array;
}

/** Header, palette of 128 colours, image descriptor and code size: where the pixels begin. */
const pixelsStart = 408;
/** Before each block of pixels stands its length, and the code that empties the decompressor's table. */
const clearCode = 0x80;

/**
 * Reads a GIF image whose pixels are stored without compression: each block begins with a clear code, and so each further byte
 * is a pixel. No other GIF image is read.
 */
export const readPlainGif = (gif: Uint8Array): Pixels => {
  const side = (gif[6] ?? 0) + (gif[7] ?? 0) * 256;
  const dark = new Uint8Array(side * side);
  let filled = 0;
  let start = pixelsStart;
  while (filled < dark.length) {
    const length = gif[start] ?? 0;
    if (length < 2 || gif[start + 1] !== clearCode) throw new Error("the encoder's GIF is not a plain one");
    dark.set(gif.subarray(start + 2, start + 1 + length), filled);
    filled += length - 1;
    start += length + 1;
  }
  return { side, dark };
};
