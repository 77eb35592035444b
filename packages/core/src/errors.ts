import * as z from "zod";
import type { IsoDuration } from "./duration.js";

/**
 * Every way an enrollment can go wrong. The set is closed: an app may switch over it.
 *
 * | code | what happened | what to do |
 * | --- | --- | --- |
 * | `invalid-request` | a field is missing or malformed; nothing was sent | correct the field at `path` |
 * | `invalid-config` | settings are wrong | correct the config at `path` |
 * | `unsupported` | the vendor cannot do what was asked | drop the wish, choose another provider, or pass `onUnsupported: "warn"` |
 * | `unauthenticated` | the vendor does not know the credentials | renew them |
 * | `forbidden` | known, but not allowed | grant the permission that the message names |
 * | `not-found` | the thing that was named does not exist there | check the id |
 * | `failed-precondition` | something must be set up first | do what the message says |
 * | `already-enrolled` | the device has been enrolled | nothing, or remove the device first |
 * | `quota-exceeded` | a limit that waiting does not lift | ask the vendor for more |
 * | `plan-required` | the customer's plan lacks the feature | upgrade, or do without |
 * | `rate-limited` | too many calls in too short a time | wait `retryAfter` |
 * | `unavailable` | the vendor is out of order or cannot be reached; nothing was done | try again later |
 * | `timeout` | no answer in time to a call that changes nothing | try again |
 * | `outcome-unknown` | a write was sent and its answer was lost | reconcile; never just repeat it |
 * | `protocol` | the vendor answered something that its documentation does not allow | report it |
 * | `unknown` | the vendor gave an error nobody has mapped | read `vendorCode` and `vendorMessage` |
 */
export const enrollmentErrorCodes = [
  "invalid-request",
  "invalid-config",
  "unsupported",
  "unauthenticated",
  "forbidden",
  "not-found",
  "failed-precondition",
  "already-enrolled",
  "quota-exceeded",
  "plan-required",
  "rate-limited",
  "unavailable",
  "timeout",
  "outcome-unknown",
  "protocol",
  "unknown",
] as const;

/** One of {@link enrollmentErrorCodes}. */
export type EnrollmentErrorCode = (typeof enrollmentErrorCodes)[number];

/** What an {@link EnrollmentError} knows beside its message. Nothing in it is ever a secret or an e-mail address. */
export interface EnrollmentErrorDetails {
  readonly code: EnrollmentErrorCode;
  /** The provider's name in the config. */
  readonly provider?: string;
  /** Whether the same call may succeed later. Default: true for `rate-limited`, `unavailable` and `timeout`. */
  readonly retryable?: boolean;
  /** How long the vendor asks to wait. */
  readonly retryAfter?: IsoDuration;
  /** The field at fault: `validFor`, `requests[17].device.name`, `providers.phones.enterprise`. */
  readonly path?: string;
  /** What to change, in one sentence, for the person who can change it. */
  readonly advice?: string;
  readonly httpStatus?: number;
  /** The vendor's own code, as it sent it. */
  readonly vendorCode?: string | number;
  /** The vendor's own words, with e-mail addresses and secrets taken out. */
  readonly vendorMessage?: string;
  /** The vendor's id of the failed call, for its support. */
  readonly requestId?: string;
  readonly cause?: unknown;
}

/** The page about every code, in this package. When the project has a site, its address goes here, and only here. */
const helpPage = "@enrollkit/core/errors.md";

const brand = Symbol.for("@enrollkit/core/EnrollmentError");
const retryableCodes: ReadonlySet<EnrollmentErrorCode> = new Set(["rate-limited", "unavailable", "timeout"]);

/** Where an error's `path` lies within something larger: ("requests[17]", "device.name") → "requests[17].device.name". */
const joinPath = (parent: string, child: string | undefined) =>
  child === undefined || child === ""
    ? parent
    : child.startsWith("[")
      ? parent + child
      : `${parent}.${child}`;

interface CauseSummary {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
}

const summarize = (cause: unknown): CauseSummary | undefined => {
  if (!(cause instanceof Error)) return undefined;
  const code: unknown = "code" in cause ? cause.code : undefined;
  return { name: cause.name, message: cause.message, ...(typeof code === "string" && { code }) };
};

