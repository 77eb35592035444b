import jsqr from "jsqr";

// The package is CommonJS: the function is a member of what is imported.
const decode = jsqr.default;

/**
 * The side of a code of version 23 with its quiet zone, which jsqr 1.4.0 cannot read: its table has the fourth alignment
 * pattern at 74, and the standard at 78. zbar reads them.
 */
export const UNREADABLE_SIDE = 109 + 8;

/** Reads a picture of dark and light cells with jsqr. `scale`: pixels a cell; a camera's picture has several. */
export const scan = (dark: readonly (readonly boolean[])[], scale: number): string | undefined => {
  const width = (dark[0]?.length ?? 0) * scale;
  const height = dark.length * scale;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    const row = dark[Math.floor(y / scale)] ?? [];
    for (let x = 0; x < width; x += 1) {
      if (row[Math.floor(x / scale)] === true) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return decode(pixels, width, height, { inversionAttempts: "dontInvert" })?.data;
};
