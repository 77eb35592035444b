import { execFileSync } from "node:child_process";

/**
 * The text of the one QR code in a picture, read by zbar. As bytes it is what stands in the code. Left to itself, zbar guesses
 * a character set, and takes short UTF-8 for Shift JIS or Big5.
 */
export const readWithZbar = (
  zbarimg: string,
  picture: string,
  as: "bytes" | "guessed text" = "bytes",
): string => {
  const symbology = ["-Sdisable", "-Sqrcode.enable", ...(as === "bytes" ? ["-Sbinary"] : [])];
  return execFileSync(zbarimg, ["--nodbus", "--quiet", "--raw", "--oneshot", ...symbology, picture], {
    encoding: "utf8",
  });
};
