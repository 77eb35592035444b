import { loadFixture } from "@enrollkit/testing";
import { describe, expect, it } from "vitest";
import { toVendorError } from "./errors.js";

interface Answer {
  readonly status: number;
  readonly body: { readonly error: { readonly code: number; readonly message: string } };
  readonly expected: string;
}
const { answers } = loadFixture(new URL("../fixtures/errors.json", import.meta.url));

describe("toVendorError", () => {
  it.each(answers as readonly Answer[])("reads $body.error.code with $status as $expected", (answer) => {
    const { status, body, expected } = answer;
    expect(toVendorError({ status, body })).toMatchObject({
      code: expected,
      vendorCode: body.error.code,
      vendorMessage: body.error.message,
    });
  });

  it.each([
    [400, "invalid-request"],
    [401, "unauthenticated"],
    [402, "unknown"],
    [403, "forbidden"],
    [404, "not-found"],
    [409, "unknown"],
    [422, "invalid-request"],
    [429, "rate-limited"],
    [500, "unavailable"],
    [503, "unavailable"],
  ])("reads %d without a body as %s", (status, code) => {
    expect(toVendorError({ status, body: undefined })).toMatchObject({ code });
  });

  it.each([
    ["the status 429", 429, 5017, "rate-limited"],
    ["a status from 500 on", 502, 3001, "unavailable"],
  ])("lets %s go before the vendor's code", (_, status, code, expected) => {
    const body = { status: false, error: { code, message: "Limit Exceeded" } };
    expect(toVendorError({ status, body })).toMatchObject({ code: expected, vendorCode: code });
  });

  it.each([
    ["a code that nobody has mapped", { status: false, error: { code: 5999, message: "New" } }, 418, 5999],
    ["a refusal with the status 200", { status: false, error: { code: 5999, message: "New" } }, 200, 5999],
    ["an error without a code", { status: false, error: { message: "New" } }, 418, undefined],
  ])("calls %s unknown and keeps the vendor's words", (_, body, status, vendorCode) => {
    const error = toVendorError({ status, body });
    expect(error).toMatchObject({ code: "unknown", vendorMessage: "New" });
    expect(error.vendorCode).toBe(vendorCode);
    expect(error.retryable).not.toBe(true);
  });

  it.each([["text"], [null], [[]], [{ status: false }], [{ error: "no envelope" }]])(
    "goes by the status if the body is %j",
    (body) => {
      const error = toVendorError({ status: 404, body });
      expect(error).toMatchObject({ code: "not-found" });
      expect(error).not.toHaveProperty("vendorCode");
    },
  );
});
