import { EnrollmentError, type EnrollmentErrorCode } from "@enrollkit/core";
import type { ErrorAnswer } from "@enrollkit/http";
import { describe, expect, it } from "vitest";
import { attempt, importRefusal, toError, toTokenError } from "./errors.js";

const answer = (status: number, body?: object): ErrorAnswer => ({
  status,
  headers: { "request-id": "1b4e28ba" },
  body,
  text: body === undefined ? "" : JSON.stringify(body),
});

describe("toError", () => {
  it.each<[number, object | undefined, EnrollmentErrorCode]>([
    [400, undefined, "invalid-request"],
    [400, { code: 3, message: "bad", details: [] }, "invalid-request"],
    [400, { code: 9, message: "enrolled already" }, "failed-precondition"],
    [400, { code: 11, message: "too many" }, "invalid-request"],
    [400, { code: 16 }, "unauthenticated"],
    [400, { code: 99 }, "invalid-request"],
    [400, { code: "3", message: 7 }, "invalid-request"],
    [401, undefined, "unauthenticated"],
    [403, undefined, "forbidden"],
    [403, { code: 7, message: "no rights" }, "forbidden"],
    [404, undefined, "not-found"],
    [404, { code: 5 }, "not-found"],
    [429, undefined, "rate-limited"],
    [500, undefined, "unavailable"],
    [502, undefined, "unavailable"],
    [503, undefined, "unavailable"],
    [504, { code: 4 }, "unavailable"],
    [409, undefined, "unknown"],
    [418, { code: 3 }, "unknown"],
    [501, undefined, "unknown"],
  ])("reads %i with %j as %s", (status, body, code) => {
    expect(toError(answer(status, body)).code).toBe(code);
  });

  it("keeps the vendor's code and words", () => {
    const error = toError(answer(400, { code: 9, message: "enrolled already", details: [] }));
    expect(error).toMatchObject({ vendorCode: 9, vendorMessage: "enrolled already" });
  });

  it("invents no vendor code", () => {
    expect(toError(answer(404))).not.toHaveProperty("vendorCode");
    expect(toError(answer(404))).not.toHaveProperty("vendorMessage");
  });

  it("tells a filter in front of the API by its answer without a request id", () => {
    const rejected = toError({ status: 403, headers: {}, body: undefined, text: "<html>volt-adc</html>" });
    expect(rejected).toMatchObject({ code: "forbidden" });
    expect(rejected.message).toContain("filter in front of ESET Connect");
    expect(rejected.message).not.toContain("volt-adc");
  });
});

describe("toTokenError", () => {
  it.each<[number, object | undefined, EnrollmentErrorCode, string | undefined]>([
    [400, { error: "invalid_grant" }, "unauthenticated", "invalid_grant"],
    [
      400,
      { error: "unsupported_grant_type", error_description: "no" },
      "unauthenticated",
      "unsupported_grant_type",
    ],
    [400, undefined, "unauthenticated", undefined],
    [401, undefined, "unauthenticated", undefined],
    [403, undefined, "forbidden", undefined],
    [404, undefined, "invalid-config", undefined],
    [415, undefined, "protocol", undefined],
    [429, undefined, "rate-limited", undefined],
    [500, undefined, "unavailable", undefined],
    [503, undefined, "unavailable", undefined],
    [418, undefined, "unknown", undefined],
  ])("reads %i with %j as %s", (status, body, code, vendorCode) => {
    const error = toTokenError(answer(status, body));
    expect(error.code).toBe(code);
    expect(error.vendorCode).toBe(vendorCode);
  });

  it("tells an admin what makes a login fail", () => {
    expect(toTokenError(answer(400)).advice).toMatch(/password.*region.*Integrations toggle.*logged in/);
  });
});

describe("importRefusal", () => {
  it.each<[number | undefined, EnrollmentErrorCode]>([
    [3, "invalid-request"],
    [4, "outcome-unknown"],
    [5, "not-found"],
    [7, "forbidden"],
    [9, "failed-precondition"],
    [14, "unavailable"],
    [77, "unknown"],
    [undefined, "unknown"],
  ])("reads gRPC code %s as %s", (code, expected) => {
    const error = importRefusal("phones", { code, message: "because of ada@example.com" });
    expect(error).toMatchObject({ code: expected, provider: "phones" });
    expect(error.vendorMessage).toContain("because of");
    expect(JSON.stringify(error)).not.toContain("ada@example.com");
  });
});

describe("attempt", () => {
  const refusal = new EnrollmentError("no", { code: "forbidden" });

  it("gives the result, or the error", async () => {
    expect(await attempt(() => Promise.resolve(1), undefined)).toBe(1);
    expect(await attempt(() => Promise.reject(refusal), undefined)).toBe(refusal);
  });

  it("throws on what is no EnrollmentError", async () => {
    await expect(attempt(() => Promise.reject(new TypeError("a bug")), undefined)).rejects.toThrow(TypeError);
  });

  it("throws the reason of an abort, whatever it is", async () => {
    const signal = AbortSignal.abort(refusal);
    await expect(attempt(() => Promise.reject(refusal), { signal })).rejects.toBe(refusal);
  });
});
