import type { VendorError } from "@enrollkit/http";
import { describe, expect, it } from "vitest";
import { toTokenError, toVendorError } from "./errors.js";

const answer = (status: number, body?: unknown) => ({ status, headers: {}, body, text: "" });

interface Words {
  readonly code: string;
  readonly message: RegExp;
  readonly advice?: RegExp;
  readonly path?: string;
}

const expectWords = (error: VendorError, { message, advice, ...rest }: Words) => {
  expect(error).toStrictEqual({
    ...rest,
    message: expect.stringMatching(message) as string,
    ...(advice && { advice: expect.stringMatching(advice) as string }),
  });
};

const role =
  /^grant the service account the role "Android Management User" \(roles\/androidmanagement\.user\)/;
const quota = {
  code: "rate-limited",
  message: /^the project's quota of calls is used up$/,
  advice: /^lower callsPer100Seconds/,
};

describe("what an operator reads of the API", () => {
  it.each<[number, Words]>([
    [400, { code: "invalid-request", message: /^Google refused the request$/ }],
    [
      401,
      {
        code: "unauthenticated",
        message: /^Google does not accept the credentials$/,
        advice: /service account's key/,
      },
    ],
    [403, { code: "forbidden", message: /^Google does not allow the call$/, advice: role }],
    [
      404,
      {
        code: "invalid-config",
        message: /^there is no Android Management API at this address$/,
        advice: /^check the setting baseUrl$/,
        path: "baseUrl",
      },
    ],
    [429, quota],
    [500, { code: "unavailable", message: /^the Android Management API is out of order$/ }],
    [418, { code: "unknown", message: /^Google answered with status 418$/ }],
  ])("of the status %i without a body", (status, words) => {
    expectWords(toVendorError(answer(status)), words);
  });

  it.each<[string, Words]>([
    [
      "SERVICE_DISABLED",
      { code: "failed-precondition", message: /is not enabled in the project$/, advice: /^enable it/ },
    ],
    [
      "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
      { code: "forbidden", message: /lacks the scope/, advice: /auth\/androidmanagement$/ },
    ],
    [
      "CREDENTIALS_MISSING",
      { code: "unauthenticated", message: /does not accept the access token/, advice: /^check the service/ },
    ],
    [
      "ACCESS_TOKEN_EXPIRED",
      { code: "unauthenticated", message: /does not accept the access token/, advice: /^check the service/ },
    ],
    [
      "ACCESS_TOKEN_TYPE_UNSUPPORTED",
      { code: "unauthenticated", message: /does not accept the access token/, advice: /^check the service/ },
    ],
    ["RATE_LIMIT_EXCEEDED", quota],
  ])("of the reason %s, whatever the status", (reason, words) => {
    const { vendorCode, ...error } = toVendorError(answer(418, { error: { details: [{ reason }] } }));
    expect(vendorCode).toBe(reason);
    expectWords(error, words);
  });

  it.each<[number, string, string, Words]>([
    [
      400,
      "FAILED_PRECONDITION",
      "Bind first.",
      { code: "failed-precondition", message: /^Google refused, because something must be set up first: / },
    ],
    [
      403,
      "PERMISSION_DENIED",
      "You may not Manage Project 7.",
      { code: "forbidden", message: /^the service account may not manage the project: /, advice: role },
    ],
    [
      403,
      "PERMISSION_DENIED",
      "You may not manage enterprise 7.",
      {
        code: "forbidden",
        message: /may not manage the enterprise, or the enterprise has been deleted: /,
        advice: /^check the setting enterprise, .*; grant the service account the role/,
      },
    ],
    [
      404,
      "NOT_FOUND",
      "Not found.",
      {
        code: "not-found",
        message: /^Google knows nothing of that name: /,
        advice: /expired or been deleted/,
      },
    ],
  ])("of %i %s: %s", (status, canonical, message, words) => {
    const error = toVendorError(answer(status, { error: { status: canonical, message } }));
    const { vendorCode, vendorMessage, ...rest } = error;
    expect([vendorCode, vendorMessage]).toEqual([canonical, message]);
    expectWords(rest, words);
  });

  it.each([
    [418, "NOT_FOUND", "unknown"],
    [418, "FAILED_PRECONDITION", "unknown"],
    [418, "PERMISSION_DENIED: may not manage project", "unknown"],
  ])("of %i %s is no more than Google's word, as its status is another's", (status, canonical, code) => {
    const body = { error: { status: canonical, message: canonical } };
    expect(toVendorError(answer(status, body)).code).toBe(code);
  });
});

