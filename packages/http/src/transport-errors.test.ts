import { describe, expect, it } from "vitest";
import { PROXY_REFUSED } from "./agents.js";
import { OVERSIZED, UNREADABLE } from "./content-encoding.js";
import { describeFailure, type FailureContext } from "./transport-errors.js";

const unsent: FailureContext = { sent: false, expired: false };
const sent: FailureContext = { sent: true, expired: false };
const failed = (code: string | undefined, details: object = {}) =>
  Object.assign(new Error("words"), code !== undefined && { code }, details);

const certificate = /Check the host name and this machine's clock\. .* NODE_EXTRA_CA_CERTS\.$/;
const authority = "presented a certificate from an unknown authority";
const network = /this machine's network and firewall/;
const proxy =
  /Check the proxy in HTTPS_PROXY or HTTP_PROXY, and what it allows; except the host with NO_PROXY\.$/;

describe("what comes before anything is sent", () => {
  it.each<[string, boolean, string, RegExp | undefined]>([
    [
      "ECONNREFUSED",
      true,
      "refused the connection",
      /Check the host and port in the base URL, and that the service runs/,
    ],
    [
      "ENOTFOUND",
      false,
      "is not a known host name",
      /Check the host name in the base URL, and this machine's DNS/,
    ],
    ["EAI_AGAIN", true, "could not be looked up: DNS did not answer", /network and DNS/],
    ["EHOSTUNREACH", true, "cannot be reached from this machine", network],
    ["ENETUNREACH", true, "cannot be reached from this machine", network],
    ["ENETDOWN", true, "cannot be reached from this machine", network],
    ["EHOSTDOWN", true, "cannot be reached from this machine", network],
    [PROXY_REFUSED, false, "is out of reach: the proxy refused to connect to it", proxy],
    ["CERT_HAS_EXPIRED", false, "presented a certificate that has expired", certificate],
    ["CERT_NOT_YET_VALID", false, "presented a certificate that is not yet valid", certificate],
    ["CERT_REVOKED", false, "presented a certificate that has been revoked", certificate],
    ["CERT_UNTRUSTED", false, "presented a certificate that is not trusted", certificate],
    ["CERT_REJECTED", false, "presented a certificate that is not trusted", certificate],
    ["CERT_SIGNATURE_FAILURE", false, "presented a certificate with a wrong signature", certificate],
    ["CERT_CHAIN_TOO_LONG", false, "presented a certificate that is not trusted", certificate],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", false, "presented a self-signed certificate", certificate],
    ["SELF_SIGNED_CERT_IN_CHAIN", false, authority, certificate],
    ["UNABLE_TO_GET_ISSUER_CERT", false, authority, certificate],
    ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", false, authority, certificate],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", false, authority, certificate],
    ["INVALID_CA", false, authority, certificate],
    ["INVALID_PURPOSE", false, "presented a certificate that is not meant for servers", certificate],
    ["HOSTNAME_MISMATCH", false, "presented a certificate for another host", certificate],
    ["ERR_TLS_CERT_ALTNAME_INVALID", false, "presented a certificate for another host", certificate],
    ["EPROTO", false, "did not complete the TLS handshake", /Check the scheme and port in the base URL/],
    ["ERR_SSL_WRONG_VERSION_NUMBER", false, "did not complete the TLS handshake", /scheme and port/],
    ["ESOMETHING", true, "did not accept a connection", undefined],
  ])("%s", (code, transient, reason, advice) => {
    const failure = describeFailure(failed(code), unsent);
    expect(failure).toMatchObject({ kind: "unsent", transient, reason });
    expect(failure.advice ?? "").toMatch(advice ?? /^$/);
    expect(failure.cause).toMatchObject({ code, message: "words" });
  });

  it("names the proxy on the way", () => {
    expect(describeFailure(failed("ECONNREFUSED"), { ...unsent, proxy: "proxy.example:3128" }).reason).toBe(
      "refused the connection (through the proxy proxy.example:3128)",
    );
  });

  it("of several addresses the first counts", () => {
    const all = new AggregateError([failed("ENETUNREACH"), failed("ECONNREFUSED")]);
    expect(describeFailure(all, unsent).reason).toBe("cannot be reached from this machine");
  });

  it.each([
    [new Error("token=canary-1")],
    [failed(undefined, { code: 7 })],
    ["canary"],
    [new AggregateError([])],
  ])("words without a code stay out: %#", (error) => {
    const failure = describeFailure(error, unsent);
    expect(failure).toMatchObject({ kind: "unsent", reason: "did not accept a connection" });
    expect(failure.cause.message).toBe("the connection failed");
    expect(failure.cause).not.toHaveProperty("code");
  });

  it("what Node says is kept without what it may repeat", () => {
    const error = Object.assign(new Error("write to https://example.com/?token=canary-12345"), {
      code: "ECONNREFUSED",
    });
    expect(describeFailure(error, unsent).cause.message).not.toContain("canary");
  });
});

