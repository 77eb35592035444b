import type { QrMedium } from "./error-correction.js";

/** How large a module is drawn. */
interface ModuleSize {
  readonly pixels: number;
  readonly millimetres: number;
}

/**
 * Module sizes that a phone reads at arm's length.
 *
 * A phone's preview of 1920 pixels, seen at 65°, has 1920 ÷ (2 · tan 32.5°) ≈ 1500 pixels a radian, and a decoder wants 2.5
 * of them for a module: one of 1 mm is read from 600 mm. That is
 *
 * - on a screen, 4 CSS pixels of 1/96 inch: 1.06 mm, up to 640 mm away
 * - in print, 10 dots of 300 dpi: 0.85 mm, up to 510 mm away
 *
 * Android's payload of some 530 bytes is then 94 mm wide on a screen and 75 mm on paper, its quiet zone included.
 */
export const moduleSizes = {
  screen: { pixels: 4, millimetres: (4 * 25.4) / 96 },
  print: { pixels: 10, millimetres: (10 * 25.4) / 300 },
} as const satisfies Record<QrMedium, ModuleSize>;
