import { PROXY_REFUSED } from "./agents.js";
import { OVERSIZED, UNREADABLE } from "./content-encoding.js";
import { redactText } from "./redaction.js";

/** Why a try brought no answer. */
export interface TransportFailure {
  /**
   * - `unsent`: the vendor never got the request
   * - `lost`: it may have, and the connection ended before the answer was complete
   * - `timeout`: it may have, and said nothing for too long
   * - `oversized`: it answered more than we read
   * - `garbled`: it answered something that is not HTTP, or not compressed as it says
   */
  readonly kind: "unsent" | "lost" | "timeout" | "oversized" | "garbled";
  /** Whether trying again soon makes sense. */
  readonly transient: boolean;
  /** What happened, to follow the host's name: `refused the connection`. */
  readonly reason: string;
  readonly advice?: string;
  /** Free of headers, bodies and queries, unlike the error that was raised. */
  readonly cause: Error;
}

/** What is known about a failed try beside its error. */
export interface FailureContext {
  /** Whether the vendor may have got something: a connection stood, TLS included. */
  readonly sent: boolean;
  /** Whether we ended the try because its time was up. */
  readonly expired: boolean;
  /** The host of the proxy on the way. */
  readonly proxy?: string | undefined;
}

type Unsent = Pick<TransportFailure, "transient" | "reason" | "advice">;

const untrusted = (reason: string): Unsent => ({
  transient: false,
  reason,
  advice:
    "Check the host name and this machine's clock. Behind a proxy that issues its own certificates, name its " +
    "certificate authority in NODE_EXTRA_CA_CERTS.",
});

const unreachable: Unsent = {
  transient: true,
  reason: "cannot be reached from this machine",
  advice: "Check this machine's network and firewall.",
};

/** Errors that come before anything is sent. Node's names: https://nodejs.org/docs/latest-v20.x/api/errors.html */
const unsentByCode: Readonly<Record<string, Unsent>> = {
  ECONNREFUSED: {
    transient: true,
    reason: "refused the connection",
    advice: "Check the host and port in the base URL, and that the service runs.",
  },
  ENOTFOUND: {
    transient: false,
    reason: "is not a known host name",
    advice: "Check the host name in the base URL, and this machine's DNS.",
  },
  EAI_AGAIN: {
    transient: true,
    reason: "could not be looked up: DNS did not answer",
    advice: "Check this machine's network and DNS.",
  },
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  EHOSTDOWN: unreachable,
  [PROXY_REFUSED]: {
    transient: false,
    reason: "is out of reach: the proxy refused to connect to it",
    advice:
      "Check the proxy in HTTPS_PROXY or HTTP_PROXY, and what it allows; except the host with NO_PROXY.",
  },
  CERT_HAS_EXPIRED: untrusted("presented a certificate that has expired"),
  CERT_NOT_YET_VALID: untrusted("presented a certificate that is not yet valid"),
  CERT_REVOKED: untrusted("presented a certificate that has been revoked"),
  CERT_UNTRUSTED: untrusted("presented a certificate that is not trusted"),
  CERT_REJECTED: untrusted("presented a certificate that is not trusted"),
  CERT_SIGNATURE_FAILURE: untrusted("presented a certificate with a wrong signature"),
  CERT_CHAIN_TOO_LONG: untrusted("presented a certificate that is not trusted"),
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted("presented a self-signed certificate"),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted("presented a certificate from an unknown authority"),
  UNABLE_TO_GET_ISSUER_CERT: untrusted("presented a certificate from an unknown authority"),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted("presented a certificate from an unknown authority"),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted("presented a certificate from an unknown authority"),
  INVALID_CA: untrusted("presented a certificate from an unknown authority"),
  INVALID_PURPOSE: untrusted("presented a certificate that is not meant for servers"),
  HOSTNAME_MISMATCH: untrusted("presented a certificate for another host"),
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted("presented a certificate for another host"),
};

const noTls: Unsent = {
  transient: false,
  reason: "did not complete the TLS handshake",
  advice: "Check the scheme and port in the base URL.",
};

const notConnected: Unsent = { transient: true, reason: "did not accept a connection" };

interface Symptoms {
  readonly code: string | undefined;
  readonly message: string;
  readonly syscall: unknown;
}

const outOfTime: Symptoms = { code: "ETIMEDOUT", message: "the time is up", syscall: undefined };

const symptomsOf = (error: unknown): Symptoms => {
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error;
  if (!(inner instanceof Error))
    return { code: undefined, message: "no reason is known", syscall: undefined };
  const code = "code" in inner && typeof inner.code === "string" ? inner.code : undefined;
  return { code, message: inner.message, syscall: "syscall" in inner ? inner.syscall : undefined };
};

/** Messages without a code come from who knows where: their words stay out. */
const cleanCause = ({ code, message }: Symptoms): Error =>
  code === undefined
    ? new Error("the connection failed")
    : Object.assign(new Error(redactText(message)), { code });

const unsentFor = ({ code = "", syscall }: Symptoms, { sent }: FailureContext): Unsent | undefined => {
  const known = syscall === "read" || syscall === "write" ? undefined : unsentByCode[code];
  if (known !== undefined || sent) return known;
  return code === "EPROTO" || code.startsWith("ERR_SSL_") ? noTls : notConnected;
};

const oversizedCodes = [OVERSIZED, "ERR_BUFFER_TOO_LARGE"];
const unreadableCodes = [UNREADABLE, "Z_DATA_ERROR"];
/** Brotli has a code for each thing that can be wrong. */
const brotliCodes = "ERR__ERROR_FORMAT_";

/** Node's HTTP parser and decompression complain; an answer that only ends too early is not meant. */
const isGarbled = ({ code = "" }: Symptoms) =>
  (code.startsWith("HPE_") && code !== "HPE_INVALID_EOF_STATE") ||
  unreadableCodes.includes(code) ||
  code.startsWith(brotliCodes);

/** Sorts what went wrong by the only question that matters: can the vendor have acted? */
export const describeFailure = (error: unknown, context: FailureContext): TransportFailure => {
  const symptoms = context.expired ? outOfTime : symptomsOf(error);
  const cause = cleanCause(symptoms);
  const unsent = unsentFor(symptoms, context);
  if (unsent !== undefined) {
    const way = context.proxy === undefined ? "" : ` (through the proxy ${context.proxy})`;
    return { kind: "unsent", ...unsent, reason: unsent.reason + way, cause };
  }
  if (symptoms.code === "ETIMEDOUT") {
    return { kind: "timeout", transient: true, reason: "gave no answer in time", cause };
  }
  if (oversizedCodes.includes(symptoms.code ?? "")) {
    return { kind: "oversized", transient: false, reason: "gave an answer that is too large", cause };
  }
  if (isGarbled(symptoms)) {
    return { kind: "garbled", transient: false, reason: "gave an answer that is not valid HTTP", cause };
  }
  return {
    kind: "lost",
    transient: true,
    reason: "ended the connection before its answer was complete",
    cause,
  };
};
