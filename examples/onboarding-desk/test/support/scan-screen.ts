import jsqr from "jsqr";
import type { Browser, Page } from "playwright-core";

/** The pixels of a picture, as a browser sees them: four bytes each, in base64. */
const readPixels = `async (picture) => {
  const image = new Image();
  image.src = "data:image/png;base64," + picture;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
  const drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  const { data } = drawing.getImageData(0, 0, image.width, image.height);
  let text = "";
  for (let start = 0; start < data.length; start += 8192) text += String.fromCharCode(...data.subarray(start, start + 8192));
  return { width: image.width, height: image.height, pixels: btoa(text) };
}`;

/** What a camera reads that is held before the screen. */
export const scanScreen = async (browser: Browser, screen: Page): Promise<string | undefined> => {
  const picture = await screen.screenshot({ fullPage: true });
  const page = await browser.newPage();
  try {
    const { width, height, pixels } = await page.evaluate<{ width: number; height: number; pixels: string }>(
      `(${readPixels})(${JSON.stringify(picture.toString("base64"))})`,
    );
    // The package is CommonJS: the function is a member of what is imported.
    return jsqr.default(new Uint8ClampedArray(Buffer.from(pixels, "base64")), width, height, {
      inversionAttempts: "dontInvert",
    })?.data;
  } finally {
    await page.close();
  }
};
