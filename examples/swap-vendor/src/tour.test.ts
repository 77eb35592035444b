import { expect, it } from "vitest";
import { tour } from "./tour.js";

it("runs one app on three vendors: only the config is another", async () => {
  const shown: string[] = [];
  await tour((text) => shown.push(text));
  const kinds = shown.map((line) => line.split("; ").slice(0, 2).join("; "));
  expect(kinds).toEqual([
    "eset-connect.json: enrollment-link; for one",
    "android-management.json: enrollment-token, provisioning-qr; for one",
    "applivery.json: enrollment-link, enrollment-code; for one",
  ]);
});
