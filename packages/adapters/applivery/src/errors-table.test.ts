import { describe, expect, it } from "vitest";
import { toVendorError } from "./errors.js";

/** A status that means nothing by itself: what is known comes from the vendor's code. */
const silentStatus = 418;

const refusal = (status: number, code?: number) =>
  toVendorError({ status, body: code === undefined ? {} : { status: false, error: { code } } });

const serviceAccount = /^set a token of a service account: /;
const role = /^give the service account a role/;

describe("what an operator reads", () => {
  it.each<[number, string, RegExp, RegExp | undefined]>([
    [3001, "not-found", /does not know something/, /^check the organization, the ids/],
    [4001, "forbidden", /does not allow this/, role],
    [4002, "unauthenticated", /saw no token/, serviceAccount],
    [4003, "forbidden", /does not allow this/, role],
    [4004, "unauthenticated", /does not know the token/, serviceAccount],
    [4014, "unauthenticated", /belongs to a person/, serviceAccount],
    [5003, "quota-exceeded", /a limit of the workspace/, /ask Applivery/],
    [5004, "plan-required", /plan lacks the feature/, /upgrade the plan/],
    [5017, "quota-exceeded", /a limit of the workspace/, /ask Applivery/],
    [5048, "failed-precondition", /already an MDM user/, /use the one that exists/],
    [5050, "plan-required", /plan lacks the feature/, /need Policy Composition/],
    [5120, "invalid-request", /could not update the record/, undefined],
    [5138, "unsupported", /has not implemented this/, undefined],
  ])("of the vendor's code %i, whatever the status", (vendorCode, code, message, advice) => {
    const error = refusal(silentStatus, vendorCode);
    expect(error).toStrictEqual({
      code,
      vendorCode,
      message: expect.stringMatching(message) as string,
      ...(advice && { advice: expect.stringMatching(advice) as string }),
    });
  });

  it.each<[number, string, RegExp, RegExp | undefined]>([
    [400, "invalid-request", /refused the request as invalid/, undefined],
    [401, "unauthenticated", /does not accept the token/, serviceAccount],
    [403, "forbidden", /does not allow this/, role],
    [404, "not-found", /nothing at this address/, /check baseUrl and organization/],
    [422, "invalid-request", /refused the request as invalid/, undefined],
    [429, "rate-limited", /too many calls/, /leave more time/],
    [500, "unavailable", /out of order/, undefined],
    [503, "unavailable", /out of order/, undefined],
    [silentStatus, "unknown", /a reason that is not known here/, undefined],
  ])("of the status %i, without a code", (status, code, message, advice) => {
    expect(refusal(status)).toStrictEqual({
      code,
      message: expect.stringMatching(message) as string,
      ...(advice && { advice: expect.stringMatching(advice) as string }),
    });
  });
});
