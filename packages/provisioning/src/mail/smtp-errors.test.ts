import { inspect } from "node:util";
import type { NodemailerError } from "nodemailer";
import { describe, expect, it } from "vitest";
import { isAboutSettings, smtpError } from "./smtp-errors.js";

const failure = (details: Partial<NodemailerError>): NodemailerError =>
  Object.assign(new Error("nodemailer: canary@people.example"), details);

const answer = (response: string, command = "DATA") =>
  failure({ code: "EMESSAGE", command, response, responseCode: Number(response.slice(0, 3)) });

describe("smtpError", () => {
  it.each<[NodemailerError, string, string | number, string?]>([
    [answer("421 4.7.0 closing"), "unavailable", "4.7.0"],
    [answer("450 busy"), "unavailable", 450],
    [answer("454 4.7.0 Temporary authentication failure", "AUTH PLAIN"), "unavailable", "4.7.0"],
    [answer("530 5.7.0 Authentication required", "MAIL FROM"), "unauthenticated", "5.7.0", "smtp.password"],
    [answer("534 5.7.9 stronger", "AUTH PLAIN"), "unauthenticated", "5.7.9", "smtp.password"],
    [answer("550 5.1.1 unknown", "RCPT TO"), "invalid-request", "5.1.1", "recipient.email"],
    [answer("553 bad name", "RCPT TO"), "invalid-request", 553, "recipient.email"],
    [answer("550 5.7.1 relaying denied", "RCPT TO"), "forbidden", "5.7.1"],
    [answer("550 5.1.8 bad sender", "MAIL FROM"), "invalid-config", "5.1.8", "from.email"],
    [answer("552 5.3.4 too big"), "unknown", "5.3.4"],
    [answer("554 no"), "unknown", 554],
    [failure({ code: "EAUTH" }), "unauthenticated", "EAUTH", "smtp.password"],
    [failure({ code: "ESOCKET", originalCode: "ECONNREFUSED" }), "unavailable", "ECONNREFUSED"],
    [failure({ code: "EDNS", originalCode: "ENOTFOUND" }), "unavailable", "ENOTFOUND"],
    [failure({ code: "ETIMEDOUT" }), "unavailable", "ETIMEDOUT"],
    [
      failure({ code: "ESOCKET", originalCode: "CERT_HAS_EXPIRED" }),
      "failed-precondition",
      "CERT_HAS_EXPIRED",
      "smtp.certificateAuthority",
    ],
    [
      failure({ code: "ESOCKET", originalCode: "ERR_TLS_CERT_ALTNAME_INVALID" }),
      "failed-precondition",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "smtp.certificateAuthority",
    ],
    [failure({ code: "ETLS" }), "failed-precondition", "ETLS", "smtp.security"],
  ])("%o is %s", (error, code, vendorCode, path) => {
    const mapped = smtpError(error, { handedOver: false, known: [] });
    expect([mapped.code, mapped.vendorCode, mapped.path]).toEqual([code, vendorCode, path]);
    expect(inspect(mapped, { depth: null, showHidden: true })).not.toContain("canary");
  });

  it.each(["ECONNECTION", "ESOCKET", "ETIMEDOUT", undefined])(
    "without an answer to a mail that was written is unknown (%s)",
    (code) => {
      const mapped = smtpError(failure({ code }), { handedOver: true, known: [] });
      expect([mapped.code, mapped.retryable]).toEqual(["outcome-unknown", false]);
    },
  );

  it.each(["421 closing", "451 later", "554 no"])(
    "takes an answer to a mail that was written: %s",
    (response) => {
      expect(smtpError(answer(response), { handedOver: true, known: [] }).code).not.toBe("outcome-unknown");
    },
  );

  it.each([
    ["535 5.7.8 no", "AUTH PLAIN", true],
    ["550 5.1.8 no", "MAIL FROM", true],
    ["550 5.1.1 no", "RCPT TO", false],
    ["451 later", "RCPT TO", false],
  ])("%s to %s is about the settings: %s", (response, command, expected) => {
    expect(isAboutSettings(smtpError(answer(response, command), { handedOver: false, known: [] }))).toBe(
      expected,
    );
  });
});
