import type { EnrollmentRequest } from "@enrollkit/core";
import { describe, expect, it } from "vitest";
import { fitsBulkCall, planBatch } from "./bulk-plan.js";
import { callTag } from "./correlation.js";
import type { TokenRequest } from "./token-request.js";

const toMail = (
  email: string,
  more: Partial<TokenRequest["body"]> = {},
  request: EnrollmentRequest = {},
) => ({
  email,
  request: { key: `key of ${email}`, recipient: { email }, ...request },
  body: { sendEmail: true, ...more },
  scope: {},
  warnings: [],
});

describe("fitsBulkCall", () => {
  it.each<[string, boolean, TokenRequest]>([
    ["an address to be mailed to", true, toMail("a@example.com")],
    ["a link to be returned", false, toMail("a@example.com", { sendEmail: false })],
    ["a device with a name", false, toMail("a@example.com", { displayName: "iPhone" })],
    ["a person with a name", false, toMail("a@example.com", {}, { recipient: { name: "Ana" } })],
    [
      "a device with a serial number, which goes nowhere",
      true,
      toMail("a@example.com", {}, { device: { serialNumber: "C02" } }),
    ],
  ])("for %s: %s", (_, expected, request) => {
    expect(fitsBulkCall(request)).toBe(expected);
  });
});

describe("planBatch", () => {
  it("puts into one call what shares one body", () => {
    const batch = [
      toMail("a@example.com"),
      toMail("b@example.com", { duration: 60 }),
      toMail("c@example.com"),
      undefined,
      toMail("d@example.com", { duration: 60 }),
      toMail("e@example.com", { language: "es" }),
      toMail("f@example.com", { sendEmail: false }),
    ];
    const { calls, singles } = planBatch(batch);
    expect(calls.map(({ places }) => places)).toEqual([
      [0, 2],
      [1, 4],
    ]);
    expect(singles).toEqual([6, 5]);
    expect(calls[0]?.tag).toBe(callTag(["key of a@example.com", "key of c@example.com"]));
  });

  it("creates singly for an address that comes more than once, in any letter case", () => {
    const batch = ["a@example.com", "b@example.com", "A@Example.com", "c@example.com"].map((email) =>
      toMail(email),
    );
    const { calls, singles } = planBatch(batch);
    expect(calls.map(({ places }) => places)).toEqual([[1, 3]]);
    expect(singles).toEqual([0, 2]);
  });

  it("makes no call for nobody, nor for one", () => {
    expect(planBatch([])).toEqual({ calls: [], singles: [] });
    expect(planBatch([toMail("a@example.com")])).toEqual({ calls: [], singles: [0] });
  });

  it("tags calls without keys so that no two are the same", () => {
    const keyless = ["a@example.com", "b@example.com"].map((email) => toMail(email, {}, { key: undefined }));
    expect(planBatch(keyless).calls[0]?.tag).not.toBe(planBatch(keyless).calls[0]?.tag);
  });
});
