import { loadFixture } from "@enrollkit/testing";
import { describe, expect, it } from "vitest";
import { toTokenError, toVendorError } from "./errors.js";

interface Sample {
  readonly source: string;
  readonly status: number;
  readonly body?: unknown;
  readonly text?: string;
  readonly expected: string;
  readonly vendorCode?: string;
}

const samples = loadFixture(new URL("../fixtures/errors.json", import.meta.url))["answers"] as Sample[];

const answer = (status: number, body?: unknown, text = "") => ({ status, headers: {}, body, text });

const google = (code: number, status: string, message: string, ...details: unknown[]) =>
  answer(code, { error: { code, message, status, ...(details.length > 0 && { details }) } });

const info = (reason: string) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  domain: "googleapis.com",
  metadata: { service: "androidmanagement.googleapis.com" },
});

const badRequest = (field: string) => ({
  "@type": "type.googleapis.com/google.rpc.BadRequest",
  fieldViolations: [{ field, description: "…" }],
});

describe("errors seen in public", () => {
  it.each(samples)("$source", ({ status, body, text, expected, vendorCode }) => {
    const error = toVendorError(answer(status, body, text));
    expect(error.code).toBe(expected);
    expect(error.vendorCode).toBe(vendorCode);
  });
});

describe("403 is told apart", () => {
  it.each([
    [
      "PERMISSION_DENIED",
      "Caller is not authorized to manage project.",
      [],
      "forbidden",
      /manage the project/,
    ],
    ["PERMISSION_DENIED", "Caller is not authorized to manage enterprise.", [], "forbidden", /deleted/],
    [
      "PERMISSION_DENIED",
      "Android Management API has not been used in project 1 before or it is disabled.",
      [info("SERVICE_DISABLED")],
      "failed-precondition",
      /not enabled/,
    ],
    [
      "PERMISSION_DENIED",
      "Request had insufficient authentication scopes.",
      [info("ACCESS_TOKEN_SCOPE_INSUFFICIENT")],
      "forbidden",
      /scope/,
    ],
    [
      "UNAUTHENTICATED",
      "Method doesn't allow unregistered callers.",
      [info("CREDENTIALS_MISSING")],
      "unauthenticated",
      /access token/,
    ],
    ["PERMISSION_DENIED", "Something else.", [], "forbidden", /does not allow/],
  ] as const)("%s %s", (status, words, details, code, message) => {
    const error = toVendorError(google(403, status, words, ...details));
    expect(error).toMatchObject({ code, vendorMessage: words });
    expect(error.message).toMatch(message);
    expect(error.advice).toBeTypeOf("string");
  });
});

describe("statuses", () => {
  it.each([
    [400, "INVALID_ARGUMENT", "invalid-request"],
    [400, "FAILED_PRECONDITION", "failed-precondition"],
    [401, "UNAUTHENTICATED", "unauthenticated"],
    [403, "PERMISSION_DENIED", "forbidden"],
    [404, "NOT_FOUND", "not-found"],
    [429, "RESOURCE_EXHAUSTED", "rate-limited"],
    [500, "INTERNAL", "unavailable"],
    [502, "UNAVAILABLE", "unavailable"],
    [503, "UNAVAILABLE", "unavailable"],
    [504, "DEADLINE_EXCEEDED", "unavailable"],
    [409, "ABORTED", "unknown"],
    [418, "TEAPOT", "unknown"],
  ])("%i %s → %s", (status, canonical, code) => {
    const error = toVendorError(google(status, canonical, "Google's own words."));
    expect(error).toMatchObject({ code, vendorCode: canonical, vendorMessage: "Google's own words." });
    expect(error.message).toContain("Google's own words.");
  });

  it.each([
    [400, "invalid-request"],
    [401, "unauthenticated"],
    [403, "forbidden"],
    [404, "invalid-config"],
    [429, "rate-limited"],
    [503, "unavailable"],
    [418, "unknown"],
  ])("%i without a body → %s", (status, code) => {
    const error = toVendorError(answer(status));
    expect(error.code).toBe(code);
    expect(error).not.toHaveProperty("vendorMessage");
  });

  it.each([
    ["a list", []],
    ["null", null],
    ["an error that is text", { error: "no" }],
    ["details that are null", { error: { message: null, status: null, details: null, errors: null } }],
  ])("survives a body that is %s", (_name, body) => {
    expect(toVendorError(answer(403, body)).code).toBe("forbidden");
  });
});

it("a reason decides before the status, and is the vendor's code", () => {
  const error = toVendorError(google(401, "UNAUTHENTICATED", "…", info("ACCESS_TOKEN_EXPIRED")));
  expect(error).toMatchObject({ code: "unauthenticated", vendorCode: "ACCESS_TOKEN_EXPIRED" });
});

it("the older format's reason is read too", () => {
  const body = { error: { code: 403, message: "…", errors: [{ message: "…", reason: "forbidden" }] } };
  expect(toVendorError(answer(403, body))).toMatchObject({ code: "forbidden", vendorCode: "forbidden" });
});

describe("the field at fault", () => {
  it.each([
    ["enrollment_token.duration", "validFor"],
    ["enrollmentToken.duration", "validFor"],
    ["enrollment_token.additional_data", "additionalData"],
    ["enrollment_token.one_time_only", "uses"],
    ["enrollment_token.policy_name", "profile"],
    ["enrollment_token.allow_personal_usage", "management"],
    [
      "enrollment_token.google_authentication_options.required_account_email",
      "extras.googleAuthenticationOptions",
    ],
    ["enrollment_token", undefined],
    ["policy.duration", undefined],
  ])("%s → %s", (field, path) => {
    expect(toVendorError(google(400, "INVALID_ARGUMENT", "…", badRequest(field))).path).toBe(path);
    const words = `Invalid value at '${field}' (type.googleapis.com/google.protobuf.Duration), "x"`;
    expect(toVendorError(google(400, "INVALID_ARGUMENT", words)).path).toBe(path);
  });
});

describe("the token endpoint", () => {
  it.each([
    [400, { error: "invalid_grant", error_description: "Invalid JWT Signature." }, "unauthenticated", /key/],
    [
      400,
      {
        error: "invalid_grant",
        error_description:
          "Invalid JWT: Token must be a short-lived token and in a reasonable timeframe. Check your iat and exp values.",
      },
      "unauthenticated",
      /time/,
    ],
    [401, { error: "invalid_client" }, "unauthenticated", /key/],
    [400, { error: "something_new" }, "unknown", /400/],
    [401, undefined, "unauthenticated", /key/],
    [403, undefined, "forbidden", /token endpoint/],
    [404, undefined, "invalid-config", /address/],
    [429, undefined, "rate-limited", /too many/],
    [503, undefined, "unavailable", /out of order/],
  ] as const)("%i %j", (status, body, code, message) => {
    const error = toTokenError(answer(status, body));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(error.vendorCode).toBe(body?.error);
    expect(error.path).toBe(status === 404 ? "tokenUri" : status < 429 ? "credentials" : undefined);
  });
});
