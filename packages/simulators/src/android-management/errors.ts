/** A field that the vendor names in a `google.rpc.BadRequest` detail. */
export interface FieldViolation {
  readonly field: string;
  readonly description: string;
}

interface ErrorInfo {
  readonly reason: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Canonical code names with the HTTP status each has, as far as this API is known to answer them. */
const httpStatus = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
} as const;
type CanonicalCode = keyof typeof httpStatus;

/** The `errors[].reason` of the older error format, which `$.xgafv=1` asks for. */
const legacyReason: Readonly<Record<CanonicalCode, string>> = {
  INVALID_ARGUMENT: "badRequest",
  FAILED_PRECONDITION: "failedPrecondition",
  UNAUTHENTICATED: "authError",
  PERMISSION_DENIED: "forbidden",
  NOT_FOUND: "notFound",
  RESOURCE_EXHAUSTED: "rateLimitExceeded",
};

export const service = "androidmanagement.googleapis.com";

const errorInfo = ({ reason, metadata = {} }: ErrorInfo) => ({
  "@type": "type.googleapis.com/google.rpc.ErrorInfo",
  reason,
  domain: "googleapis.com",
  metadata: { service, ...metadata },
});

/** A refusal on its way to the caller. */
export class ApiError extends Error {
  readonly code: CanonicalCode;
  readonly details: readonly object[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: CanonicalCode,
    message: string,
    details: readonly object[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.details = details;
    this.headers = headers;
  }

  get status(): (typeof httpStatus)[CanonicalCode] {
    return httpStatus[this.code];
  }

  /** The body in Google's error shape: https://google.aip.dev/193 */
  body({ legacy }: { readonly legacy: boolean }): object {
    const { code, message, details, status } = this;
    return {
      error: {
        code: status,
        message,
        ...(legacy && { errors: [{ message, domain: "global", reason: legacyReason[code] }] }),
        status: code,
        ...(details.length > 0 && { details }),
      },
    };
  }
}

/** One line per violation, and each once more in the details. */
export const invalidFields = (violations: readonly FieldViolation[]): ApiError =>
  new ApiError("INVALID_ARGUMENT", violations.map(({ description }) => description).join("\n"), [
    { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations: violations },
  ]);

/** A check made behind the front end: free text, no details. */
export const invalidArgument = (message: string): ApiError => new ApiError("INVALID_ARGUMENT", message);

export const failedPrecondition = (message: string): ApiError => new ApiError("FAILED_PRECONDITION", message);

export const notFound = (): ApiError => new ApiError("NOT_FOUND", "Requested entity was not found.");

/** The vendor's own authorisation refusals come without details. */
export const notAuthorized = (to: "project" | "enterprise"): ApiError =>
  new ApiError("PERMISSION_DENIED", `Caller is not authorized to manage ${to}.`);

export const accessRefused = (message: string, info: ErrorInfo): ApiError =>
  new ApiError("PERMISSION_DENIED", message, [errorInfo(info)]);

export const unauthenticated = (
  message: string,
  reason: "CREDENTIALS_MISSING" | "ACCESS_TOKEN_EXPIRED" | "ACCESS_TOKEN_TYPE_UNSUPPORTED",
): ApiError =>
  new ApiError("UNAUTHENTICATED", message, [errorInfo({ reason })], {
    "WWW-Authenticate": 'Bearer realm="https://accounts.google.com/"',
  });

/** `Retry-After` is not documented for this API; `retryAfterSeconds` adds it for those who want to see it handled. */
export const quotaExceeded = (
  projectNumber: string,
  limit: number,
  retryAfterSeconds: number | undefined,
): ApiError =>
  new ApiError(
    "RESOURCE_EXHAUSTED",
    `Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service '${service}' ` +
      `for consumer 'project_number:${projectNumber}'.`,
    [
      errorInfo({
        reason: "RATE_LIMIT_EXCEEDED",
        metadata: {
          consumer: `projects/${projectNumber}`,
          quota_metric: "Requests",
          quota_limit: "Requests per minute",
          quota_limit_value: String(limit),
        },
      }),
    ],
    retryAfterSeconds === undefined ? {} : { "Retry-After": String(retryAfterSeconds) },
  );
