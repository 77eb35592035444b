import { execFileSync } from "node:child_process";

/**
 * The text of the one QR code in a picture, read by zbar. `binary` keeps zbar from guessing a character set: it takes short
 * UTF-8 for Shift JIS or Big5.
 */
export const readWithZbar = (zbarimg: string, picture: string): string =>
  execFileSync(
    zbarimg,
    ["--nodbus", "--quiet", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable", "-Sbinary", picture],
    { encoding: "utf8" },
  );
