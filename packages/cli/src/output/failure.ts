import { createRequire } from "node:module";
import { EnrollmentError, type EnrollmentErrorCode } from "@enrollkit/core";
import { exitCodes, writeLine, type ExitCode, type GlobalOptions, type Terminal } from "../terminal.js";
import { withoutAddresses, withoutControls } from "./plain-text.js";
import { UsageError } from "./usage-error.js";

/** What to do about an error whose adapter gives no advice of its own. */
export const adviceFor: Readonly<Record<EnrollmentErrorCode, string>> = {
  "invalid-request": "correct the field that is named and try again",
  "invalid-config": "correct the config; `enrollkit schema` prints what it may hold",
  unsupported: "drop that wish, or choose another provider; `enrollkit capabilities` compares them",
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
  ENOTDIR: ["is not possible: a part of that path is a file", "check the path"],
  ENOSPC: [
    "could not be written: the disk is full",
    "make room; the rows already done are in the output file",
  ],
  EROFS: ["could not be written: the file system is read-only", "name an output in another folder"],
};

/** What to change about an error, in one sentence. */
export const adviceOn = (error: EnrollmentError): string => error.advice ?? adviceFor[error.code];

const { resolve } = createRequire(import.meta.url);

/** The file on this machine that an error points to, and the heading in it; or its address, once that is one. */
export const helpOn = ({ help }: EnrollmentError): string => {
  if (URL.canParse(help)) return help;
  const [file = "", heading = ""] = help.split("#");
  return `${resolve(file)}#${heading}`;
};

interface Explanation {
  readonly what: string;
  readonly advice: string | undefined;
  /** Where more is told about it. */
  readonly help?: string;
  readonly exitCode: ExitCode;
}

const explainEnrollmentError = (error: EnrollmentError): Explanation => {
  const { code, provider, requestId, message } = error;
  const where = provider === undefined || message.includes(provider) ? "" : `${provider}: `;
  const reference = requestId === undefined ? "" : ` (request id ${requestId})`;
  return {
    what: `${where}${message}${reference}`,
    advice: adviceOn(error),
    help: helpOn(error),
    exitCode: usageCodes.has(code) ? exitCodes.usage : exitCodes.vendor,
  };
};

const explain = (error: unknown): Explanation => {
  if (error instanceof UsageError) {
    return { what: error.message, advice: error.advice, exitCode: exitCodes.usage };
  }
  if (EnrollmentError.is(error)) return explainEnrollmentError(error);
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

const stopped: Explanation = {
  what: "stopped by Ctrl+C",
  advice: undefined,
  exitCode: exitCodes.stopped,
};

const presentable = (text: string) => withoutAddresses(withoutControls(text));

/** The stack of an error, and of what caused it; nothing else of either, for they may hold what was sent. */
const stacksOf = (error: unknown): readonly string[] =>
  error instanceof Error ? [error.stack ?? error.message, ...stacksOf(error.cause)] : [];

/** Tells a person what went wrong, a line what, a line what to do, and where more is told. The stack comes only with `--debug`. */
export const reportFailure = (
  { stderr, signal }: Terminal,
  error: unknown,
  { json, debug }: Partial<GlobalOptions> = {},
): ExitCode => {
  const isStopped = signal?.aborted === true;
  const { what, advice, help, exitCode } = isStopped ? stopped : explain(error);
  if (json) {
    const data = EnrollmentError.is(error) && !isStopped ? error : { message: what };
    const whole = {
      error: data,
      ...(advice !== undefined && { advice }),
      ...(help !== undefined && { help }),
    };
    const text = (_: string, value: unknown) => (typeof value === "string" ? presentable(value) : value);
    writeLine(stderr, JSON.stringify(whole, text, 2));
  } else {
    writeLine(stderr, presentable(`error: ${what}`));
    if (advice !== undefined) writeLine(stderr, presentable(`  → ${advice}`));
    if (help !== undefined) writeLine(stderr, presentable(`  more: ${help}`));
  }
  if (debug) writeLine(stderr, presentable(stacksOf(error).join("\ncaused by: ")));
  return exitCode;
};

/** What is wrong with a row and what to change, in one line. */
export const explainRow = (error: EnrollmentError): string =>
  presentable(`${error.message}; ${adviceOn(error)}`).replaceAll("\n", " ");
