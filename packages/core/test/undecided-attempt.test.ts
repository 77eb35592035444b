import { expect, it } from "vitest";
import { reconciledAttemptSchema } from "../src/index.js";

it("an undecided attempt that may be asked about again says so after JSON too", () => {
  const attempt = { status: "undecided", reason: "the vendor was busy", checkByHand: "look", askAgain: true };
  expect(reconciledAttemptSchema.parse(JSON.parse(JSON.stringify(attempt)))).toEqual(attempt);
});
