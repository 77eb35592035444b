import { expect, it } from "vitest";
import { tour } from "./tour.js";

it("works the same without a container and within NestJS", async () => {
  const shown: string[] = [];
  await tour((text) => shown.push(text));
  const lines = [
    "sales at android-management, then revoked",
    "design at applivery, then revoked",
    "kitchen: Check what you have typed. (invalid-request)",
  ];
  expect(shown).toEqual(["plain", "NestJS"].flatMap((name) => lines.map((line) => `${name}: ${line}`)));
});
