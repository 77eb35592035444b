import { expect, it } from "vitest";
import { counted } from "./counted.js";

it.each([
  [0, "0 records"],
  [1, "1 record"],
  [2, "2 records"],
] as const)("%i of them are %s", (count, words) => {
  expect(counted(count, "record")).toBe(words);
});
