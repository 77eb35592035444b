import { expect, it } from "vitest";
import { toVendorError } from "./errors.js";

it.each([
  [400, { error: { code: "bad_field", text: "seconds" } }, "invalid-request", "bad_field"],
  [401, { error: { code: "bad_key" } }, "unauthenticated", "bad_key"],
  [403, { error: { code: "not_allowed" } }, "forbidden", "not_allowed"],
  [404, { error: { code: "no_pass" } }, "not-found", "no_pass"],
  [404, { error: { code: "no_group" } }, "not-found", "no_group"],
  [409, { error: { code: "full" } }, "quota-exceeded", "full"],
  [429, { error: { code: "slow_down" } }, "rate-limited", "slow_down"],
  [404, "<html>", "not-found", undefined],
  [418, undefined, "unknown", undefined],
  [503, undefined, "unavailable", undefined],
] as const)("%i with %j is %s", (status, body, code, vendorCode) => {
  expect(toVendorError({ status, body })).toMatchObject({ code });
  expect(toVendorError({ status, body }).vendorCode).toBe(vendorCode);
});