/**
 * The one error that every provider throws. It tells what happened by `code`, and keeps the vendor's own reason.
 * An aborted call is no EnrollmentError: it rejects with the reason of the AbortSignal, untouched.
 */
export class EnrollmentError extends Error implements EnrollmentErrorDetails {
  override readonly name = "EnrollmentError";
  readonly code: EnrollmentErrorCode;
  declare readonly provider?: string;
  readonly retryable: boolean;
  declare readonly retryAfter?: IsoDuration;
  declare readonly path?: string;
  declare readonly advice?: string;
  declare readonly httpStatus?: number;
  declare readonly vendorCode?: string | number;
  declare readonly vendorMessage?: string;
  declare readonly requestId?: string;

  constructor(message: string, details: EnrollmentErrorDetails) {
    const { code, retryable, cause, ...rest } = details;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.retryable = retryable ?? retryableCodes.has(code);
    for (const [key, value] of Object.entries<unknown>(rest)) {
      if (value !== undefined) Object.defineProperty(this, key, { value, enumerable: true });
    }
    Object.defineProperty(this, brand, { value: true });
  }

  /**
   * Where this code is explained: what it means, what mostly causes it, what to do. A file of this package and a heading
   * in it: `@enrollkit/core/errors.md#rate-limited`.
   */
  get help(): string {
    return `${helpPage}#${this.code}`;
  }

  /** Whether a value is an EnrollmentError, also one thrown by another installed copy of this package. */
  static is(value: unknown): value is EnrollmentError {
    return typeof value === "object" && value !== null && brand in value;
  }

  /** The same error with some details, or its message, changed. */
  with({
    message = this.message,
    ...details
  }: Partial<EnrollmentErrorDetails> & { readonly message?: string }): EnrollmentError {
    const { code, retryable, provider, retryAfter, path, advice, httpStatus } = this;
    const { vendorCode, vendorMessage, requestId, cause } = this;
    const known = { provider, retryAfter, path, advice, httpStatus, vendorCode, vendorMessage, requestId };
    const present = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
    return new EnrollmentError(message, { code, retryable, cause, ...present, ...details });
  }

  /** The same error, its path placed within a larger input: `requests[17]`. */
  within(parent: string): EnrollmentError {
    return this.with({ path: joinPath(parent, this.path) });
  }

  /** Plain data without the stack. {@link enrollmentErrorSchema} reads it back. */
  toJSON(): Record<string, unknown> {
    const cause = summarize(this.cause);
    return {
      name: this.name,
      message: this.message,
      ...Object.fromEntries(Object.entries(this)),
      ...(cause && { cause }),
    };
  }
}

/**
 * Whether a question that failed so may be answered when it is asked again: the vendor was out of order, busy, or its
 * answer was lost or spoilt on the way. Only for calls that change nothing.
 */
export const mayAnswerLater = ({ retryable, code }: EnrollmentError): boolean =>
  retryable || code === "protocol" || code === "outcome-unknown";

/** What a provider threw, as it is, or wrapped if its adapter did not foresee it. */
export const toEnrollmentError = (error: unknown, provider: string): EnrollmentError =>
  EnrollmentError.is(error)
    ? error
    : new EnrollmentError("the provider failed in a way that its adapter did not foresee", {
        code: "unknown",
        provider,
        cause: error,
      });

/** Reads an {@link EnrollmentError} back from its JSON. */
export const enrollmentErrorSchema = z
  .object({
    message: z.string(),
    code: z.enum(enrollmentErrorCodes),
    retryable: z.boolean(),
    provider: z.string().optional(),
    retryAfter: z.templateLiteral(["P", z.string()]).optional(),
    path: z.string().optional(),
    advice: z.string().optional(),
    httpStatus: z.int().optional(),
    vendorCode: z.union([z.string(), z.number()]).optional(),
    vendorMessage: z.string().optional(),
    requestId: z.string().optional(),
    cause: z.object({ name: z.string(), message: z.string(), code: z.string().optional() }).optional(),
  })
  .transform(({ message, cause, ...details }) => {
    const present = Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
    const reason = cause && Object.assign(new Error(cause.message), cause);
    return new EnrollmentError(message, { ...(present as { code: EnrollmentErrorCode }), cause: reason });
  });
