import { EnrollmentError, type EnrollmentErrorCode } from "@enrollkit/core";
import { exitCodes, writeLine, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";

/** A mistake on the command line or in a file, told in the person's own terms. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly advice: string | undefined;

  constructor(message: string, advice?: string) {
    super(message);
    this.advice = advice;
  }
}

/** What to do about an error whose adapter gives no advice of its own. */
export const adviceFor: Readonly<Record<EnrollmentErrorCode, string>> = {
  "invalid-request": "correct the field that is named and try again",
  "invalid-config": "correct the config; `enrollkit schema` prints what it may hold",
  unsupported: "drop that wish, or send the row to another provider; `enrollkit capabilities` compares them",
  unauthenticated: "renew the credentials that the config refers to",
  forbidden: "give the API user the permission it lacks, in the vendor's console",
  "not-found": "check the id or name, and that it belongs to this account",
  "failed-precondition": "do what the message says, then try again",
  "already-enrolled": "remove the device in the vendor's console first if it is to enroll again",
  "quota-exceeded": "ask the vendor for a higher limit",
  "plan-required": "ask the vendor for a plan that includes the feature",
  "rate-limited": "wait a little and try again",
  unavailable: "check the network and the vendor's status page, and try again",
  timeout: "try again; if it stays slow, look at the vendor's status page",
  "outcome-unknown": "look in the vendor's console whether it was done, before sending it again",
  protocol: "report it to EnrollKit, with the request id",
  unknown: "look up the vendor's code and message in its documentation",
};

const usageCodes: ReadonlySet<EnrollmentErrorCode> = new Set([
  "invalid-request",
  "invalid-config",
  "unsupported",
]);

const isNodeError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && "code" in error && typeof error.code === "string" && !EnrollmentError.is(error);

const fileReasons: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ["does not exist", "check the path"],
  EACCES: ["may not be opened by this user", "change its permissions, or name another"],
  EISDIR: ["is a folder", "name a file in it"],
  ENOSPC: [
    "could not be written: the disk is full",
    "make room; the rows already done are in the output file",
  ],
  EROFS: ["could not be written: the file system is read-only", "name an output in another folder"],
};

interface Explanation {
  readonly what: string;
  readonly advice: string | undefined;
  readonly exitCode: ExitCode;
}

const explain = (error: unknown): Explanation => {
  if (error instanceof UsageError)
    return { what: error.message, advice: error.advice, exitCode: exitCodes.usage };
  if (EnrollmentError.is(error)) {
    const { code, provider, requestId } = error;
    const where = provider === undefined || error.message.includes(provider) ? "" : `${provider}: `;
    const reference = requestId === undefined ? "" : ` (request id ${requestId})`;
    return {
      what: `${where}${error.message}${reference}`,
      advice: error.advice ?? adviceFor[code],
      exitCode: usageCodes.has(code) ? exitCodes.usage : exitCodes.vendor,
    };
  }
  if (isNodeError(error)) {
    const [reason, advice] = fileReasons[error.code ?? ""] ?? [
      `failed (${error.code ?? "unknown"})`,
      undefined,
    ];
    return { what: `${error.path ?? "a file"} ${reason}`, advice, exitCode: exitCodes.usage };
  }
  return {
    what: "EnrollKit met an error that it did not expect",
    advice: "run it again with --debug, and report what it prints",
    exitCode: exitCodes.vendor,
  };
};

/** Tells a person what went wrong, a line what and a line what to do. The stack comes only with `--debug`. */
export const reportFailure = (
  { stderr }: Terminal,
  error: unknown,
  { json, debug }: Partial<GlobalOptions> = {},
): ExitCode => {
  const { what, advice, exitCode } = explain(error);
  if (json) {
    const data = EnrollmentError.is(error) ? error : { message: what };
    writeLine(stderr, JSON.stringify({ error: data, ...(advice !== undefined && { advice }) }, undefined, 2));
  } else {
    writeLine(stderr, `error: ${what}`);
    if (advice !== undefined) writeLine(stderr, `  → ${advice}`);
  }
  if (debug && error instanceof Error) writeLine(stderr, error.stack ?? String(error));
  return exitCode;
};

/** What a failed row is told: the reason and what to change. */
export const explainRow = (error: EnrollmentError): string =>
  `${error.message}; ${error.advice ?? adviceFor[error.code]}`;
