import { EnrollmentError } from "@enrollkit/core";
import type { VendorError } from "@enrollkit/http";
import { describe, expect, it } from "vitest";
import { attempt, importRefusal, toError, toTokenError } from "./errors.js";

const answer = (status: number, body?: unknown) => ({
  status,
  headers: { "request-id": "1b4e28ba" },
  body,
  text: "",
});

interface Words {
  readonly code: string;
  readonly message: RegExp;
  readonly advice?: RegExp;
}

const expectWords = (error: VendorError, { message, advice, ...rest }: Words) => {
  expect(error).toStrictEqual({
    ...rest,
    message: expect.stringMatching(message) as string,
    ...(advice && { advice: expect.stringMatching(advice) as string }),
  });
};

const invalid = { code: "invalid-request", message: /took the call as invalid/, advice: /group's UUID/ };
const token = { code: "unauthenticated", message: /refused the access token/, advice: /Integrations toggle/ };
const denied = { code: "forbidden", message: /denied access/, advice: /permission sets/ };
const resource = { code: "not-found", message: /does not know what the call named/ };
const time = { code: "unavailable", message: /did not finish in time/ };
const quota = { code: "rate-limited", message: /more than 10 times in a second/ };
const failed = { code: "unavailable", message: /^ESET Connect failed$/ };
const unmapped = { code: "unknown", message: /its documentation does not name/ };

describe("what an operator reads", () => {
  it.each<[number, Words]>([
    [400, invalid],
    [401, token],
    [403, denied],
    [404, resource],
    [429, quota],
    [500, failed],
    [502, failed],
    [503, { code: "unavailable", message: /under maintenance, or its Fair Use Policy/ }],
    [504, time],
    [418, unmapped],
  ])("of the status %i", (status, words) => {
    expectWords(toError(answer(status)), words);
  });

  it.each<[number, Words]>([
    [3, invalid],
    [4, time],
    [5, resource],
    [7, denied],
    [9, { code: "failed-precondition", message: /cannot do this in the present state/ }],
    [11, { code: "invalid-request", message: /a number as out of its range/, advice: /group's UUID/ }],
    [14, { code: "unavailable", message: /is not available/ }],
    [16, token],
  ])("of the status 400 with the gRPC code %i", (code, words) => {
    const { vendorCode, ...error } = toError(answer(400, { code }));
    expect(vendorCode).toBe(code);
    expectWords(error, words);
  });

  it("of an answer that a filter gave", () => {
    const fromEdge = { status: 403, headers: {}, body: undefined };
    expectWords(toError({ ...fromEdge, text: "<html></html>" }), {
      code: "forbidden",
      message: /^a filter in front of ESET Connect/,
      advice: /^keep markup and special characters out of names/,
    });
    // An answer with a request id is the API's own, whatever its text.
    expectWords(toError({ ...fromEdge, headers: { "request-id": "1b4e28ba" }, text: "{}" }), denied);
    // Without a text there is nothing that a filter would have said; nor does it answer with another status.
    expectWords(toError({ ...fromEdge, text: "" }), denied);
    expectWords(toError({ ...fromEdge, status: 404, text: "<html></html>" }), resource);
  });

  const login = {
    code: "unauthenticated",
    message: /refused the login/,
    advice: /^check username, password/,
  };

  it.each<[number, Words]>([
    [400, login],
    [401, login],
    [
      403,
      { code: "forbidden", message: /denied the login/, advice: /^check username.*; without a request id/ },
    ],
    [
      404,
      { code: "invalid-config", message: /no token endpoint/, advice: /^check region and baseUrls\.iam$/ },
    ],
    [415, { code: "protocol", message: /did not read the login as a form/ }],
    [429, quota],
    [500, failed],
    [418, unmapped],
  ])("of the status %i at the login", (status, words) => {
    expectWords(toTokenError(answer(status)), words);
  });

  it("of a login that says why", () => {
    const body = { error: "invalid_grant", error_description: "no such user" };
    expect(toTokenError(answer(400, body))).toMatchObject({
      vendorCode: "invalid_grant",
      vendorMessage: "no such user",
    });
    expect(toTokenError(answer(400))).not.toHaveProperty("vendorMessage");
  });
});

describe("an import's refusal", () => {
  const refusalOf = (code: number | undefined) => importRefusal("phones", { code, message: undefined });

  it("says whether the device may be there", () => {
    expect(refusalOf(4).message).toMatch(/: the device may have been imported$/);
    expect(refusalOf(3).message).toMatch(/: the device was not imported$/);
  });

  it("keeps the advice and the vendor's code, and invents none", () => {
    expect(refusalOf(3)).toMatchObject({
      advice: expect.stringMatching(/group's UUID/) as string,
      vendorCode: 3,
    });
    const { vendorCode, vendorMessage } = refusalOf(undefined);
    expect([vendorCode, vendorMessage]).toEqual([undefined, undefined]);
  });
});

describe("attempt", () => {
  it("gives an error that is no abort, also where there is a signal", async () => {
    const refusal = new EnrollmentError("no", { code: "forbidden" });
    const { signal } = new AbortController();
    expect(await attempt(() => Promise.reject(refusal), { signal })).toBe(refusal);
    expect(await attempt(() => Promise.reject(refusal), {})).toBe(refusal);
  });

  it("gives a result that is there at once", async () => {
    expect(await attempt(() => 1, undefined)).toBe(1);
  });
});