describe("what comes after something was sent", () => {
  it.each<[string, Error, string, boolean, string]>([
    ["a reset", failed("ECONNRESET"), "lost", true, "ended the connection before its answer was complete"],
    [
      "an end within the answer",
      failed("HPE_INVALID_EOF_STATE"),
      "lost",
      true,
      "ended the connection before its answer was complete",
    ],
    [
      "no code at all",
      failed(undefined),
      "lost",
      true,
      "ended the connection before its answer was complete",
    ],
    [
      "a refusal in the middle of reading",
      failed("EHOSTUNREACH", { syscall: "read" }),
      "lost",
      true,
      "ended the connection before its answer was complete",
    ],
    [
      "the same while writing",
      failed("ENETDOWN", { syscall: "write" }),
      "lost",
      true,
      "ended the connection before its answer was complete",
    ],
    ["a time-out", failed("ETIMEDOUT"), "timeout", true, "gave no answer in time"],
    ["too much", failed(OVERSIZED), "oversized", false, "gave an answer that is too large"],
    [
      "too much when unpacked",
      failed("ERR_BUFFER_TOO_LARGE"),
      "oversized",
      false,
      "gave an answer that is too large",
    ],
    ["no HTTP", failed("HPE_INVALID_CONSTANT"), "garbled", false, "gave an answer that is not valid HTTP"],
    ["an unknown encoding", failed(UNREADABLE), "garbled", false, "gave an answer that is not valid HTTP"],
    ["wrong gzip", failed("Z_DATA_ERROR"), "garbled", false, "gave an answer that is not valid HTTP"],
    [
      "wrong brotli",
      failed("ERR__ERROR_FORMAT_PADDING_1"),
      "garbled",
      false,
      "gave an answer that is not valid HTTP",
    ],
    [
      "TLS trouble later on",
      failed("EPROTO"),
      "lost",
      true,
      "ended the connection before its answer was complete",
    ],
  ])("%s", (_, error, kind, transient, reason) => {
    expect(describeFailure(error, sent)).toMatchObject({ kind, transient, reason });
  });

  it("a certificate stays a certificate", () => {
    expect(describeFailure(failed("CERT_HAS_EXPIRED"), sent)).toMatchObject({
      kind: "unsent",
      transient: false,
    });
  });

  it.each([
    ["sent", sent, "timeout", "gave no answer in time"],
    ["unsent", unsent, "unsent", "did not accept a connection"],
  ] as const)("when our own time is up, what was %s counts", (_, context, kind, reason) => {
    const failure = describeFailure(failed("ECONNRESET"), { ...context, expired: true });
    expect(failure).toMatchObject({ kind, transient: true, reason });
    expect(failure.cause).toMatchObject({ code: "ETIMEDOUT", message: "the time is up" });
  });
});