it("takes the first reason that is given, wherever it stands", () => {
  const body = {
    error: { details: [{}, { reason: "SERVICE_DISABLED" }], errors: [{ reason: "forbidden" }] },
  };
  expect(toVendorError(answer(403, body))).toMatchObject({
    code: "failed-precondition",
    vendorCode: "SERVICE_DISABLED",
  });
});

describe("the field at fault", () => {
  const violation = (...fields: (string | undefined)[]) => ({
    error: {
      message: "Invalid value at 'enrollment_token.user'.",
      details: [{ reason: undefined }, { fieldViolations: fields.map((field) => ({ field })) }],
    },
  });

  it.each<[string, unknown, string | undefined]>([
    ["the violation's before the message's", violation("enrollment_token.duration"), "validFor"],
    ["the first that is named", violation(undefined, "enrollment_token.duration"), "validFor"],
    ["the message's", violation(), "extras.user"],
    ["none within another's field", violation("x.enrollment_token.duration"), undefined],
    ["none without a message", { error: {} }, undefined],
  ])("is %s", (_, body, path) => {
    expect(toVendorError(answer(400, body)).path).toBe(path);
  });

  it("is none where the body names none", () => {
    expect(toVendorError(answer(400))).not.toHaveProperty("path");
    expect(toVendorError(answer(400, violation("unknown.member")))).not.toHaveProperty("path");
  });

  it("is told of an invalid request alone", () => {
    const { error } = violation("enrollment_token.duration");
    const refused = answer(400, { error: { ...error, status: "FAILED_PRECONDITION" } });
    expect(toVendorError(refused)).not.toHaveProperty("path");
  });
});

describe("what an operator reads of the token endpoint", () => {
  const key = /does not accept the service account's key/;

  it.each<[number, Words]>([
    [401, { code: "unauthenticated", message: key, path: "credentials" }],
    [
      403,
      { code: "forbidden", message: /^the token endpoint does not allow the call$/, path: "credentials" },
    ],
    [
      404,
      {
        code: "invalid-config",
        message: /^there is no token endpoint at this address$/,
        advice: /^check the setting tokenUri, or token_uri in the key file$/,
        path: "tokenUri",
      },
    ],
    [429, { code: "rate-limited", message: /^too many access tokens were asked for$/ }],
    [500, { code: "unavailable", message: /^the token endpoint is out of order$/ }],
    [502, { code: "unavailable", message: /^the token endpoint is out of order$/ }],
    [503, { code: "unavailable", message: /^the token endpoint is out of order$/ }],
    [504, { code: "unavailable", message: /^the token endpoint is out of order$/ }],
    [400, { code: "unknown", message: /^Google answered with status 400$/, path: "credentials" }],
    // The endpoint's own trouble is no fault of the credentials.
    [599, { code: "unknown", message: /^Google answered with status 599$/ }],
  ])("of the status %i without a body", (status, words) => {
    expectWords(toTokenError(answer(status)), words);
  });

  it.each<[string, string | undefined, Words]>([
    [
      "invalid_grant",
      "Token must be in a reasonable timeframe.",
      {
        code: "unauthenticated",
        message: /^Google does not accept the time in the assertion: /,
        advice: /^set this machine's clock/,
        path: "credentials",
      },
    ],
    [
      "invalid_grant",
      "It is expired, said the exporter.",
      { code: "unauthenticated", message: key, advice: /deleted or disabled$/, path: "credentials" },
    ],
    [
      "invalid_client",
      "Check your iat.",
      { code: "unauthenticated", message: key, advice: /deleted or disabled$/, path: "credentials" },
    ],
    [
      "unauthorized_client",
      undefined,
      { code: "unauthenticated", message: key, advice: /deleted or disabled$/, path: "credentials" },
    ],
  ])("of %s: %s", (reason, description, words) => {
    const error = toTokenError(answer(400, { error: reason, error_description: description }));
    const { vendorCode, vendorMessage, ...rest } = error;
    expect([vendorCode, vendorMessage]).toEqual([reason, description]);
    expectWords(rest, words);
  });
});
