import { describe, expect, it } from "vitest";
import { EnrollmentError, enrollmentErrorCodes, enrollmentErrorSchema } from "./errors.js";

const full = new EnrollmentError("Applivery refused: too many requests", {
  code: "rate-limited",
  provider: "apple",
  retryAfter: "PT30S",
  path: "requests[17].device.name",
  advice: "wait half a minute",
  httpStatus: 429,
  vendorCode: 5017,
  vendorMessage: "Limit Exceeded",
  requestId: "0f1e",
  cause: Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }),
});

describe("EnrollmentError", () => {
  it.each(enrollmentErrorCodes)("%s says by itself whether to try again", (code) => {
    const retryable = ["rate-limited", "unavailable", "timeout"].includes(code);
    expect(new EnrollmentError("x", { code }).retryable).toBe(retryable);
    expect(new EnrollmentError("x", { code, retryable: !retryable }).retryable).toBe(!retryable);
  });

  it("has only the details that were given", () => {
    expect(new EnrollmentError("x", { code: "unknown" }).toJSON()).toEqual({
      name: "EnrollmentError",
      message: "x",
      code: "unknown",
      retryable: false,
    });
  });

  it("survives JSON, the cause included", () => {
    const back = enrollmentErrorSchema.parse(JSON.parse(JSON.stringify(full)));
    expect(back).toBeInstanceOf(EnrollmentError);
    expect(back.toJSON()).toEqual(full.toJSON());
    expect(back.cause).toMatchObject({ message: "socket hang up", code: "ECONNRESET" });
  });

  it("is recognised across two installed copies", () => {
    const foreign = Object.assign(new Error("x"), { [Symbol.for("@enrollkit/core/EnrollmentError")]: true });
    expect([full, foreign, new Error("x"), undefined].map((value) => EnrollmentError.is(value))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it.each([
    ["device.name", "requests[17]", "requests[17].device.name"],
    [undefined, "requests[17]", "requests[17]"],
    ["[2]", "tags", "tags[2]"],
  ])("path %s within %s is %s", (path, parent, expected) => {
    const error = new EnrollmentError("x", { code: "invalid-request", ...(path !== undefined && { path }) });
    expect(error.within(parent).path).toBe(expected);
  });

  it("keeps everything that with() does not change", () => {
    const changed = full.with({ provider: "other", message: "new" });
    expect(changed.toJSON()).toEqual({ ...full.toJSON(), provider: "other", message: "new" });
    expect(changed.cause).toBe(full.cause);
  });
});
